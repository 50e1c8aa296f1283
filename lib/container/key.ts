import { shown } from '../base/validate.js';
import { EXCHANGE } from '../binding/agent.js';
import { agent, exchange } from '../heap/program.js';
import { bytesOf, received } from '../transport/shared-value.js';
import { Output } from '../transport/value/output.js';
import { writeScalar } from '../transport/value/scalars.js';

/**
 * Keys of dicts are messages of the codec: two keys are the same when their bytes are.
 *
 * An object is encoded before the value that goes with it, and kept: encoding may run code of the user's, which may use
 * the same memory. A primitive is written at the last moment, right where the native side reads it.
 */
let output: Output | undefined;

/** The bytes of a key that is an object; undefined for a primitive. @throws {SerializationError} when it cannot be copied */
export function objectKey(key: unknown): Uint8Array | undefined {
  return (typeof key === 'object' && key !== null) || typeof key === 'function' || typeof key === 'symbol'
    ? bytesOf(key, 'key')
    : undefined;
}

/**
 * Puts a key where the native operation that follows at once looks for it.
 * @param bytes what {@link objectKey} gave
 * @returns its length
 * @throws {RangeError} when it is too long
 */
export function placeKey(key: unknown, bytes: Uint8Array | undefined): number {
  if (bytes !== undefined) {
    requireShort(key, bytes.length);
    exchange.key.set(bytes);
    return bytes.length;
  }
  output ??= new Output(exchange.key);
  writeScalar(output, typeof key === 'number' ? plain(key) : key);
  requireShort(key, output.position);
  return output.position;
}

/** One zero, and one pattern of bits for NaN. */
function plain(key: number): number {
  if (key === 0) return 0;
  return Number.isNaN(key) ? NaN : key;
}

function requireShort(key: unknown, length: number): void {
  if (length <= EXCHANGE.keyBytes) return;
  throw new RangeError(`key must take at most ${EXCHANGE.keyBytes} bytes, got ${length} for ${shown(key)}`);
}

/** A key of the snapshot that was taken last. */
export function keyAt(index: number): unknown {
  agent.snapshotKey(index);
  exchange.control[2] = 0; // it names no objects
  return received(false);
}
