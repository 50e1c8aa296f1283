import { setTimeout } from '../base/timers.js';
import { PoolClosedError, ProcessError, TimeoutError } from '../base/errors.js';
import type { PoolSize } from '../binding/pool.js';
import { Interruption } from '../process/interruption.js';
import type { CrewOptions } from '../runtime/crew.js';
import { Dispatcher } from '../runtime/dispatcher.js';
import type { StaffingOptions } from '../runtime/staffing.js';
import { checkWait } from '../base/options.js';
import type { WaitOptions } from './async-result.js';

/**
 * How long the workers of a closed pool wait for the next item of an `imap` that is read on, in ms. Somebody may hold it
 * for ever, and `join` does not wait for that; but a new worker for each item would cost far more than the item.
 */
const LINGER = 100;

/** Pools of this thread that have threads: they must let go of them before the thread ends. */
const living = new Set<PoolLifecycle>();

process.on('exit', () => {
  for (const pool of living) {
    pool.terminate(); // later listeners must not wait for workers that no longer answer
    pool.dispatcher.shutdown(); // a worker in a native wait could not be ended by the runtime
  }
});

/** From running to closed to gone. Knows nothing of the `Pool` above it, which may be collected meanwhile. */
export class PoolLifecycle {
  readonly dispatcher: Dispatcher;
  #state: 'running' | 'closed' | 'terminated' = 'running';
  #failure: unknown;
  readonly #waiters = new Set<() => void>();
  /** Sources of `imap` that may give more. */
  #sources = 0;
  #lingering: NodeJS.Timeout | undefined;

  /** @throws what starting the first workers throws; nothing is left of the pool then */
  constructor(size: PoolSize, options: CrewOptions & StaffingOptions) {
    this.dispatcher = new Dispatcher(size, options, () => this.#advance());
    this.dispatcher.staffing.onFailure = (error): void => this.#fail(error);
    this.dispatcher.staffing.onHire = (): void => void living.add(this);
    this.dispatcher.staffing.open();
  }

  /** @throws {PoolClosedError} and, for a pool that failed, its failure */
  requireRunning(): void {
    // What made the pool fail is the user's own and may be anything.
    if (this.#failure !== undefined) throw this.#failure as Error;
    if (this.#state !== 'running') throw new PoolClosedError('Pool not running');
  }

  get closed(): boolean {
    return this.#state !== 'running';
  }

  /** No more work; what is there is done. */
  close(): void {
    if (this.#state !== 'running') return;
    this.#state = 'closed';
    this.dispatcher.staffing.close();
    this.#advance();
  }

  /** No more work; what is there is rejected and every worker is ended. */
  terminate(reason: unknown = new PoolClosedError('The pool was terminated')): void {
    if (this.#state === 'terminated') return;
    this.#state = 'terminated';
    const { dispatcher } = this;
    dispatcher.staffing.close();
    dispatcher.rejectAll(reason);
    for (const member of dispatcher.crew.members) dispatcher.crew.kill(member);
    this.#advance();
  }

  #fail(error: unknown): void {
    if (this.#failure !== undefined || this.#state === 'terminated') return;
    this.#failure = error;
    this.terminate(error);
  }

  /**
   * Resolves once every worker is gone.
   * @returns rejects with a {@link TimeoutError} or the signal's reason, if that comes first
   */
  async join(options: WaitOptions = {}): Promise<void> {
    const { timeout, signal } = this.#checkJoin(options);
    if (this.#gone) return;
    const interruption = new Interruption(timeout, signal);
    let waiter!: () => void;
    const gone = new Promise<true>((resolve) => (waiter = () => resolve(true)));
    this.#waiters.add(waiter);
    this.dispatcher.hold(true);
    try {
      const { promise } = interruption;
      // Not asked of the pool: an `imap` may have had workers started again.
      const wasGone = await (promise === undefined ? gone : Promise.race([gone, promise]));
      if (wasGone !== true) throw notGone(timeout);
    } finally {
      interruption.end();
      this.#waiters.delete(waiter);
      if (this.#waiters.size === 0) this.dispatcher.hold(false);
    }
  }

  /** As {@link join}, blocking the thread. */
  joinSync(options: WaitOptions = {}): void {
    const { timeout } = this.#checkJoin(options);
    const isDone = (): boolean => {
      // Nobody lingers: no source is read while this thread is blocked.
      if (this.#state === 'closed' && this.dispatcher.unsettled === 0) this.#dismiss();
      return this.#gone;
    };
    if (!this.#gone && !this.dispatcher.waitSync(isDone, timeout)) throw notGone(timeout);
  }

  #checkJoin(options: WaitOptions): ReturnType<typeof checkWait> {
    const checked = checkWait(options);
    if (this.#state === 'running') throw new ProcessError('Pool is still running');
    checked.signal?.throwIfAborted();
    return checked;
  }

  get #gone(): boolean {
    return this.#state !== 'running' && this.dispatcher.unsettled === 0 && this.dispatcher.crew.gone;
  }

  /** Something ended: is it time for the next step? */
  #advance(): void {
    if (this.#state === 'running' || this.dispatcher.unsettled > 0) return;
    // More than once: an `imap` that was begun before may go on to read items, which has workers started again.
    if (this.#state === 'closed') {
      if (this.#sources === 0) this.#dismiss();
      else this.#linger();
    }
    if (!this.#gone) return;
    living.delete(this);
    this.dispatcher.hold(false);
    for (const waiter of this.#waiters) waiter();
  }

  #dismiss(): void {
    for (const member of this.dispatcher.crew.members) if (!member.leaving) this.dispatcher.crew.dismiss(member);
  }

  #linger(): void {
    if (this.dispatcher.crew.size === 0) return;
    this.#lingering ??= setTimeout(() => {
      this.#lingering = undefined;
      if (this.#state === 'closed' && this.dispatcher.unsettled === 0) this.#dismiss();
    }, LINGER).unref();
    this.#lingering.refresh();
  }

  /** An `imap` began to read its source. */
  sourceOpened(): void {
    this.#sources++;
  }

  /** It will submit no more. */
  sourceEnded(): void {
    this.#sources--;
    this.#advance();
  }
}

function notGone(timeout: number | undefined): TimeoutError {
  return new TimeoutError(`The pool was not gone within ${timeout} ms`);
}
