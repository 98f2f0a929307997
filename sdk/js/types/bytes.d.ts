/**
 * @param {Uint8Array[]} chunks
 * @param {number} size
 */
export function concatenated(chunks: Uint8Array[], size: number): Uint8Array<ArrayBuffer>;
