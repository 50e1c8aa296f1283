import { inspect } from 'node:util';
import { CLOSED, FLAGS_AT, HEADER_BYTES, Kind, Outcome } from '../heap/outcome.js';
import { agent } from '../heap/program.js';
import { registerSharedObject, SharedObject } from '../heap/shared-object.js';
import { failure, wait, waitSync, type Ended, type WaitOptions } from './waiting.js';
import { wordsAt } from './words.js';

const WAIT = 0;
/** The word behind the header: native/sync/event_object.h. */
const SET = HEADER_BYTES / 4;

/**
 * A flag that one sets and others wait for: `multiprocessing.Event`. It belongs to nobody: a death leaves it as it is.
 *
 * @example
 * const ready = new Event();
 * const work = pool.apply(task(() => ready.waitSync(), { ready }));
 * ready.set();
 */
export class Event extends SharedObject {
  readonly #offset: number;
  readonly #words: Int32Array;
  readonly #set: number;
  readonly #flags: number;

  /** @throws {HeapFullError} when there is no shared memory left */
  constructor() {
    super((manager) => agent.createEvent(manager));
    this.#offset = SharedObject.offsetOf(this);
    const { words, at } = wordsAt(this.#offset);
    this.#words = words;
    this.#set = at + SET;
    this.#flags = at + FLAGS_AT / 4;
  }

  /** Sets the flag: all who wait go on, even if it is cleared right after. */
  set(): void {
    this.#done(agent.setEvent(this.#offset));
  }

  /** Clears the flag: who waits from now on waits for the next {@link set}. */
  clear(): void {
    this.#done(agent.clearEvent(this.#offset));
  }

  /** Whether it is set: cheap enough to be asked in a tight loop. */
  isSet(): boolean {
    if ((Atomics.load(this.#words, this.#flags) & CLOSED) !== 0) throw failure(Outcome.closed, 'Event');
    return Atomics.load(this.#words, this.#set) !== 0;
  }

  /**
   * Waits until it is set, without blocking the event loop.
   * @returns false when `timeout` has passed first
   * @throws `signal.reason` when it is aborted; {@link ManagerClosedError} once its manager was shut down
   */
  async wait(options?: WaitOptions): Promise<boolean> {
    return this.#ended(await wait(this.#offset, WAIT, 0, options));
  }

  /** As {@link wait}, blocking the thread. */
  waitSync(options?: WaitOptions): boolean {
    return this.#ended(waitSync(this.#offset, WAIT, 0, options));
  }

  [inspect.custom](): string {
    return `Event(${Atomics.load(this.#words, this.#set) !== 0 ? 'set' : 'unset'})`;
  }

  #ended({ outcome }: Ended): boolean {
    if (outcome === Outcome.timedOut) return false;
    this.#done(outcome);
    return true;
  }

  #done(outcome: number): void {
    if (outcome !== Outcome.done) throw failure(outcome, 'Event');
  }
}

registerSharedObject('Event', Kind.event, Event, () => new Event());
