/**
 * Where headers are read from: those of a Request, those of a Node request, or any object
 * whose names are spelt in capitals or not.
 * @typedef {Headers | Record<string, string | string[] | undefined>} HeaderSource
 */
/**
 * The value of a header, whose name is in lower case.
 * @param {HeaderSource} headers
 * @param {string} name
 * @returns {string | undefined}
 */
export function header(headers: HeaderSource, name: string): string | undefined;
/**
 * Where headers are read from: those of a Request, those of a Node request, or any object
 * whose names are spelt in capitals or not.
 */
export type HeaderSource = Headers | Record<string, string | string[] | undefined>;
