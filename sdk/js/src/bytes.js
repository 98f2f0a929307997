/**
 * @param {Uint8Array[]} chunks
 * @param {number} size
 */
export function concatenated(chunks, size) {
  const all = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}
