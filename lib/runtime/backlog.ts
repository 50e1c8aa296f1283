import type { Task } from './task.js';

/** A queue on an array: the front moves, and the dead part is cut off now and then. */
class Fifo {
  #items: (Task | undefined)[] = [];
  #front = 0;

  push(task: Task): void {
    this.#items.push(task);
  }

  shift(): Task | undefined {
    if (this.#front === this.#items.length) return undefined;
    const task = this.#items[this.#front];
    this.#items[this.#front++] = undefined;
    if (this.#front > 1024 && this.#front * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#front);
      this.#front = 0;
    }
    return task;
  }
}

/** Tasks that wait for a free record: by priority, the higher first, and within one in the order of submission. */
export class Backlog {
  readonly #levels = new Map<number, Fifo>();
  /** The levels in use, highest first. */
  #order: number[] = [];
  #size = 0;

  /** Settled tasks that are still in it count until they come to the front. */
  get size(): number {
    return this.#size;
  }

  push(task: Task): void {
    const priority = task.limits?.priority ?? 0;
    let level = this.#levels.get(priority);
    if (level === undefined) {
      level = new Fifo();
      this.#levels.set(priority, level);
      this.#order = [...this.#levels.keys()].sort((a, b) => b - a);
    }
    level.push(task);
    this.#size++;
  }

  /** The next task that still wants to run. */
  shift(): Task | undefined {
    for (const priority of this.#order) {
      const level = this.#levels.get(priority)!;
      for (let task = level.shift(); task !== undefined; task = level.shift()) {
        this.#size--;
        if (!task.settled) return task;
      }
    }
    return undefined;
  }
}
