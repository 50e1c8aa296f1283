import { getHeapStatistics } from 'node:v8';
import * as at from '../pool-memory.js';
import type { PoolMemory } from '../pool-memory.js';

/** A batch of tasks should take about so long, in ns: long against claiming it, short against waiting behind it. */
const BATCH = 50_000;

/** The figures that a worker keeps about its tasks, in shared memory. No clock is read beyond the one in `take()`. */
export class WorkerMeter {
  readonly #words: Int32Array;
  readonly #doubles: Float64Array;
  readonly #memory: PoolMemory;
  readonly #block: number;
  readonly #enteredAt: number;
  readonly #claimedAt: number;
  readonly #cost: number;
  readonly #busy: number;
  /** When the batch was claimed, and when its first task had been published; -1: no task has begun. */
  #claimed = 0;
  #published = -1;
  /** Tasks of the batch that have ended, and of all batches before. */
  #ran = 0;
  #total = 0;

  constructor(memory: PoolMemory, slot: number) {
    const doubles = memory.workerDoubles(slot);
    this.#memory = memory;
    this.#words = memory.words;
    this.#doubles = memory.doubles;
    this.#block = memory.workerWords(slot);
    this.#enteredAt = doubles + at.WORKER_ENTERED_AT_DOUBLE;
    this.#claimedAt = doubles + at.WORKER_CLAIMED_AT_DOUBLE;
    this.#cost = doubles + at.WORKER_COST_DOUBLE;
    this.#busy = doubles + at.WORKER_BUSY_DOUBLE;
  }

  /** The time of the last `take()`. */
  now(): number {
    return this.#doubles[this.#claimedAt]!;
  }

  /** How many tasks to claim at once, given a limit of tasks in all (0: none). */
  batch(mostTasks: number): number {
    const cost = this.#doubles[this.#cost]!;
    const most = mostTasks === 0 ? at.MOST_CLAIMS : Math.min(at.MOST_CLAIMS, mostTasks - this.#total - this.#ran);
    return cost === 0 ? 1 : Math.max(1, Math.min(most, Math.trunc(BATCH / cost)));
  }

  /** A task begins. */
  began(index: number): void {
    if (this.#published < 0) {
      this.#published = this.#doubles[this.#memory.recordDoubles + index * at.RECORD_DOUBLES + at.RECORD_TIME_DOUBLE]!;
    }
    this.#ran++;
  }

  /** `take()` has come back: it read the clock, so the batch before can be accounted for. */
  took(): void {
    const ran = this.#ran;
    if (ran > 0) {
      const elapsed = this.#doubles[this.#enteredAt]! - this.#claimed;
      const each = elapsed / ran;
      const cost = this.#doubles[this.#cost]!;
      // Quicker to believe that tasks got longer than that they got shorter: a long batch keeps others waiting.
      this.#doubles[this.#cost] = cost === 0 ? Math.max(1, each) : cost + (each - cost) / (each > cost ? 2 : 8);
      this.#doubles[this.#busy] = this.#doubles[this.#busy]! + elapsed;
      this.#words[this.#block + at.WORKER_COMPLETED] = this.#words[this.#block + at.WORKER_COMPLETED]! + ran;
      this.#count(at.WORKER_RUN_HISTOGRAM, each, ran);
      this.#count(at.WORKER_WAIT_HISTOGRAM, this.#claimed - this.#published, ran);
      this.#total += ran;
      this.#ran = 0;
      this.#published = -1;
    }
    this.#claimed = this.#doubles[this.#claimedAt]!;
  }

  #count(histogram: number, nanos: number, tasks: number): void {
    const bucket = Math.max(0, Math.min(at.HISTOGRAM_BUCKETS - 1, 31 - Math.clz32(nanos / 64)));
    this.#words[this.#block + histogram + bucket] = this.#words[this.#block + histogram + bucket]! + tasks;
  }

  failed(): void {
    this.#words[this.#block + at.WORKER_FAILED] = this.#words[this.#block + at.WORKER_FAILED]! + 1;
  }

  /** Has the worker reached a limit: of tasks run, or of bytes on its own heap? 0: no such limit. */
  isSpent(mostTasks: number, mostMemory: number): boolean {
    if (mostTasks > 0 && this.#total + this.#ran >= mostTasks) return true;
    if (mostMemory === 0 || this.#ran === 0) return false;
    const heap = getHeapStatistics();
    return heap.used_heap_size + heap.external_memory > mostMemory;
  }
}
