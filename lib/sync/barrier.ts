import { inspect } from 'node:util';
import { BrokenBarrierError } from '../base/errors.js';
import { registerHandleType } from '../base/handle.js';
import { checkWait, namesOf, requireKnown } from '../base/options.js';
import { optionalFunction, optionalTimeout, requireInteger } from '../base/validate.js';
import { HEADER_BYTES, Kind, Outcome } from '../heap/outcome.js';
import { exportObject } from '../heap/exports.js';
import { agent, exchange, join } from '../heap/program.js';
import { attach, SharedObject } from '../heap/shared-object.js';
import { cancelled, failure, queued, queuedSync, requireOpen, type Ended, type WaitOptions } from './waiting.js';
import { wordsAt } from './words.js';

const WAIT = 0;
const MOST_PARTIES = 0x7fffffff;
/** The word with the time that waits take by default, in ms and one more; 0: without end. native/sync/barrier_object.h. */
const TIMEOUT = HEADER_BYTES / 4 + 4;

type Action = () => unknown;

/** How a {@link Barrier} is made. */
export interface BarrierOptions {
  /**
   * Runs once each time that all have come, before anybody goes on, in the thread that came last: so it travels with the
   * barrier, and must be a function that can. It may be asynchronous if everybody uses `wait` rather than `waitSync`.
   */
  readonly action?: (() => unknown) | undefined;
  /** Of waits that give none, in whole milliseconds. Without it they are without end. */
  readonly timeout?: number | undefined;
}

const OPTIONS = namesOf<BarrierOptions>({ action: true, timeout: true });

/**
 * Where a number of threads meet: `multiprocessing.Barrier`. Each waits until all have come; then it is ready for the next
 * time.
 *
 * If one of them gives up, dies, or fails in the action, all the others would wait in vain. So the barrier breaks: they
 * get a {@link BrokenBarrierError}, and so does everybody who comes later, until somebody calls `reset`.
 *
 * @example
 * const barrier = new Barrier(pool.processes);
 * await pool.broadcast(task(async () => { prepare(); await barrier.wait(); work(); }, { barrier }));
 */
export class Barrier extends SharedObject {
  readonly #offset: number;
  readonly #action: Action | undefined;

