import { TimeoutError } from '../base/errors.js';
import { refuseToSend } from '../base/unsendable.js';

/** Something that is held until it is released, once, or until its scope ends. */
export class Hold implements Disposable, AsyncDisposable {
  #release: (() => void) | undefined;

  /** @internal */
  constructor(release: () => void) {
    this.#release = release;
  }

  /** Gives it back before the end of the scope. Safe to repeat. */
  release(): void {
    const release = this.#release;
    this.#release = undefined;
    release?.();
  }

  /** As {@link release}, at the end of a scope of `using`. */
  [Symbol.dispose](): void {
    this.release();
  }

  /** As {@link release}, at the end of a scope of `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    this.release();
    return Promise.resolve();
  }

  /** @internal */
  static timedOut(what: string): TimeoutError {
    return new TimeoutError(`The ${what} was not acquired in time`);
  }
}

refuseToSend(Hold, 'the hold of a lock', 'pass the lock, and have the worker acquire it');
