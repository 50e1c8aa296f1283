import { native } from '../binding/native.js';
import { ProcessError } from '../base/errors.js';
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

/** Copies `size` bytes into a new segment; gives its number, which has one holder: whoever receives it. */
export function segmentOf(bytes: Uint8Array): number {
  const id = createSegment(bytes.byteLength);
  native.retainSegment(id);
  new Uint8Array(native.adoptSegment(id, bytes.byteLength)).set(bytes);
  return id;
}

function createSegment(bytes: number): number {
  const id = native.createSegment(bytes);
  if (id === 0) throw new ProcessError(`No shared memory left for ${bytes} bytes`);
  return id;
}

/** Writes a message at `offset` of `target`; gives the segments that it created for blobs. */
export function writeMessage(target: Uint8Array<ArrayBuffer>, offset: number, encoded: Encoded): number[] {
  const { head, blobs } = encoded;
  const segments: number[] = [];
  const view = new DataView(target.buffer, target.byteOffset + offset);
  view.setUint32(0, blobs.length, true);
  view.setUint32(4, head.length, true);
  for (let i = 0; i < blobs.length; i++) {
    const blob = blobs[i]!;
    const id = segmentOf(new Uint8Array(blob));
    segments.push(id);
    view.setUint32(PREFIX + i * BLOB, id, true);
    view.setFloat64(PREFIX + i * BLOB + 8, blob.byteLength, true);
  }
  target.set(head, offset + PREFIX + blobs.length * BLOB);
  return segments;
}

const NO_BLOBS: readonly ArrayBuffer[] = [];

/**
 * The two parts of a message, for `Codec.decode`. The head is a view of `source`.
 *
 * With `keep`, the sender keeps its own holder of each blob (arguments: a task may be run again); without it, the holder
 * passes to the receiver (results).
 */
export function readMessage(source: Uint8Array<ArrayBuffer>, offset: number, keep: boolean): Encoded {
  const view = new DataView(source.buffer, source.byteOffset + offset);
  const count = view.getUint32(0, true);
  const length = view.getUint32(4, true);
  const start = offset + PREFIX + count * BLOB;
  const head = source.subarray(start, start + length);
  if (count === 0) return { head, blobs: NO_BLOBS };
  const blobs: ArrayBuffer[] = [];
  for (let i = 0; i < count; i++) {
    const id = view.getUint32(PREFIX + i * BLOB, true);
    if (keep) native.retainSegment(id);
    blobs.push(native.adoptSegment(id, view.getFloat64(PREFIX + i * BLOB + 8, true)));
  }
  return { head, blobs };
}

/** The bytes of a segment, taking over one holder. */
export function adoptBytes(id: number, bytes: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(native.adoptSegment(id, bytes));
}
