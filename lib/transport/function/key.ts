/** A short name for a text, by its content: two 32-bit lanes of a multiplicative hash, and the length. */
export function keyOf(...texts: string[]): string {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  let length = 0;
  for (const text of texts) {
    for (let at = 0; at < text.length; at++) {
      const unit = text.charCodeAt(at);
      high = Math.imul(high ^ unit, 2654435761);
      low = Math.imul(low ^ unit, 1597334677);
    }
    // Keeps ['ab', 'c'] apart from ['a', 'bc']
    high = Math.imul(high ^ 0x10000, 2654435761);
    length += text.length;
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return `${(high >>> 0).toString(36)}-${(low >>> 0).toString(36)}-${length.toString(36)}`;
}
