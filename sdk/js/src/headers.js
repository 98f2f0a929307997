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
export function header(headers, name) {
  if (typeof headers.get === "function") return headers.get(name) ?? undefined;
  const entries = Object.entries(headers);
  const value = entries.find(([spelt]) => spelt.toLowerCase() === name)?.[1];
  return typeof value === "string" ? value : undefined;
}
