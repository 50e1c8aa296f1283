import type { ArgumentWriter } from './argument-writer.js';
import { Backlog } from './backlog.js';
import * as at from './pool-memory.js';
import type { PoolMemory } from './pool-memory.js';
import {
  FLAG_ABORT,
  FLAG_ASKED,
  FLAG_CONDEMNED,
  Form,
  GENERATION_SHIFT,
  PHASE_MASK,
  READY,
  RUNNING,
  SLOT_MASK,
  SLOT_SHIFT,
  TIMED,
} from './protocol.js';
import { TaskMail } from './task-mail.js';
import type { Task } from './task.js';

/** Entries are published in groups of this many: one store that workers see, not one a task. */
const GROUP = 16;
/** Records kept for tasks that a certain worker has to run. */
const RESERVED = 64;

/**
 * The owner's side of the task records and of the ring: which task is where.
 *
 * Only the owner's thread changes it. Workers change the state word of a published record, so every decision about a
 * published task goes through that word (native/executor/README.md).
 */
export class TaskBoard {
  readonly #memory: PoolMemory;
  readonly #arguments: ArgumentWriter;
  readonly #published: (Task | undefined)[] = [];
  readonly #generations: Uint16Array;
  readonly #free: Uint16Array;
  readonly #backlog = new Backlog();
  readonly #mail: TaskMail;
  #freeCount: number;
  /** One past the highest record ever used: records are handed out from the lowest on, so it is small as a rule. */
  #highest = 0;
  /** Where the next entry goes, and up to where workers have been told. */
  #tail = 0;
  #told = 0;
  /** The claiming end, as last seen. */
  #head = 0;
  /** Tasks that may be published at one time. Few while priorities are in use: the ring itself is first in, first out. */
  #window: number;
  /** Time of publication that the next tasks get, in ns. */
  tick = 0;

  constructor(memory: PoolMemory, writer: ArgumentWriter) {
    const { records } = memory.size;
    this.#memory = memory;
    this.#arguments = writer;
    this.#mail = new TaskMail(memory);
    this.#generations = new Uint16Array(records);
    this.#free = new Uint16Array(records);
    for (let i = 0; i < records; i++) this.#free[i] = records - 1 - i;
    this.#freeCount = records;
    this.#window = records;
  }

  /** Tasks with a record. */
  get published(): number {
    return this.#memory.size.records - this.#freeCount;
  }

  /** Tasks with a record that no worker has begun. */
  get notBegun(): number {
    let count = 0;
    for (const task of this.tasks()) if (this.runner(task) < 0) count++;
    return count;
  }

  /** Tasks without one. */
  get waiting(): number {
    return this.#backlog.size;
  }

  /** Limits how many tasks are published at one time, so that what waits can still be put in order. */
  set window(tasks: number) {
    this.#window = Math.min(tasks, this.#memory.size.records);
  }

  get unlimited(): boolean {
    return this.#window === this.#memory.size.records;
  }

  /** Publishes a prepared task now or, when too many are, later. */
  add(task: Task): void {
    if (task.slot >= 0 && this.#freeCount > 0) {
      this.#publish(task); // does not queue behind others: its worker may be waiting for it to begin with them
      return;
    }
    if (this.#backlog.size === 0 && this.#mayPublish()) {
      this.#publish(task);
      return;
    }
    // Scalars are read when the task gets its record: the caller may change the array meanwhile.
    if (task.form > 0 && task.form < Form.inline) task.args = task.args.slice();
    this.#backlog.push(task);
  }

  /** Publishes what waits, as far as records allow. */
  refill(): void {
    this.#mail.resume();
    while (this.#backlog.size > 0 && this.#mayPublish()) {
      const task = this.#backlog.shift();
      if (task === undefined) return;
      this.#publish(task);
    }
  }

