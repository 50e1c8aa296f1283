import { now, setImmediate } from '../base/timers.js';
import { Patience } from './patience.js';

/** How long waiting on the spot may be worth it, in ns, while somebody is awake: a few short tasks. */
const AWAKE = 20_000;
/** And when everybody was asleep: about what it takes to wake a worker whose caches are cold. */
const ROUSED = 100_000;
/** How long results may keep coming without the event loop getting a turn, in ms. */
const TURN = 0.5;

/**
 * How long the owner may wait for results on the spot.
 *
 * Waiting a few microseconds saves a turn of the event loop (and a wake-up) when tasks are short. After idleness it saves
 * more, since going to sleep and being woken runs through code that is in no cache any more; and whoever was woken may
 * have been put on this very processor, which a waiting owner yields. However well it goes, the event loop gets its turn.
 */
export class OwnerSpin {
  readonly #awake = new Patience(AWAKE);
  readonly #roused = new Patience(ROUSED);
  #current = this.#awake;
  /** The last wait found results, of which `watch` does not know yet. */
  #found = false;
  /** Results were found since the event loop had its last turn, and until when that may go on. */
  #armed = false;
  #until = 0;
  /** The time was asked for when it was over. */
  #spent = false;
  readonly #onTurn: () => void;

  /** @param onTurn the event loop had its turn while results were being waited for */
  constructor(onTurn: () => void) {
    this.#onTurn = onTurn;
  }

  /** For how many ns waiting is worth it at present, while somebody is awake. */
  get nanos(): number {
    return this.#awake.nanos;
  }

  /**
   * For how many ns to wait now; 0: the event loop is due, and `onTurn` follows. Tell what came of it by `learn`.
   * @param awake somebody was, before these tasks came
   */
  budget(awake: boolean): number {
    if (this.#armed && now() >= this.#until) {
      this.#spent = true;
      return 0;
    }
    this.#current = awake ? this.#awake : this.#roused;
    return this.#current.nanos;
  }

  learn(found: boolean): void {
    this.#current.learn(found);
    this.#found = found;
  }

  /** Before the next wait, and after whoever has waited for the last one went on: minds that the event loop gets its turn. */
  watch(): void {
    const found = this.#found;
    this.#found = false;
    if (!found || this.#armed) return;
    this.#armed = true;
    this.#until = now() + TURN;
    setImmediate(this.#turn);
  }

  /** Says that a turn has begun. Goes on by itself only if somebody was sent away: nobody waits for the loop to spin. */
  readonly #turn = (): void => {
    this.#armed = false;
    if (!this.#spent) return;
    this.#spent = false;
    this.#onTurn();
  };
}
