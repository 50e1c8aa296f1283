import type { AnyFunction } from '../transport/value/codec.js';
import type { CrewMember } from './crew-member.js';
import type { Crew } from './crew.js';
import type { FunctionTable } from './function-table.js';
import { clearTimeout, setTimeout } from '../base/timers.js';
import { Operation } from './protocol.js';
import { Task } from './task.js';

/** Workers that die one after the other without ever serving, before the pool gives up. */
const MOST_FALSE_STARTS = 3;

export interface StaffingOptions {
  readonly processes: number;
  /** Workers that are there even when there is nothing to do. */
  readonly minWorkers: number;
  /** After so many ms without a task, workers beyond `minWorkers` leave; undefined: they stay. */
  readonly idleTimeout: number | undefined;
  readonly initializer: AnyFunction | undefined;
  readonly initargs: readonly unknown[];
}

/** What staffing needs of the dispatcher. */
export interface Employer {
  readonly functions: FunctionTable;
  readonly unsettled: number;
  submit(task: Task): void;
}

/** Keeps the crew at strength: who is started, made ready, replaced and let go, and when the pool has to give up. */
export class Staffing {
  readonly #crew: Crew;
  readonly #options: StaffingOptions;
  readonly #employer: Employer;
  readonly #initializer: number;
  #falseStarts = 0;
  #recycled = 0;
  #closed = false;
  #idle: NodeJS.Timeout | undefined;
  /** Called once, when no worker can be had; the pool is to fail with the error. */
  onFailure: (error: unknown) => void = () => {};
  /** Called for each worker that is started. */
  onHire: () => void = () => {};

  constructor(crew: Crew, options: StaffingOptions, employer: Employer) {
    this.#crew = crew;
    this.#options = options;
    this.#employer = employer;
    this.#initializer =
      options.initializer === undefined ? 0 : employer.functions.functionId(options.initializer, 'initializer');
  }

  /** Workers that left having reached a limit of theirs. */
  get recycled(): number {
    return this.#recycled;
  }

  /** The most workers at one time. */
  get processes(): number {
    return this.#options.processes;
  }

  /** Has as many workers there as there may be. */
  muster(): void {
    this.#fill(this.#options.processes);
  }

  /** Starts the first workers. @throws what the system throws for unusable options; none is left then */
  open(): void {
    try {
      while (this.#crew.size < this.#options.minWorkers) if (!this.#hire()) break;
    } catch (error) {
      this.#closed = true;
      this.#crew.close();
      for (const member of this.#crew.members) this.#crew.kill(member);
      throw error;
    }
  }

  /** No worker is started any more, except for tasks that are there. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#idle);
    this.#crew.close();
  }

  /** So many tasks are there: are the workers enough? */
  grow(tasks: number): void {
    if (this.#idle !== undefined) this.#idle.refresh();
    else if (this.#options.idleTimeout !== undefined && !this.#closed) this.#watchIdle(this.#options.idleTimeout);
    if (this.#crew.size < this.#options.processes) this.#fill(tasks);
  }

  #fill(tasks: number): void {
    const floor = this.#closed ? 0 : this.#options.minWorkers;
    const wanted = Math.min(this.#options.processes, Math.max(floor, tasks));
    try {
      while (this.#crew.size < wanted) if (!this.#hire()) return;
    } catch (error) {
      this.onFailure(error);
    }
  }

  #hire(): boolean {
    const member = this.#crew.start();
    if (member === undefined) return false; // every slot is still being vacated; each departure comes by here again
    this.onHire();
    if (this.#initializer !== 0) {
      const task = new Task(
        this.#initializer,
        this.#options.initializer,
        Operation.initialize,
        this.#options.initargs,
        () => {},
        (error: unknown) => {
          if (!member.killed) this.onFailure(error);
        },
        undefined,
        member.slot,
      );
      this.#employer.submit(task);
    }
    return true;
  }

  /** A worker has come up. */
  served(): void {
    this.#falseStarts = 0;
  }

  /** A worker is leaving of its own accord, having reached its limit. */
  retired(slot: number, tasks: number): void {
    const member = this.#crew.at(slot);
    if (member === undefined) return;
    this.#crew.leaves(member);
    this.#recycled++;
    this.#fill(tasks);
  }

  /** A worker is gone and its tasks were dealt with. */
  departed(member: CrewMember, failure: () => Error, tasks: number): void {
    if (!member.serving && !member.leaving && ++this.#falseStarts >= MOST_FALSE_STARTS) {
      this.onFailure(failure());
      return;
    }
    this.#fill(tasks);
  }

  #watchIdle(idleTimeout: number): void {
    this.#idle = setTimeout(() => {
      if (this.#employer.unsettled > 0) {
        this.#idle?.refresh();
        return;
      }
      this.#idle = undefined;
      const surplus = this.#crew.members.filter((member) => !member.leaving).slice(this.#options.minWorkers);
      for (const member of surplus) this.#crew.dismiss(member);
    }, idleTimeout).unref();
  }
}
