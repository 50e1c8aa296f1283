import { now, setTimeout } from '../base/timers.js';

/** How many stacks are captured in a row, and how soon that many may be again, in ms. */
const MOST = 50;
const PERIOD = 10;

/**
 * Captures where tasks are submitted, to be joined to the stacks of their errors.
 *
 * A capture costs a few microseconds, more than everything else about a small task. So it is rationed: whoever submits
 * now and then gets it for each task, a storm of tasks for the first of every ten milliseconds. Frames are formatted only
 * if an error asks for them.
 */
export class CallerStacks {
  #left = MOST;
  #until = 0;
  #skipped = 0;
  readonly #refill = (): void => void (this.#left = MOST);

  capture(): { readonly stack?: string } | undefined {
    if (this.#left === 0) {
      // For a thread whose timers have no turn. The clock costs too: look at it now and then.
      if (++this.#skipped < MOST) return undefined;
      this.#skipped = 0;
      if (now() < this.#until) return undefined;
      this.#left = MOST;
    }
    if (--this.#left === 0) {
      this.#until = now() + PERIOD;
      setTimeout(this.#refill, PERIOD).unref();
    }
    const caller: { readonly stack?: string } = {};
    Error.captureStackTrace(caller, CallerStacks.prototype.capture);
    return caller;
  }
}
