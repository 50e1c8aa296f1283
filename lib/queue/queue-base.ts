import { inspect } from 'node:util';
import { QueueClosedError, QueueEmptyError, QueueFullError } from '../base/errors.js';
import { whenReady, whenReadySync } from '../base/readiness.js';
import { agent } from '../heap/program.js';
import { SharedObject } from '../heap/shared-object.js';
import type { WaitOptions } from '../sync/waiting.js';
import { END, get, getSync, peek, peekSync, put, putSync, refused, stateOf, type Refusal } from './messages.js';
import { QueueEnds } from './queue-ends.js';

/** What all queues have. */
export abstract class QueueBase<T> extends SharedObject implements Disposable, AsyncDisposable {
  readonly #ends: QueueEnds;

  /** @internal 0 is no bound. */
  protected constructor(mostItems: number, mostBytes: number) {
    super((manager) => agent.createQueue(mostItems, mostBytes, manager));
    this.#ends = new QueueEnds(SharedObject.offsetOf(this));
  }

  /**
   * Puts a copy of a value at the end, waiting for room without blocking the event loop. The value is encoded at once:
   * what cannot be encoded is refused here, and later changes of it do not matter.
   * @throws {SerializationError} when something in it cannot be copied; nothing was put then
   * @throws {QueueFullError} when `timeout` has passed first
   * @throws {QueueClosedError} when the queue is, or while waiting is being, closed
   * @throws {HeapFullError} when there is no shared memory left
   * @throws `signal.reason` when it is aborted; {@link ManagerClosedError} once its manager was shut down
   */
  put(value: T, options?: WaitOptions): Promise<void> {
    return put(this, this.#ends, value, options);
  }

  /** As {@link put}, blocking the thread. */
  putSync(value: T, options?: WaitOptions): void {
    putSync(this, this.#ends, value, options);
  }

  /**
   * Takes the first value, waiting for one without blocking the event loop. Gets of one thread that wait are served in
   * their order.
   * @throws {QueueEmptyError} when `timeout` has passed first
   * @throws {QueueClosedError} when the queue is closed and nothing is left in it
   * @throws `signal.reason` when it is aborted; {@link ManagerClosedError} once its manager was shut down
   */
  get(options?: WaitOptions): Promise<T> {
    return get(this, this.#ends, options) as Promise<T>;
  }

  /** As {@link get}, blocking the thread. */
  getSync(options?: WaitOptions): T {
    return getSync(this, this.#ends, options) as T;
  }

  /** Whether nothing is in it, at this moment: others may put and take at any time. */
  empty(): boolean {
    return stateOf(this.#ends).items === 0;
  }

  /**
   * No more puts, by whomever: they fail, those that wait included. What is inside can still be taken. Safe to repeat.
   * A queue that is not closed just goes, with what is in it, when nobody has a handle on it any more.
   */
  close(): void {
    agent.closeQueue(this.#ends.offset);
  }

  /** `using`: closes it. Who has another handle on it can still take what is inside. */
  [Symbol.dispose](): void {
    this.close();
  }

  /** `await using`: the same. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
  }

  /** Takes values until the queue is closed and nothing is left in it. Leaving the loop leaves the queue open. */
  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, void> {
    for (;;) {
      const value = await get(this, this.#ends, undefined, true);
      if (value === END) return;
      yield value as T;
    }
  }

  /** @internal */
  static endsOf<T>(queue: QueueBase<T>): QueueEnds {
    return queue.#ends;
  }

  /** @internal */
  async [whenReady](options: WaitOptions): Promise<boolean> {
    return peek(this, this.#ends, options);
  }

  /** @internal */
  [whenReadySync](options: WaitOptions): boolean {
    return peekSync(this, this.#ends, options);
  }

  /** @internal */
  [refused](refusal: Refusal, timeout: number | undefined): Error {
    switch (refusal) {
      case 'full':
        return new QueueFullError(timeout === undefined ? undefined : `The queue had no room within ${timeout} ms`);
      case 'empty':
        return new QueueEmptyError(
          timeout === undefined ? undefined : `Nothing came into the queue within ${timeout} ms`,
        );
      case 'closed':
        return new QueueClosedError();
      case 'drained':
        return new QueueClosedError('The queue is closed, and nothing is left in it');
    }
  }

  [inspect.custom](): string {
    const { name } = this.constructor;
    if (agent.isClosed(this.#ends.offset) === 1) return `${name} { its manager was shut down }`;
    const { items, closed } = stateOf(this.#ends);
    return `${name} { ${items} ${items === 1 ? 'item' : 'items'}${closed ? ', closed' : ''} }`;
  }
}
