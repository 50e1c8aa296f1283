import { RECORD_PAYLOAD_BYTES } from './pool-memory.js';

/** Can the string travel without the codec: short, and every character in one byte? */
export function isShortLatin1(value: string): boolean {
  if (value.length > RECORD_PAYLOAD_BYTES) return false;
  for (let i = 0; i < value.length; i++) if (value.charCodeAt(i) > 0xff) return false;
  return true;
}
