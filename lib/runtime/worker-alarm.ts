import { setTimeout } from '../base/timers.js';
import type { NativePoolOwner } from '../binding/pool.js';
import type { Crew } from './crew.js';
import { CONTROL_SLEEPERS, WORKER_COST_DOUBLE, type PoolMemory } from './pool-memory.js';
import type { TaskBoard } from './task-board.js';

/** How much queued work, in ns, is worth waking one more worker for: about what waking costs. */
const WAKE_WORTH = 50_000;
/** How long a task that nobody has begun may lie beside a sleeping worker before somebody looks, in ms. */
export const LOOK_AFTER = 2;

/**
 * Decides when to wake how many workers.
 *
 * Waking costs both sides some 50 microseconds, so short tasks are left to whoever is awake. That rests on an estimate; what
 * makes it safe is that sleepers are woken for anything still queued before the owner goes to its event loop, and
 * that somebody looks after tasks which were claimed beside a sleeper and not begun.
 */
export class WorkerAlarm {
  readonly #memory: PoolMemory;
  readonly #native: NativePoolOwner;
  readonly #board: TaskBoard;
  readonly #crew: Crew;
  #look: NodeJS.Timeout | undefined;
  /** Workers that `rouse` woke since the last `wakeWorthwhile`: 0 or 1. */
  #roused = 0;

  constructor(memory: PoolMemory, native: NativePoolOwner, board: TaskBoard, crew: Crew) {
    this.#memory = memory;
    this.#native = native;
    this.#board = board;
    this.#crew = crew;
  }

  get #sleepers(): number {
    return Atomics.load(this.#memory.words, CONTROL_SLEEPERS);
  }

  /**
   * A first task came while everybody sleeps: one worker is woken for certain, so it may as well wake up while the
   * submission goes on. What follows on this thread (the caller's stack, the microtask) takes about as long as that.
   */
  rouse(): void {
    const sleepers = this.#sleepers;
    if (sleepers === 0 || sleepers < this.#crew.size) return;
    this.#board.tell();
    this.#roused = this.#native.wake(1);
  }

  /**
   * Wakes as many workers as the queued work is worth; one at least, if nobody is awake.
   * @returns whether anybody was awake: who has to be woken first is not worth waiting for on the spot
   */
  wakeWorthwhile(): boolean {
    const sleepers = this.#sleepers;
    const roused = this.#roused;
    this.#roused = 0;
    const awake = this.#crew.size > sleepers + roused;
    if (sleepers === 0) return awake;
    const queued = this.#board.unclaimed;
    if (queued === 0) return awake;
    // Who was roused may have claimed a task already, and is counted for it.
    const tasks = roused > 0 ? this.#board.published : queued;
    const worth = Math.ceil((tasks * this.#cost()) / WAKE_WORTH);
    const count = Math.min(queued, awake || roused > 0 ? worth - 1 : worth);
    if (count > 0) this.#native.wake(count);
    return awake;
  }

  /** What a task takes in ns, by the slowest worker's figures; unknown at first, when waking is worth it. */
  #cost(): number {
    let most = 0;
    for (const { slot } of this.#crew.members) {
      most = Math.max(most, this.#memory.doubles[this.#memory.workerDoubles(slot) + WORKER_COST_DOUBLE]!);
    }
    return most === 0 ? WAKE_WORTH : most;
  }

  /** Waiting on the spot was in vain: whoever is awake is busy with something longer. */
  wakeForQueued(): void {
    const queued = this.#board.unclaimed;
    if (queued > 0) this.#native.wake(queued);
  }

  /** Somebody sleeps, though there are tasks that those who are awake may not have begun. */
  mayBeStuck(): boolean {
    const sleepers = this.#sleepers;
    return sleepers > 0 && this.#board.published > this.#crew.size - sleepers;
  }

  /** The owner goes to its event loop: looks after what may be stuck meanwhile. */
  watch(): void {
    if (!this.mayBeStuck()) return;
    this.#look ??= setTimeout(() => this.#lookForStuck(), LOOK_AFTER).unref();
    this.#look.refresh();
  }

  /** A worker may have claimed several tasks and be long at the first: lets a sleeper take the others over. */
  #lookForStuck(): void {
    if (!this.mayBeStuck()) return;
    const waiting = this.#board.notBegun;
    if (waiting > 0) this.#native.wake(waiting);
    this.#look?.refresh();
  }
}
