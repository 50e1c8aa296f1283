import { native } from '../binding/native.js';
import { ProcessError } from '../base/errors.js';
import { newSegment } from '../heap/segment.js';
import type { Encoded } from '../transport/value/codec.js';

/**
 * An encoded value as it lies in shared memory, at a multiple of 8:
 *
 *     u32 blobs, u32 length of the head, blobs × { u32 segment, u32 0, f64 bytes }, head
 *
 * A blob is a large buffer in a segment of its own, which the receiver adopts as it is: one copy in all.
 */
const PREFIX = 8;
const BLOB = 16;

export function messageLength(encoded: Encoded): number {
  return PREFIX + encoded.blobs.length * BLOB + encoded.head.length;
}

/**
 * Copies bytes into a new segment; gives its number, which has one holder: whoever receives it.
 * @param shared for another process
 */
function segmentOf(bytes: Uint8Array | ArrayBuffer, shared: boolean): number {
  const id = newSegment(bytes.byteLength, true, shared);
  native.fillSegment(id, bytes);
  return id;
}

/** Gives segments back that were made for a message which does not go. */
export function releaseSegments(segments: readonly number[]): void {
  for (const segment of segments) native.releaseSegment(segment);
}

/** Byte by byte: making a DataView takes longer than the rest of a small message. */
function setUint32(target: Uint8Array, at: number, value: number): void {
  target[at] = value;
  target[at + 1] = value >>> 8;
  target[at + 2] = value >>> 16;
  target[at + 3] = value >>> 24;
}

function getUint32(source: Uint8Array, at: number): number {
  return (source[at]! | (source[at + 1]! << 8) | (source[at + 2]! << 16) | (source[at + 3]! << 24)) >>> 0;
}

const NO_SEGMENTS: readonly number[] = [];

/**
 * Writes a message at `offset` of `target`; gives the segments that it created for blobs.
 * @throws {HeapFullError} when there is no memory for them; it has kept none then
 */
export function writeMessage(
  target: Uint8Array<ArrayBuffer>,
  offset: number,
  encoded: Encoded,
  shared: boolean,
): readonly number[] {
  const { head, blobs } = encoded;
  setUint32(target, offset, blobs.length);
  setUint32(target, offset + 4, head.length);
  target.set(head, offset + PREFIX + blobs.length * BLOB);
  if (blobs.length === 0) return NO_SEGMENTS;
  const view = new DataView(target.buffer, target.byteOffset + offset + PREFIX);
  const segments: number[] = [];
  try {
    for (const [i, blob] of blobs.entries()) {
      const id = segmentOf(blob, shared);
      segments.push(id);
      view.setUint32(i * BLOB, id, true);
      view.setFloat64(i * BLOB + 8, blob.byteLength, true);
    }
  } catch (error) {
    releaseSegments(segments);
    throw error;
  }
  return segments;
}

/** A message that lies in a segment of its own. Each of its segments has one holder. */
export interface MessageSegment {
  readonly segment: number;
  readonly length: number;
  readonly blobs: readonly number[];
}

/** @throws {HeapFullError} when there is no memory for it; nothing of it is kept then */
export function segmentOfMessage(encoded: Encoded, shared: boolean): MessageSegment {
  const length = messageLength(encoded);
  const bytes = new Uint8Array(length);
  const blobs = writeMessage(bytes, 0, encoded, shared);
  try {
    return { segment: segmentOf(bytes, shared), length, blobs };
  } catch (error) {
    releaseSegments(blobs);
    throw error;
  }
}

const NO_BLOBS: readonly ArrayBuffer[] = [];

/**
 * The two parts of a message, for `Codec.decode`. The head is a view of `source`.
 *
 * With `keep`, the sender keeps its own holder of each blob (arguments: a task may be run again); without it, the holder
 * passes to the receiver (results).
 */
export function readMessage(source: Uint8Array<ArrayBuffer>, offset: number, keep: boolean): Encoded {
  const count = getUint32(source, offset);
  const length = getUint32(source, offset + 4);
  const start = source.byteOffset + offset + PREFIX;
  // Not `subarray`: of a Buffer that is a Buffer again, which takes longer to make.
  const head = new Uint8Array(source.buffer, start + count * BLOB, length);
  if (count === 0) return { head, blobs: NO_BLOBS };
  const view = new DataView(source.buffer, start);
  const blobs: ArrayBuffer[] = [];
  for (let i = 0; i < count; i++) {
    const id = view.getUint32(i * BLOB, true);
    const bytes = view.getFloat64(i * BLOB + 8, true);
    blobs.push(keep ? attachBuffer(id, bytes) : receiveBuffer(id, bytes));
  }
  return { head, blobs };
}

function attachBuffer(id: number, bytes: number): ArrayBuffer {
  const buffer = native.attachSegment(id, bytes);
  if (buffer === undefined) throw new ProcessError('The memory of this message no longer exists');
  return buffer;
}

function receiveBuffer(id: number, bytes: number): ArrayBuffer {
  native.importSegment(id);
  return native.adoptSegment(id, bytes);
}

/** The bytes of a segment that somebody else goes on to hold as well. */
export function attachBytes(id: number, bytes: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(attachBuffer(id, bytes));
}

/** The bytes of a segment, taking over the holder that came with its number. */
export function receiveBytes(id: number, bytes: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(receiveBuffer(id, bytes));
}
