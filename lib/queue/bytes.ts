import { types } from 'node:util';
import { requireInteger, shown } from '../base/validate.js';

/** What can be sent as bytes. */
export type Bytes = ArrayBufferView | ArrayBufferLike;

/**
 * A part of a buffer, as bytes that fill their memory: else a view would travel with all of it.
 * @throws {TypeError | RangeError} for bad arguments, by name
 */
export function copyOfBytes(bytes: Bytes, offset = 0, size?: number): Uint8Array {
  const whole = viewOf(bytes);
  requireInteger('offset', offset, 0, whole.length);
  const most = whole.length - offset;
  const length = size === undefined ? most : requireInteger('size', size, 0, most);
  const { buffer } = whole;
  const isAll = length === buffer.byteLength && !types.isSharedArrayBuffer(buffer);
  const part = isAll ? whole : new Uint8Array(whole.subarray(offset, offset + length));
  return Buffer.isBuffer(bytes) ? Buffer.from(part.buffer as ArrayBuffer) : part;
}

function viewOf(bytes: Bytes): Uint8Array {
  if (ArrayBuffer.isView(bytes)) return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (types.isAnyArrayBuffer(bytes)) return new Uint8Array(bytes);
  throw new TypeError(`bytes must be a buffer or a view on one, got ${shown(bytes)}`);
}
