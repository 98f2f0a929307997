/** @typedef {{status: number, body: string, headers: Record<string, string>}} Answer */
/**
 * @param {number} status
 * @param {string} [body]
 * @param {Record<string, string>} [headers]
 * @returns {Answer}
 */
export function answer(status: number, body?: string, headers?: Record<string, string>): Answer;
export type Answer = {
    status: number;
    body: string;
    headers: Record<string, string>;
};
