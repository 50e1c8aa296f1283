/** The longest and the shortest that the owner waits for a result before it goes back to its event loop, in ns. */
const LONGEST = 20_000;
const SHORTEST = 500;
/** How long results may keep coming without the event loop getting a turn, in ms. */
const TURN = 0.5;

/**
 * How long the owner may wait for results on the spot.
 *
 * Waiting a few microseconds saves a turn of the event loop (and a wake-up) when tasks are short, and is lost when they are
 * long: each wait in vain halves the next, each success doubles it. However well it goes, the event loop gets its turn.
 */
export class OwnerSpin {
  #nanos = LONGEST;
  #until = 0;
  #armed = false;
  /** The budget of this turn was asked for when it was used up. */
  #spent = false;
  readonly #onTurn: () => void;

  /** @param onTurn the event loop had its turn while results were being waited for */
  constructor(onTurn: () => void) {
    this.#onTurn = onTurn;
  }

  /** For how many ns waiting is worth it at present. */
  get nanos(): number {
    return this.#nanos;
  }

  /** For how many ns to wait now; 0: the event loop is due, and `onTurn` follows. */
  budget(): number {
    if (!this.#armed) {
      this.#armed = true;
      this.#until = performance.now() + TURN;
      setImmediate(this.#turn);
    } else if (performance.now() >= this.#until) {
      this.#spent = true;
      return 0;
    }
    return this.#nanos;
  }

  /** Says that a turn has begun. Goes on by itself only if somebody was sent away: nobody waits for the loop to spin. */
  readonly #turn = (): void => {
    this.#armed = false;
    if (!this.#spent) return;
    this.#spent = false;
    this.#onTurn();
  };

  learn(found: boolean): void {
    this.#nanos = found ? Math.min(LONGEST, this.#nanos * 2) : Math.max(SHORTEST, this.#nanos / 2);
  }
}
