import { ProcessError } from '../base/errors.js';
import { Kind, Outcome } from '../heap/outcome.js';
import { agent } from '../heap/program.js';
import { registerSharedObject, SharedObject } from '../heap/shared-object.js';
import { failure, type WaitOptions } from '../sync/waiting.js';
import { join, joinSync } from './messages.js';
import { QueueBase } from './queue-base.js';
import { Queue } from './queue.js';

/**
 * A queue that knows when all that was put into it is done: `multiprocessing.JoinableQueue`. Whoever takes a value calls
 * `taskDone` once it has dealt with it. A value whose taker died before is never done.
 *
 * @example
 * for await (const job of queue) {
 *   await work(job);
 *   queue.taskDone();
 * }
 */
export class JoinableQueue<T = unknown> extends Queue<T> {
  /** One of the values is done. @throws {ProcessError} when more are done than were put */
  taskDone(): void {
    const outcome = agent.taskDone(SharedObject.offsetOf(this));
    if (outcome === Outcome.done) return;
    if (outcome === Outcome.overReleased) throw new ProcessError('taskDone() called too many times');
    throw failure(outcome, this.constructor.name);
  }

  /**
   * Waits until every value that was put is done, without blocking the event loop.
   * @returns false when `timeout` has passed first
   * @throws `signal.reason` when it is aborted; {@link ManagerClosedError} once its manager was shut down
   */
  join(options?: WaitOptions): Promise<boolean> {
    return join(this, QueueBase.endsOf(this), options);
  }

  /** As {@link join}, blocking the thread. */
  joinSync(options?: WaitOptions): boolean {
    return joinSync(this, QueueBase.endsOf(this), options);
  }
}

registerSharedObject('JoinableQueue', Kind.queue, JoinableQueue, () => new JoinableQueue());
