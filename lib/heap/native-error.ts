import { ProcessError, type HeapFullError } from '../base/errors.js';

/**
 * What `make` gives. The native side knows none of our classes of errors: what it says of memory and threads becomes one.
 * @throws {HeapFullError} what `noMemory` gives, when there is none left
 * @throws {ProcessError} when too many threads take part
 */
export function made<T>(make: () => T, noMemory: () => HeapFullError): T {
  try {
    return make();
  } catch (error) {
    const message = error instanceof Error ? error.message : '';
    if (/no shared memory left|system gives no memory/.test(message)) throw noMemory();
    if (/too many threads/.test(message)) throw new ProcessError('Too many threads use shared objects');
    throw error;
  }
}
