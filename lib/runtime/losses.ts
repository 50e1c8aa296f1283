import type { NativePoolOwner } from '../binding/pool.js';
import { crashError, startError } from './crash-error.js';
import type { Departure } from './crew-member.js';
import { Operation } from './protocol.js';
import type { Settlement, Staffed } from './settlement.js';
import type { TaskBoard } from './task-board.js';
import type { TaskWatch } from './task-watch.js';
import type { Task } from './task.js';

/** Deals with what a worker leaves behind: the task that it ran, those that were for it, its place. */
export class Losses {
  readonly #native: NativePoolOwner;
  readonly #board: TaskBoard;
  readonly #watch: TaskWatch;
  readonly #settlement: Settlement;
  readonly #staff: Staffed;

  constructor(owner: NativePoolOwner, board: TaskBoard, watch: TaskWatch, settlement: Settlement, staff: Staffed) {
    this.#native = owner;
    this.#board = board;
    this.#watch = watch;
    this.#settlement = settlement;
    this.#staff = staff;
  }

  /** The worker's results have been read. */
  deal({ member, error, ...exit }: Departure): void {
    const { crew, staffing } = this.#staff;
    const lost = this.#board.reclaim(member.slot);
    const cause = member.crash ?? error;
    // By a terminal, before it could ignore that. It goes like one that we end: another one comes, and nobody is to blame.
    if (exit.signal === 'SIGINT' && !member.serving) member.leaving = member.killed = true;
    crew.vacate(member);
    if (!member.leaving) this.#settlement.crashed++;
    const stranded: Task[] = [];
    for (const task of lost) {
      if (task.settled) {
        this.#watch.ended(task);
        this.#board.finish(task);
      } else if (this.#board.runner(task) < 0 && task.operation !== Operation.initialize) {
        stranded.push(task);
      } else if (task.attempt <= (task.limits?.retries ?? 0)) {
        this.#board.again(task);
      } else {
        this.#board.finish(task);
        this.#settlement.settle(task);
        task.reject(crashError(member, exit, cause));
      }
    }
    staffing.departed(member, () => startError(member, exit, cause), this.#settlement.unsettled);
    this.#readdress(stranded);
  }

  /** Tasks for a worker that went before it began them: they go to the newest workers, its replacement first. */
  #readdress(tasks: readonly Task[]): void {
    if (tasks.length === 0) return;
    const heirs = this.#staff.crew.members.filter((member) => !member.leaving).sort((a, b) => b.id - a.id);
    for (const [i, task] of tasks.entries()) {
      if (task.settled) continue; // the pool failed
      const slot = heirs[i % heirs.length]?.slot ?? -1;
      this.#board.readdress(task, slot);
      if (slot >= 0) this.#native.nudge(slot);
    }
  }
}
