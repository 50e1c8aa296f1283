import { Kind } from '../heap/outcome.js';
import { registerSharedObject } from '../heap/shared-object.js';
import { QueueBase } from './queue-base.js';

/** A queue without a bound and with the least of methods: `multiprocessing.SimpleQueue`. */
export class SimpleQueue<T = unknown> extends QueueBase<T> {
  /** @throws {HeapFullError} when there is no shared memory left */
  constructor() {
    super(0, 0);
  }
}

registerSharedObject('SimpleQueue', Kind.queue, SimpleQueue, () => new SimpleQueue());
