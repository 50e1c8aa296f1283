import { clearTimeout, setTimeout } from '../base/timers.js';

/** What may end a wait early: a time limit, which resolves, or a signal, which rejects with its reason. */
export class Interruption {
  /** Undefined when nothing may. */
  readonly promise: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #forget: (() => void) | undefined;

  constructor(timeout: number | undefined, signal: AbortSignal | undefined) {
    if (timeout === undefined && signal === undefined) return;
    this.promise = new Promise((resolve, reject) => {
      if (timeout !== undefined) this.#timer = setTimeout(resolve, timeout);
      if (signal === undefined) return;
      // The reason is the caller's own and may be anything.
      const abort = (): void => reject(signal.reason as Error);
      signal.addEventListener('abort', abort, { once: true });
      this.#forget = (): void => signal.removeEventListener('abort', abort);
    });
  }

  /** The wait is over. */
  end(): void {
    clearTimeout(this.#timer);
    this.#forget?.();
  }
}
