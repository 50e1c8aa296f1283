import { ProcessError } from '../base/errors.js';
import { native } from '../binding/native.js';

/** Buffers that are kept for the next handle on the same segment, at most. */
const MOST_KEPT = 4;

const attached = new Map<number, WeakRef<ArrayBuffer>>();
/** The buffers used last, so that a collection between two tasks does not take them. */
let kept: ArrayBuffer[] = [];

const collected = new FinalizationRegistry<number>((segment) => {
  if (attached.get(segment)?.deref() === undefined) attached.delete(segment);
});

/**
 * A buffer over a segment that somebody else made, the same one for every handle on it.
 *
 * A new buffer each time would be right, too, but the engine takes its bytes for memory that this thread allocated: one
 * task after the other with the same 64 MB would make it collect garbage each time.
 *
 * @throws {ProcessError} when nobody holds the segment any more
 */
export function attachedBuffer(segment: number, bytes: number): ArrayBuffer {
  let buffer = attached.get(segment)?.deref();
  if (buffer === undefined || buffer.byteLength < bytes) {
    buffer = native.attachSegment(segment, bytes);
    if (buffer === undefined) throw new ProcessError('The shared memory of this handle no longer exists');
    attached.set(segment, new WeakRef(buffer));
    collected.register(buffer, segment);
  }
  if (kept.at(-1) !== buffer) kept = [...kept.filter((of) => of !== buffer), buffer].slice(-MOST_KEPT);
  return buffer;
}

/** Lets go of buffers that nothing but this cache refers to: the thread has nothing to do. */
export function releaseAttachedBuffers(): void {
  kept = [];
}
