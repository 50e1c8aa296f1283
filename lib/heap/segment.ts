import { HeapFullError } from '../base/errors.js';
import { native } from '../binding/native.js';

/** Beyond any address space. More is no number of bytes for the native side. */
const TOO_MANY = 2 ** 52;

/**
 * A new segment with one holder, of zeroes unless any contents will do: see `createSegment`.
 * @param shared other processes are to reach it: it lies in the shared heap
 * @throws {HeapFullError} when there is no memory left
 */
export function newSegment(bytes: number, anyContents: boolean, shared: boolean): number {
  const segment = bytes < TOO_MANY ? native.createSegment(bytes, anyContents, shared) : 0;
  if (segment === 0) throw noRoom(`${bytes} bytes`, shared);
  return segment;
}

/** @param what there is no memory for */
export function noRoom(what: string, shared: boolean): HeapFullError {
  const remedy = shared
    ? 'raise ALLCORES_HEAP_LIMIT (default: the memory of the machine)'
    : "raise this process's limits of memory";
  return new HeapFullError(
    `No ${shared ? 'shared ' : ''}memory left for ${what}: let go of what is no longer needed, or ${remedy}`,
  );
}
