import { joinStacks } from '../transport/value/error.js';
import type { Crew } from './crew.js';
import { withoutOwnFrames } from './own-frames.js';
import type { ResultSink } from './result-reader.js';
import type { Staffing } from './staffing.js';
import type { TaskBoard } from './task-board.js';
import type { TaskWatch } from './task-watch.js';
import type { Task } from './task.js';

/** Whom workers' news concern. */
export interface Staffed {
  readonly crew: Crew;
  readonly staffing: Staffing;
}

/** Settles tasks, each once, with what workers tell of them; passes on what workers tell of themselves. */
export class Settlement implements ResultSink {
  readonly #board: TaskBoard;
  readonly #watch: TaskWatch;
  readonly #staff: Staffed;
  readonly #onIdle: () => void;
  /** Tasks that were taken and not settled. */
  unsettled = 0;
  /** Tasks that were settled with a result, and those with an error, whatever their workers did after that. */
  completed = 0;
  unsuccessful = 0;
  crashed = 0;
  /** The worker whose message is being decoded. */
  sender = -1;

  /** @param onIdle no task is unsettled any more */
  constructor(board: TaskBoard, watch: TaskWatch, staff: Staffed, onIdle: () => void) {
    this.#board = board;
    this.#watch = watch;
    this.#staff = staff;
    this.#onIdle = onIdle;
  }

  /**
   * The task is over for whoever gave it, whatever its worker does.
   * @param good it has a result, not an error
   */
  settle(task: Task, good = false): void {
    task.settled = true;
    if (good) this.completed++;
    else this.unsuccessful++;
    if (task.limits !== undefined) this.#watch.settled(task);
    if (--this.unsettled > 0) return;
    this.#board.window = Infinity;
    this.#onIdle();
  }

  succeeded(index: number, value: unknown): void {
    const task = this.#board.at(index)!;
    this.#board.finish(task);
    if (task.settled) this.#watch.ended(task);
    else {
      this.settle(task, true);
      task.resolve(value as never);
    }
  }

  failed(index: number, error: unknown, slot: number): void {
    const task = this.#board.at(index)!;
    this.#board.finish(task);
    if (task.settled) return this.#watch.ended(task);
    this.settle(task);
    if (task.caller?.stack !== undefined) {
      if (error instanceof Error && error.stack !== undefined) error.stack = withoutOwnFrames(error.stack);
      joinStacks(error, withoutOwnFrames(task.caller.stack), this.#staff.crew.at(slot)?.name ?? 'worker');
    }
    task.reject(error);
  }

  progressed(index: number, value: unknown): void {
    const task = this.#board.at(index);
    if (task === undefined || task.settled || task.onProgress === undefined) return;
    task.onProgress(value);
  }

  receiving(slot: number): void {
    this.sender = slot;
  }

  serving(slot: number, threadId: number): void {
    this.#staff.crew.serves(slot, threadId);
    this.#staff.staffing.served();
  }

  retired(slot: number): void {
    this.#staff.staffing.retired(slot, this.unsettled);
  }

  exiting(slot: number): void {
    this.#staff.crew.exits(slot);
  }

  crashing(slot: number, error: unknown): void {
    const member = this.#staff.crew.at(slot);
    if (member !== undefined) member.crash = error;
  }
}