  #mayPublish(): boolean {
    return this.#freeCount > RESERVED && this.published < this.#window && this.#hasRoom();
  }

  /** Room in the ring. Withdrawn tasks leave their entries behind, so free records do not mean free places. */
  #hasRoom(): boolean {
    if (((this.#tail - this.#head) | 0) <= this.#memory.entryMask) return true;
    this.#head = Atomics.load(this.#memory.words, at.CONTROL_HEAD);
    return ((this.#tail - this.#head) | 0) <= this.#memory.entryMask;
  }

  #publish(task: Task): void {
    const { words, doubles, records, recordDoubles } = this.#memory;
    const index = this.#free[--this.#freeCount]!;
    const record = records + index * at.RECORD_WORDS;
    const recordDouble = recordDoubles + index * at.RECORD_DOUBLES;
    task.index = index;
    this.#published[index] = task;
    if (index >= this.#highest) this.#highest = index + 1;
    this.#arguments.place(task, record, recordDouble);
    words[record + at.RECORD_FUNCTION] = task.functionId;
    words[record + at.RECORD_KIND] =
      task.form | (task.operation << 8) | (task.attempt << 16) | (task.limits?.timeout === undefined ? 0 : TIMED);
    doubles[recordDouble + at.RECORD_TIME_DOUBLE] = this.tick;
    Atomics.store(words, record + at.RECORD_FLAGS, 0);
    // A copy of an entry of this very generation cannot exist yet, so nobody begins it before the tail moves; still the
    // word is stored atomically, since workers swap it.
    Atomics.store(words, record, (this.#generations[index]! << GENERATION_SHIFT) | READY);
    if (task.slot < 0) {
      this.#push(index);
      // Encoding took longer than telling does.
      if (task.form >= Form.inline) this.tell();
    } else this.#mail.send(task, this.#entryOf(index));
  }

  /** The hint at a published task. */
  #entryOf(index: number): number {
    return (this.#generations[index]! << GENERATION_SHIFT) | index;
  }

  /** Puts the hint at a published task into the ring. */
  #push(index: number): void {
    const { words, entries, entryMask } = this.#memory;
    words[entries + (this.#tail & entryMask)] = this.#entryOf(index);
    this.#tail = (this.#tail + 1) | 0;
    if (((this.#tail - this.#told) | 0) >= GROUP) this.tell();
  }

  /** Lets workers see what was published. */
  tell(): void {
    if (this.#told === this.#tail) return;
    this.#told = this.#tail;
    Atomics.store(this.#memory.words, at.CONTROL_TAIL, this.#tail);
  }

  /** Entries in the ring that nobody has claimed. */
  get unclaimed(): number {
    return (this.#told - Atomics.load(this.#memory.words, at.CONTROL_HEAD)) | 0;
  }

  /** The task of a published record. */
  at(index: number): Task | undefined {
    return this.#published[index];
  }

  /** The task is over: its record, and what its arguments took, are free again. */
  finish(task: Task): void {
    this.#retire(task);
    if (task.form >= Form.inline) this.#arguments.release(task);
  }

  /** Frees the record of a task that has been begun. */
  #retire(task: Task): void {
    const { index } = task;
    const { words, records } = this.#memory;
    const record = records + index * at.RECORD_WORDS;
    const generation = (this.#generations[index]! + 1) & 0xffff;
    this.#generations[index] = generation;
    if (task.settled) Atomics.store(words, record + at.RECORD_FLAGS, 0); // a worker may wait for it to be pardoned
    Atomics.store(words, record, generation << GENERATION_SHIFT);
    this.#vacate(task);
  }

  #vacate(task: Task): void {
    this.#published[task.index] = undefined;
    this.#free[this.#freeCount++] = task.index;
    task.index = -1;
  }

  /** Makes sure that a task that nobody has begun never is. False: somebody has. */
  withdraw(task: Task): boolean {
    if (task.index < 0) {
      // In the backlog, which drops settled tasks.
      this.#arguments.release(task);
      return true;
    }
    const generation = this.#generations[task.index]!;
    const ready = (generation << GENERATION_SHIFT) | READY;
    const next = (generation + 1) & 0xffff;
    const state = this.#memory.records + task.index * at.RECORD_WORDS;
    if (Atomics.compareExchange(this.#memory.words, state, ready, next << GENERATION_SHIFT) !== ready) return false;
    this.#generations[task.index] = next;
    this.#vacate(task);
    this.#arguments.release(task);
    return true;
  }

  /** Slot of the worker that runs it; -1: nobody has begun it. */
  runner(task: Task): number {
    if (task.index < 0) return -1;
    const state = Atomics.load(this.#memory.words, this.#memory.records + task.index * at.RECORD_WORDS);
    return (state & PHASE_MASK) === RUNNING ? (state >>> SLOT_SHIFT) & SLOT_MASK : -1;
  }

  /** When a timed task was begun, in ns; only for one that runs. */
  beganAt(task: Task): number {
    return this.#memory.doubles[this.#memory.recordDoubles + task.index * at.RECORD_DOUBLES + at.RECORD_TIME_DOUBLE]!;
  }

  /** Raises the abort flag of a running task. True: the task can notice it. */
  raiseAbort(task: Task): boolean {
    const flags = this.#memory.records + task.index * at.RECORD_WORDS + at.RECORD_FLAGS;
    return (Atomics.or(this.#memory.words, flags, FLAG_ABORT) & FLAG_ASKED) !== 0;
  }

  /** Has the worker of a running task begin nothing else. */
  condemn(task: Task): void {
    const flags = this.#memory.records + task.index * at.RECORD_WORDS + at.RECORD_FLAGS;
    Atomics.or(this.#memory.words, flags, FLAG_CONDEMNED);
  }

  /** Every published task. */
  *tasks(): Generator<Task> {
    for (let index = 0; index < this.#highest; index++) {
      const task = this.#published[index];
      if (task !== undefined) yield task;
    }
  }

  /** Every task that waits for a record; they wait no longer. */
  *drainBacklog(): Generator<Task> {
    for (let task = this.#backlog.shift(); task !== undefined; task = this.#backlog.shift()) yield task;
  }

  /** Tasks that a dead worker had begun, and hints again at those that it had only claimed. */
  reclaim(slot: number): Task[] {
    const lost: Task[] = [];
    for (const task of this.tasks()) {
      const runner = this.runner(task);
      if (runner === slot || (runner < 0 && task.slot === slot)) lost.push(task);
      // A hint too many does no harm: the state word lets one begin. Where the ring is full, workers come by anyway.
      else if (runner < 0 && task.slot < 0 && this.#hasRoom()) this.#push(task.index);
    }
    this.tell();
    return lost;
  }

  /** Publishes a task that nobody has begun anew, for another worker; -1: any. */
  readdress(task: Task, slot: number): void {
    this.#mail.recall(task);
    this.#retire(task);
    task.slot = slot;
    this.add(task);
  }

  /** Runs a lost task again. Its arguments are still where they were. */
  again(task: Task): void {
    this.#retire(task);
    task.attempt++;
    this.add(task);
  }
}
