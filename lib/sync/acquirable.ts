import { ProcessError } from '../base/errors.js';
import { requireFunction } from '../base/validate.js';
import { Outcome } from '../heap/outcome.js';
import { SharedObject } from '../heap/shared-object.js';
import { Hold } from './hold.js';
import { failure, type Ended, type WaitOptions } from './waiting.js';

/** Bit of the result of an acquire: native/sync/fairness.h. */
const RECOVERED = 1;

/** What can be acquired and released, for a scope or the run of a function. */
export abstract class Acquirable extends SharedObject {
  #recovered = false;

  /**
   * Whether the last `acquire` through this handle found that a holder before had died. What it protects may then be half
   * changed: check or rebuild it.
   */
  get recovered(): boolean {
    return this.#recovered;
  }

  /**
   * Acquires it, waiting without blocking the event loop.
   * @returns false when `timeout` has passed first
   * @throws `signal.reason` when it is aborted; {@link ManagerClosedError} once its manager was shut down
   */
  abstract acquire(options?: WaitOptions): Promise<boolean>;

  /** As {@link acquire}, blocking the thread. */
  abstract acquireSync(options?: WaitOptions): boolean;

  /** Gives it back. @throws {ProcessError} when there is nothing to give back */
  abstract release(): void;

  /**
   * Acquires it for a scope: `using held = lock.holdSync()` gives it back at the end.
   * @throws {TimeoutError} when `timeout` has passed first
   */
  holdSync(options?: WaitOptions): Hold {
    if (!this.acquireSync(options)) throw Hold.timedOut(this.constructor.name);
    return new Hold(() => this.release());
  }

  /** As {@link holdSync}, without blocking the event loop: `using held = await lock.hold()`. */
  async hold(options?: WaitOptions): Promise<Hold> {
    if (!(await this.acquire(options))) throw Hold.timedOut(this.constructor.name);
    return new Hold(() => this.release());
  }

  /** Runs a function, asynchronous or not, while holding it. @returns what the function does */
  async withLock<R>(fn: () => R | Promise<R>, options?: WaitOptions): Promise<R> {
    requireFunction('fn', fn);
    const held = await this.hold(options);
    try {
      return await fn();
    } finally {
      held.release();
    }
  }

  /** As {@link withLock}, blocking the thread. @throws {TypeError} for a function that is asynchronous: it has begun then */
  withLockSync<R>(fn: () => R, options?: WaitOptions): R {
    requireFunction('fn', fn);
    const held = this.holdSync(options);
    try {
      const result = fn();
      if (!(result instanceof Promise)) return result;
      result.catch(() => undefined); // what it comes to is of no interest any more
      throw new TypeError('fn must not be asynchronous in withLockSync: use withLock');
    } finally {
      held.release();
    }
  }

  /** @internal It was free. */
  protected taken(): true {
    this.#recovered = false;
    return true;
  }

  /** @internal What an acquire that went through the native side came to. */
  protected ended({ outcome, result }: Ended): boolean {
    if (outcome === Outcome.done) {
      this.#recovered = (result & RECOVERED) !== 0;
      return true;
    }
    if (outcome === Outcome.timedOut) return false;
    throw failure(outcome, this.constructor.name);
  }

  /** @internal Why a release was refused. */
  protected refusal(outcome: number): Error {
    const name = this.constructor.name;
    if (outcome === Outcome.notHeld) return new ProcessError(`release: this ${name} is not held`);
    if (outcome === Outcome.notOwner) return new ProcessError(`release: this ${name} is held by another thread`);
    if (outcome === Outcome.overReleased) return new ProcessError(`release: this ${name} was released too many times`);
    return failure(outcome, name);
  }
}
