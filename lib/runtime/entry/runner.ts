import { setImmediate } from '../../base/timers.js';
import { native } from '../../binding/native.js';
import type { NativePoolWorker } from '../../binding/pool.js';
import { releaseAttachedBuffers } from '../../memory/attached-buffer.js';
import { closeColumns } from '../column.js';
import * as at from '../pool-memory.js';
import type { PoolMemory } from '../pool-memory.js';
import { COMMAND_SIGNAL, COMMAND_STOP, INDEX_MASK, Result } from '../protocol.js';
import type { WorkerData } from '../host/worker-data.js';
import type { Inbox } from './inbox.js';
import type { ResultWriter } from './result-writer.js';
import type { TaskRunner } from './task-runner.js';
import type { WorkerMeter } from './worker-meter.js';

/** How long an idle worker looks for work before it sleeps, in ns: about the cost of being woken. */
const SPIN = 50_000;
/** How long tasks run back to back before the event loop gets a turn, in ns. */
const TURN = 1_000_000;

/**
 * The loop of a worker: takes tasks, runs them one at a time, sends results, sleeps.
 *
 * It lives on the worker's event loop. While there is work it stays on the stack, apart from a turn of the loop each
 * millisecond; a task that gives a promise leaves it to the loop until the promise settles; an idle worker sleeps on
 * its futex when its loop has nothing to do, else in its loop.
 */
export class Runner {
  readonly #words: Int32Array;
  readonly #native: NativePoolWorker;
  readonly #inbox: Inbox;
  readonly #results: ResultWriter;
  readonly #meter: WorkerMeter;
  readonly #tasks: TaskRunner;
  readonly #data: WorkerData;
  readonly #block: number;
  readonly #exit: (code: number) => never;

  /** The claim list: entries from #next to before #count are still to be begun. */
  #next = 0;
  #count = 0;
  /** A promise is pending, so the loop of this class is off the stack. */
  #waiting = false;
  #inLoop = false;
  /** Tasks ran since the event loop last had a turn. */
  #dirty = true;
  /** The last look found a task, so the next one may be close behind. */
  #warm = false;
  /** Since when tasks run back to back; Infinity: from the next look on, which reads the clock. */
  #turnAt = 0;

  constructor(
    memory: PoolMemory,
    data: WorkerData,
    end: NativePoolWorker,
    inbox: Inbox,
    results: ResultWriter,
    meter: WorkerMeter,
    tasks: TaskRunner,
    exit: (code: number) => never,
  ) {
    this.#words = memory.words;
    this.#native = end;
    this.#inbox = inbox;
    this.#results = results;
    this.#data = data;
    this.#block = memory.workerWords(data.slot);
    this.#meter = meter;
    this.#tasks = tasks;
    this.#exit = exit;
  }

  start(): void {
    this.#native.ref();
    this.#results.pushNumber(0, Result.serving, native.threadId());
    this.turn();
  }

  /** The owner poked this worker's event loop. */
  wake(): void {
    if (this.#obey()) return;
    if (this.#inLoop) {
      this.#inLoop = false;
      this.#native.leaveLoop();
      this.turn();
    }
  }

  /** Runs what there is; returns when the event loop has to go on. */
  readonly turn = (): void => {
    if (this.#waiting || this.#inLoop) return;
    this.#turnAt = this.#meter.now();
    for (;;) {
      while (this.#next < this.#count) {
        const entry = this.#words[this.#block + at.WORKER_CLAIMS + this.#next++]!;
        if (!this.#tasks.begin(entry)) continue;
        const pending = this.#tasks.run(entry & INDEX_MASK);
        if (pending !== undefined) {
          this.#waiting = true;
          void pending.then(this.#settled);
          return;
        }
      }
      this.#leaveIfSpent();
      if (this.#meter.now() - this.#turnAt > TURN) {
        this.#dirty = false;
        setImmediate(this.turn);
        return;
      }
      this.#next = 0;
      this.#count = this.#native.take(this.#meter.batch(this.#data.mostTasks), this.#warm ? SPIN : 0);
      this.#meter.took();
      this.#turnAt = Math.min(this.#turnAt, this.#meter.now());
      this.#warm = this.#count > 0;
      if (this.#warm) {
        this.#dirty = true;
        continue;
      }
      if (this.#obey()) return;
      if (this.#idle()) return;
    }
  };

  /** The promise of a task has settled, and its result is on its way. */
  readonly #settled = (): void => {
    this.#waiting = false;
    this.turn();
  };

  /** Nothing to do. True: the event loop goes on and will call `turn`. */
  #idle(): boolean {
    if (this.#dirty) {
      // What tasks left behind (microtasks, ticks, rejections, timers) gets its turn before anybody sleeps.
      this.#dirty = false;
      setImmediate(this.turn);
      return true;
    }
    closeColumns();
    releaseAttachedBuffers();
    this.#inbox.receive();
    // Timers, sockets, requests: what keeps a program alive. Handles of our own are not among them.
    if (process.getActiveResourcesInfo().length > 0) {
      this.#inLoop = this.#native.enterLoop();
      return this.#inLoop;
    }
    this.#native.park(this.#data.slice);
    this.#turnAt = Infinity;
    // Back to JavaScript and its loop after each slice, so that a termination of this thread gets through.
    this.#dirty = true;
    return false;
  }

  /** Does what the command word says. True: this worker is leaving. */
  #obey(): boolean {
    const commands = Atomics.load(this.#words, this.#block + at.WORKER_COMMAND);
    if (commands === 0) return Atomics.load(this.#words, at.CONTROL_SHUTDOWN) !== 0 && this.#exit(0);
    if ((commands & COMMAND_SIGNAL) !== 0) {
      Atomics.and(this.#words, this.#block + at.WORKER_COMMAND, ~COMMAND_SIGNAL);
      this.#tasks.noticeAbort();
    }
    if ((commands & COMMAND_STOP) !== 0 && !this.#waiting) this.#exit(0);
    return false;
  }

  /** Recycling: leaves once it has run its number of tasks, or its heap has grown beyond its limit. */
  #leaveIfSpent(): void {
    if (this.#meter.isSpent(this.#data.mostTasks, this.#data.mostMemory)) {
      this.#results.pushTag(0, Result.retired);
      this.#exit(0);
    }
  }
}
