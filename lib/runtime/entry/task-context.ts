import type { CurrentTask } from '../current-task.js';
import { RECORD_FLAGS, RECORD_WORDS, type PoolMemory } from '../pool-memory.js';
import { FLAG_ABORT, FLAG_ASKED } from '../protocol.js';

/** `currentTask()` of one run of one task. Made when it is first asked for. */
export class TaskContext implements CurrentTask {
  readonly id: number;
  readonly attempt: number;
  readonly #words: Int32Array;
  readonly #flags: number;
  readonly #report: (value: unknown) => void;
  #controller: AbortController | undefined;
  #ended: boolean | undefined;

  constructor(memory: PoolMemory, index: number, attempt: number, report: (value: unknown) => void) {
    this.id = index;
    this.attempt = attempt;
    this.#words = memory.words;
    this.#flags = memory.records + index * RECORD_WORDS + RECORD_FLAGS;
    this.#report = report;
    // From now on the task can be expected to notice, so it is given its grace.
    Atomics.or(this.#words, this.#flags, FLAG_ASKED);
  }

  get aborted(): boolean {
    // Once the task has ended its record may be another's.
    return this.#ended ?? (Atomics.load(this.#words, this.#flags) & FLAG_ABORT) !== 0;
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.aborted) this.#controller.abort();
    return this.#controller.signal;
  }

  progress(value: unknown): void {
    if (this.#ended === undefined) this.#report(value);
  }

  /** The owner raised the abort flag and this thread's event loop has come round to it. */
  noticeAbort(): void {
    if (this.aborted) this.#controller?.abort();
  }

  end(): void {
    this.#ended = this.aborted;
  }
}
