import * as at from './pool-memory.js';
import type { PoolMemory } from './pool-memory.js';
import type { Task } from './task.js';

/** A published task that found the mailbox of its worker full, and the hint at its record. */
interface Letter {
  readonly task: Task;
  readonly entry: number;
}

/** The owner's ends of the mailboxes: hints at tasks that a certain worker has to run. */
export class TaskMail {
  readonly #memory: PoolMemory;
  readonly #waiting: Letter[] = [];

  constructor(memory: PoolMemory) {
    this.#memory = memory;
  }

  /** Sends the hint at a published task to its worker, now or when there is room. */
  send(task: Task, entry: number): void {
    if (this.#hasRoom(task.slot)) this.#put(task.slot, entry);
    else this.#waiting.push({ task, entry });
  }

  /** Sends what waits, as far as there is room. */
  resume(): void {
    while (this.#waiting.length > 0 && this.#hasRoom(this.#waiting[0]!.task.slot)) {
      const { task, entry } = this.#waiting.shift()!;
      if (task.index >= 0) this.#put(task.slot, entry);
    }
  }

  /** The task goes elsewhere. */
  recall(task: Task): void {
    const place = this.#waiting.findIndex((letter) => letter.task === task);
    if (place >= 0) this.#waiting.splice(place, 1);
  }

  #put(slot: number, entry: number): void {
    const { words } = this.#memory;
    const block = this.#memory.workerWords(slot);
    const tail = words[block + at.WORKER_MAILBOX_TAIL]!;
    words[block + at.WORKER_MAILBOX + (tail & (at.MAILBOX_CAPACITY - 1))] = entry;
    Atomics.store(words, block + at.WORKER_MAILBOX_TAIL, (tail + 1) | 0);
  }

  #hasRoom(slot: number): boolean {
    const { words } = this.#memory;
    const block = this.#memory.workerWords(slot);
    const used = (words[block + at.WORKER_MAILBOX_TAIL]! - Atomics.load(words, block + at.WORKER_MAILBOX_HEAD)) | 0;
    return used < at.MAILBOX_CAPACITY;
  }
}
