import { now, setImmediate } from '../base/timers.js';

/** How long waiting on the spot may be worth it, and how long a look takes, in ns. */
const WAIT = 20_000;
const LOOK = 500;
/** Waits in vain in a row before they are given up, and after how many looks the next one is tried at the latest. */
const PATIENCE = 4;
const RAREST = 64;
/** How long results may keep coming without the event loop getting a turn, in ms. */
const TURN = 0.5;

/**
 * How long the owner may wait for results on the spot.
 *
 * Waiting a few microseconds saves a turn of the event loop (and a wake-up) when tasks are short, and is lost when they are
 * long. So a few waits in vain end it; now and then, more and more rarely, one is tried again, and one success starts it
 * over. However well it goes, the event loop gets its turn.
 */
export class OwnerSpin {
  /** Waits and looks in vain since the last success. */
  #misses = 0;
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
    const misses = this.#misses;
    if (misses < PATIENCE) return WAIT;
    // Powers of two apart, then every so often.
    const due = misses < RAREST ? (misses & (misses - 1)) === 0 : misses % RAREST === 0;
    return due ? WAIT : LOOK;
  }

  /** For how many ns to wait now; 0: the event loop is due, and `onTurn` follows. */
  budget(): number {
    if (!this.#armed) {
      this.#armed = true;
      this.#until = now() + TURN;
      setImmediate(this.#turn);
    } else if (now() >= this.#until) {
      this.#spent = true;
      return 0;
    }
    return this.nanos;
  }

  /** Says that a turn has begun. Goes on by itself only if somebody was sent away: nobody waits for the loop to spin. */
  readonly #turn = (): void => {
    this.#armed = false;
    if (!this.#spent) return;
    this.#spent = false;
    this.#onTurn();
  };

  learn(found: boolean): void {
    this.#misses = found ? 0 : this.#misses + 1;
  }
}
