/** How long a look takes, in ns. */
const LOOK = 500;
/** Waits in vain in a row before they are given up, and after how many looks the next one is tried at the latest. */
const MOST = 4;
const RAREST = 64;

/**
 * Whether waiting on the spot pays, learned from how it went.
 *
 * It is lost when tasks are long. So a few waits in vain end it; now and then, more and more rarely, one is tried again, and
 * one success starts it over.
 */
export class Patience {
  readonly #wait: number;
  /** Waits and looks in vain since the last success. */
  #misses = 0;

  /** @param wait for how many ns to wait while it pays */
  constructor(wait: number) {
    this.#wait = wait;
  }

  /** For how many ns to wait this time. */
  get nanos(): number {
    const misses = this.#misses;
    if (misses < MOST) return this.#wait;
    // Powers of two apart, then every so often.
    const due = misses < RAREST ? (misses & (misses - 1)) === 0 : misses % RAREST === 0;
    return due ? this.#wait : LOOK;
  }

  learn(found: boolean): void {
    this.#misses = found ? 0 : this.#misses + 1;
  }
}