  /**
   * @param parties how many meet, from 1
   * @throws {HeapFullError} when there is no shared memory left
   */
  constructor(parties: number, options: BarrierOptions = {}) {
    const fresh = !SharedObject.attaching;
    requireInteger('parties', parties, 1, MOST_PARTIES);
    requireKnown(options, OPTIONS);
    const { action } = options;
    optionalFunction('action', action);
    const timeout = optionalTimeout(options.timeout);
    super((manager) => agent.createBarrier(parties, action === undefined ? 0 : 1, manager));
    this.#offset = SharedObject.offsetOf(this);
    this.#action = action;
    if (!fresh || timeout === undefined) return;
    const { words, at } = wordsAt(this.#offset);
    Atomics.store(words, at + TIMEOUT, Math.ceil(timeout) + 1);
  }

  /** How many meet here. */
  get parties(): number {
    return this.#state(0);
  }

  /** How many wait here, at this moment. */
  get nWaiting(): number {
    return this.#state(1);
  }

  /** Whether it is of no use until it is {@link reset}. */
  get broken(): boolean {
    return this.#state(2) !== 0;
  }

  /**
   * Waits until all have come, without blocking the event loop.
   * @param options `timeout: 0`: it breaks unless this is the last one to come
   * @returns the order of arrival: each from 0 to `parties - 1` once
   * @throws {BrokenBarrierError} when it is broken, or breaks because this or another wait ends early
   * @throws `signal.reason` when it is aborted, which breaks it; what the action throws; {@link ManagerClosedError}
   */
  async wait(options?: WaitOptions): Promise<number> {
    const { timeout, signal } = this.#check(options);
    const arrived = this.#arrive(true, timeout);
    const ended = typeof arrived === 'number' ? await queued(arrived, timeout, signal) : arrived;
    if (ended.outcome !== Outcome.acting) return indexOf(ended);
    try {
      await this.#action?.();
    } catch (error) {
      agent.finishBarrier(this.#offset, 0);
      throw error;
    }
    return this.#finish(ended);
  }

  /** As {@link wait}, blocking the thread. @throws {TypeError} when it is the last to come and the action is asynchronous */
  waitSync(options?: WaitOptions): number {
    const { timeout } = this.#check(options);
    const arrived = this.#arrive(false, timeout);
    const ended = typeof arrived === 'number' ? queuedSync(arrived, timeout) : arrived;
    if (ended.outcome !== Outcome.acting) return indexOf(ended);
    try {
      const result = this.#action?.();
      if (result instanceof Promise) throw asynchronous(result);
    } catch (error) {
      agent.finishBarrier(this.#offset, 0);
      throw error;
    }
    return this.#finish(ended);
  }

  /** Breaks it: all who wait, or come, get a {@link BrokenBarrierError}. */
  abort(): void {
    this.#done(agent.abortBarrier(this.#offset));
  }

  /** Makes it whole and empty. All who wait get a {@link BrokenBarrierError}. */
  reset(): void {
    this.#done(agent.resetBarrier(this.#offset));
  }

  [inspect.custom](): string {
    agent.barrierState(this.#offset);
    const [parties = 0, waiting = 0, broken = 0] = exchange.control;
    return `Barrier(${broken !== 0 ? 'broken' : `${waiting} of ${parties}`})`;
  }

  /** @internal What travels. */
  static dataOf(barrier: Barrier): BarrierData {
    return barrier.#action === undefined ? barrier.#offset : { offset: barrier.#offset, action: barrier.#action };
  }

  #check(options: WaitOptions | undefined): ReturnType<typeof checkWait> {
    const checked = checkWait(options);
    checked.signal?.throwIfAborted();
    if (options?.timeout !== undefined) return checked;
    const { words, at } = wordsAt(this.#offset);
    const stored = Atomics.load(words, at + TIMEOUT) >>> 0;
    return stored === 0 ? checked : { timeout: stored - 1, signal: checked.signal };
  }

  /** The node of one who waits, or what came of it at once. */
  #arrive(inLoop: boolean, timeout: number | undefined): number | Ended {
    const outcome = agent.beginWait(this.#offset, WAIT, 0, inLoop ? 1 : 0, 0);
    if (outcome !== Outcome.blocked) return { outcome, result: exchange.control[0]! };
    const node = exchange.control[1]!;
    return timeout === 0 ? cancelled(node) : node;
  }

  /** The action went well. */
  #finish({ result }: Ended): number {
    return indexOf({ outcome: agent.finishBarrier(this.#offset, 1), result });
  }

  #state(which: number): number {
    requireOpen(this.#offset, 'Barrier');
    agent.barrierState(this.#offset);
    return exchange.control[which]!;
  }

  #done(outcome: number): void {
    if (outcome !== Outcome.done) throw failure(outcome, 'Barrier');
  }
}

function indexOf({ outcome, result }: Ended): number {
  if (outcome === Outcome.done) return result;
  if (outcome === Outcome.broken) throw new BrokenBarrierError();
  if (outcome === Outcome.timedOut) {
    throw new BrokenBarrierError('The barrier is broken: not everybody came within the timeout of this wait');
  }
  throw failure(outcome, 'Barrier');
}

/** What the promise comes to is of no interest any more. */
function asynchronous(result: Promise<unknown>): TypeError {
  result.catch(() => undefined);
  return new TypeError('action must not be asynchronous where waitSync is used: use wait');
}

/** Its place in the heap, and the action if it has one, which can be sent to threads but not be stored. */
type BarrierData = number | { readonly offset: number; readonly action: Action };

const placeOf = (data: unknown): number => (typeof data === 'number' ? data : (data as { offset: number }).offset);

registerHandleType<Barrier>({
  name: 'Barrier',
  type: Barrier,
  toHandle: (barrier) => Barrier.dataOf(barrier),
  fromHandle: (data) => {
    const action = typeof data === 'number' ? undefined : (data as { action: Action }).action;
    return attach(() => new Barrier(1, { action }), placeOf(data), Kind.barrier, 'Barrier');
  },
  hold: (data) => exportObject(placeOf(data), Kind.barrier),
  release: (data) => join().importObject(placeOf(data)),
  keep: (data) => void join().retainObject(placeOf(data), Kind.barrier),
  drop: (data) => void join().releaseObject(placeOf(data)),
});
