/** @typedef {{status: number, body: string, headers: Record<string, string>}} Answer */

/**
 * @param {number} status
 * @param {string} [body]
 * @param {Record<string, string>} [headers]
 * @returns {Answer}
 */
export function answer(status, body = "", headers = {}) {
  if (body !== "") headers = { "content-type": "text/plain; charset=utf-8", "x-content-type-options": "nosniff", ...headers };
  return { status, body, headers };
}
