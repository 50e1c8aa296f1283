import { namesOf, requireKnown } from '../base/options.js';
import { optionalInteger, requireInteger } from '../base/validate.js';
import { Kind } from '../heap/outcome.js';
import { registerSharedObject } from '../heap/shared-object.js';
import { getNow, putNow, stateOf } from './messages.js';
import { QueueBase } from './queue-base.js';

/** What bounds a queue beside the number of its values. */
export interface QueueOptions {
  /**
   * How many bytes of encoded values it holds. An empty queue takes a value of any size. Default: no bound but that of
   * the shared heap.
   */
  readonly capacity?: number | undefined;
}

const OPTIONS = namesOf<QueueOptions>({ capacity: true });

/**
 * Values from any number of threads to any number of threads, first in, first out: `multiprocessing.Queue`.
 *
 * Values are copied when they are put, by the thread that puts them: there is no feeder thread, nothing is lost when that
 * thread ends, and a process may be joined before its queue is drained. If a thread dies, what it has put stays and what
 * it has taken is gone.
 *
 * @example
 * const queue = new Queue<string>();
 * new Process({ target: (q: typeof queue) => q.putSync('hello'), args: [queue] }).start();
 * await queue.get(); // 'hello'
 */
export class Queue<T = unknown> extends QueueBase<T> {
  /**
   * @param maxsize how many values it holds; 0 or less: no bound
   * @throws {TypeError | RangeError} for a bad argument, by name
   * @throws {HeapFullError} when there is no shared memory left
   */
  constructor(maxsize = 0, options: QueueOptions = {}) {
    const most = Math.max(0, requireInteger('maxsize', maxsize, -Number.MAX_SAFE_INTEGER));
    requireKnown(options, OPTIONS);
    super(most, optionalInteger('capacity', options.capacity, 1) ?? 0);
  }

  /** As `put` with `timeout: 0`, at once. @throws {QueueFullError} when there is no room */
  putNowait(value: T): void {
    putNow(this, QueueBase.endsOf(this), value);
  }

  /** As `get` with `timeout: 0`, at once. @throws {QueueEmptyError} when nothing is in it */
  getNowait(): T {
    return getNow(this, QueueBase.endsOf(this)) as T;
  }

  /** Number of values in it, at this moment. */
  qsize(): number {
    return stateOf(QueueBase.endsOf(this)).items;
  }

  /** Whether there is no room in it, at this moment. */
  full(): boolean {
    return stateOf(QueueBase.endsOf(this)).full;
  }
}

registerSharedObject('Queue', Kind.queue, Queue, () => new Queue());
