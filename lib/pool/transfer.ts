/**
 * The caller has given its buffers away: they are empty from here on. One that is so already is left as it is.
 * @throws {DOMException} for one that must not be given away, where the runtime tells
 */
export function detach(buffers: readonly ArrayBuffer[]): void {
  const transfer = [...new Set(buffers)].filter(({ byteLength }) => byteLength > 0);
  structuredClone(undefined, { transfer });
}
