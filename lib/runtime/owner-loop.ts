import { attend } from '../base/duties.js';
import { now } from '../base/timers.js';
import type { NativePoolOwner } from '../binding/pool.js';
import type { Crew } from './crew.js';
import { OwnerSpin } from './owner-spin.js';
import { CONTROL_DEATHS, CONTROL_OWNER, type PoolMemory } from './pool-memory.js';
import type { ResultReader } from './result-reader.js';
import type { Settlement } from './settlement.js';
import type { TaskBoard } from './task-board.js';
import type { TaskWatch } from './task-watch.js';
import { LOOK_AFTER, type WorkerAlarm } from './worker-alarm.js';

/** How long `waitSync` blocks at most before it looks at deaths and limits, in ms. */
const SYNC_SLICE = 50;

const resolved = Promise.resolve();

/** What the loop turns over. */
export interface LoopParts {
  readonly memory: PoolMemory;
  readonly owner: NativePoolOwner;
  readonly board: TaskBoard;
  readonly reader: ResultReader;
  readonly alarm: WorkerAlarm;
  readonly watch: TaskWatch;
  readonly crew: Crew;
  readonly settlement: Settlement;
}

/**
 * When the owner tells its workers of tasks, and waits for what they have to tell.
 *
 * The tasks of a tick are published together, at the latest in a microtask, which then waits a moment for results before it
 * leaves the rest to the event loop. `waitSync` does the same on the spot.
 */
export class OwnerLoop {
  readonly #memory: PoolMemory;
  readonly #owner: NativePoolOwner;
  readonly #board: TaskBoard;
  readonly #reader: ResultReader;
  readonly #alarm: WorkerAlarm;
  readonly #watch: TaskWatch;
  readonly #crew: Crew;
  readonly #settlement: Settlement;
  readonly #spin = new OwnerSpin(() => this.#flush());
  /** A task was submitted in this tick, whose time is known. */
  ticked = false;
  #deathsSeen = 0;
  #scheduled = false;
  #referenced = false;
  #held = false;
  /** Inside `waitSync`, so often: no event of the event loop arrives. */
  #blocked = 0;

  constructor({ memory, owner, board, reader, alarm, watch, crew, settlement }: LoopParts) {
    this.#memory = memory;
    this.#owner = owner;
    this.#board = board;
    this.#reader = reader;
    this.#alarm = alarm;
    this.#watch = watch;
    this.#crew = crew;
    this.#settlement = settlement;
  }

  /**
   * Blocks the thread until `done`; settles whatever comes in meanwhile.
   * @param millis at most so long
   * @returns false when the time passed first
   */
  waitSync(done: () => boolean, millis = Infinity): boolean {
    const deadline = now() + millis;
    this.#blocked++;
    try {
      for (;;) {
        this.#board.tell();
        this.drain();
        if (done()) return true;
        const left = deadline - now();
        const awake = this.#alarm.wakeWorthwhile();
        if (awake && left > 0 && this.#owner.spin(this.#deathsSeen, this.#spin.nanos)) continue;
        this.#alarm.wakeForQueued();
        const slice = attend(this.#alarm.mayBeStuck() ? LOOK_AFTER : SYNC_SLICE);
        const due = this.#watch.poll();
        if (left <= 0) return done(); // who looks again and again does not let the event loop turn either
        this.#owner.sleep(this.#deathsSeen, Math.min(left, due, slice));
      }
    } finally {
      this.#blocked--;
      this.ticked = false;
      this.schedule();
    }
  }

  /** Keeps the event loop alive although nothing is unsettled: somebody waits for the workers to be gone. */
  hold(held: boolean): void {
    this.#held = held;
    this.#reference(this.#settlement.unsettled > 0 || held);
    if (held) this.schedule(); // to wait for what the workers have to tell as they leave
  }

  /** Has the tasks of this tick published and what comes back taken in, soon. */
  schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    // A promise reaction rather than queueMicrotask, which wraps each call in an async resource.
    void resolved.then(this.#flush);
  }

  readonly #flush = (): void => {
    this.#scheduled = false;
    this.ticked = false;
    this.#spin.watch();
    this.#board.tell();
    this.#reference(this.#settlement.unsettled > 0 || this.#held);
    if (this.#board.published === 0) {
      if (this.#held) this.#park();
      return;
    }
    const awake = this.#alarm.wakeWorthwhile();
    const nanos = this.#spin.budget(awake);
    if (nanos === 0) return; // the event loop is due; it calls back
    const { words } = this.#memory;
    if ((Atomics.load(words, CONTROL_OWNER) & 1) !== 0) Atomics.and(words, CONTROL_OWNER, ~1); // not parked any more
    const found = this.#owner.spin(this.#deathsSeen, nanos);
    this.#spin.learn(found);
    if (found) {
      this.drain();
      this.schedule();
      return;
    }
    if (awake) this.#alarm.wakeForQueued();
    this.#park();
  };

  #park(): void {
    if (!this.#owner.parkInLoop(this.#deathsSeen)) {
      this.drain();
      this.schedule();
      return;
    }
    this.#alarm.watch();
  }

  /** Takes in what workers have told, and goes on with it: one of them may have poked the event loop. */
  wake(): void {
    this.drain();
    this.schedule();
  }

  /** Takes in what workers have told; while the thread is blocked their ends as well. */
  drain(): void {
    this.#deathsSeen = Atomics.load(this.#memory.words, CONTROL_DEATHS);
    this.collect();
    if (this.#blocked > 0) this.#crew.reap();
  }

  /** Settles what has a result, and publishes what waits for a record. */
  collect(): void {
    if (this.#reader.drain() > 0) this.#board.refill();
  }

  #reference(needed: boolean): void {
    if (needed === this.#referenced) return;
    this.#referenced = needed;
    if (needed) this.#owner.ref();
    else this.#owner.unref();
  }
}
