import { inspect } from 'node:util';
import { ProcessError, TimeoutError } from '../base/errors.js';
import { checkWait } from '../base/options.js';
import { clearTimeout, setTimeout } from '../base/timers.js';
import { refuseToSend } from '../base/unsendable.js';

/** How long to wait, and what ends the wait early. Neither touches the work that is waited for. */
export interface WaitOptions {
  /** In ms; 0 or less: none. Default: without end. */
  readonly timeout?: number;
  /** Ends the wait, which then rejects with `signal.reason`. */
  readonly signal?: AbortSignal;
}

/** What a result needs of the pool. */
export interface ResultSource {
  /** Settles as cancelled. False: it was settled before. */
  cancel(reason: unknown): boolean;
  /** Blocks until `done`, and has the task's listeners called. False: the time passed first. */
  waitSync(done: () => boolean, millis: number | undefined): boolean;
}

/**
 * The outcome of `applyAsync` and its kind: `multiprocessing.pool.AsyncResult`. May be awaited as it is.
 *
 * An error that nobody fetches stays silent, as in Python.
 */
export class AsyncResult<R> implements PromiseLike<R> {
  readonly #source: ResultSource;
  #state: 'pending' | 'fulfilled' | 'rejected' = 'pending';
  #value: unknown;
  #waiters: (() => void)[] = [];

  /** @internal */
  constructor(source: ResultSource) {
    this.#source = source;
  }

  /** @internal */
  fulfil(value: R): void {
    this.#settle('fulfilled', value);
  }

  /** @internal */
  fail(error: unknown): void {
    this.#settle('rejected', error);
  }

  #settle(state: 'fulfilled' | 'rejected', value: unknown): void {
    this.#state = state;
    this.#value = value;
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const waiter of waiters) waiter();
  }

  /** Has the task ended, in whatever way? */
  ready(): boolean {
    return this.#state !== 'pending';
  }

  /**
   * Did it end without an error?
   * @throws {ProcessError} while it is not ready
   */
  successful(): boolean {
    if (!this.ready()) throw new ProcessError('The result is not ready');
    return this.#state === 'fulfilled';
  }

  /**
   * The value of the task. May be asked for any number of times.
   * @throws {TimeoutError} when it is not there in time; and whatever the task threw
   */
  async get(options: WaitOptions = {}): Promise<R> {
    if (!(await this.wait(options))) throw new TimeoutError(`No result within ${options.timeout} ms`);
    return this.#outcome();
  }

  /** As {@link get}, blocking the thread, on which nobody can abort the `signal` meanwhile: it is looked at first. */
  getSync(options: WaitOptions = {}): R {
    if (!this.waitSync(options)) throw new TimeoutError(`No result within ${options.timeout} ms`);
    return this.#outcome();
  }

  #outcome(): R {
    if (this.#state === 'rejected') throw this.#value;
    return this.#value as R;
  }

  /** Waits until the result is ready; false when the time passed first. Rejects with `signal.reason` if aborted. */
  async wait(options: WaitOptions = {}): Promise<boolean> {
    const { timeout, signal } = checkWait(options);
    signal?.throwIfAborted();
    if (this.ready()) return true;
    return new Promise<boolean>((resolve, reject) => {
      const end = (settle: () => void): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
        this.#waiters = this.#waiters.filter((waiter) => waiter !== onReady);
        settle();
      };
      const onReady = (): void => end(() => resolve(true));
      // The reason is the caller's own and may be anything.
      const onAbort = (): void => end(() => reject(signal!.reason as Error));
      const timer = timeout === undefined ? undefined : setTimeout(() => end(() => resolve(false)), timeout);
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#waiters.push(onReady);
    });
  }

  /** As {@link wait}, blocking the thread; the `signal` is looked at first. */
  waitSync(options: WaitOptions = {}): boolean {
    const { timeout, signal } = checkWait(options);
    signal?.throwIfAborted();
    return this.#source.waitSync(() => this.ready(), timeout);
  }

  /**
   * Cancels the task, which then rejects with `reason`. No other task is touched.
   * @param reason default: an `AbortError`
   * @returns false when it had ended before
   */
  cancel(reason: unknown = new DOMException('The task was cancelled', 'AbortError')): boolean {
    return !this.ready() && this.#source.cancel(reason);
  }

  // oxlint-disable-next-line unicorn/no-thenable -- API: a result may be awaited as it is
  then<A = R, B = never>(
    onFulfilled?: ((value: R) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.get().then(onFulfilled, onRejected);
  }

  [inspect.custom](_depth: number, options: object): string {
    if (this.#state === 'pending') return 'AsyncResult { <pending> }';
    const value = inspect(this.#value, options);
    return `AsyncResult { ${this.#state === 'rejected' ? `<rejected> ${value}` : value} }`;
  }

  toString(): string {
    return `AsyncResult { <${this.#state}> }`;
  }
}

refuseToSend(AsyncResult, 'an AsyncResult', 'await it first and pass what it gives');
