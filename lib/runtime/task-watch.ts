import { TaskTimeoutError } from '../base/errors.js';
import { LONGEST_TIMER, clearTimeout, now, setTimeout } from '../base/timers.js';
import { native } from '../binding/native.js';
import type { Task } from './task.js';

/** What the watch has done when a limit is reached. */
export interface Warden {
  /** When the task was begun, in ns; undefined while it waits. */
  begunAt(task: Task): number | undefined;
  cancel(task: Task, reason: unknown): void;
  /** The task did not end within its grace. */
  enforce(task: Task): void;
}

/** One limit of one task: what happens at what time. Times in ms. */
class Alarm {
  readonly #look: () => number;
  #timer: NodeJS.Timeout | undefined;

  /** @param look does what is due and gives the ms until the next look; 0: done */
  constructor(look: () => number, delay: number) {
    this.#look = look;
    this.#arm(delay);
  }

  #arm(delay: number): void {
    this.#timer = setTimeout(() => this.poll(), Math.min(delay, LONGEST_TIMER));
    this.#timer.unref(); // unfinished tasks keep the process alive, not their limits
  }

  /** Looks now; gives the ms until the next look. */
  poll(): number {
    this.clear();
    const delay = this.#look();
    if (delay > 0) this.#arm(delay);
    return delay > 0 ? delay : Infinity;
  }

  clear(): void {
    clearTimeout(this.#timer);
  }
}

/** Tasks that one signal cancels: one listener, however many they are. */
interface Watched {
  readonly tasks: Set<Task>;
  readonly onAbort: () => void;
}

/** Watches over the time limits, signals and graces of tasks. */
export class TaskWatch {
  readonly #warden: Warden;
  readonly #timeouts = new Map<Task, Alarm>();
  readonly #graces = new Map<Task, Alarm>();
  readonly #signals = new Map<AbortSignal, Watched>();

  constructor(warden: Warden) {
    this.#warden = warden;
  }

  /** A task with limits was submitted. */
  add(task: Task): void {
    const { timeout, signal } = task.limits!;
    if (timeout !== undefined) this.#timeouts.set(task, new Alarm(() => this.#checkTimeout(task, timeout), timeout));
    if (signal !== undefined) (this.#signals.get(signal) ?? this.#listen(signal)).tasks.add(task);
  }

  #listen(signal: AbortSignal): Watched {
    const tasks = new Set<Task>();
    const onAbort = (): void => {
      for (const task of Array.from(tasks)) this.#warden.cancel(task, signal.reason);
    };
    const watched = { tasks, onAbort };
    this.#signals.set(signal, watched);
    signal.addEventListener('abort', onAbort, { once: true });
    return watched;
  }

  /** All of a task's time is left while it waits, since it can expire no sooner than that. */
  #checkTimeout(task: Task, timeout: number): number {
    const begun = this.#warden.begunAt(task);
    const left = begun === undefined ? timeout : timeout - (native.now() - begun) / 1e6;
    if (left > 0) return Math.max(1, left);
    this.#warden.cancel(task, new TaskTimeoutError(`The task ran longer than its timeout of ${timeout} ms`));
    return 0;
  }

  /** The task was told to stop, and is made to if it has not within `grace` ms. */
  giveGrace(task: Task, grace: number): void {
    const until = now() + grace;
    const check = (): number => {
      const left = until - now();
      if (left > 0) return left;
      this.#graces.delete(task);
      this.#warden.enforce(task);
      return 0;
    };
    this.#graces.set(task, new Alarm(check, grace));
  }

  /** The task was settled: its limits are of no account any more. */
  settled(task: Task): void {
    this.#timeouts.get(task)?.clear();
    this.#timeouts.delete(task);
    const signal = task.limits!.signal;
    const watched = signal === undefined ? undefined : this.#signals.get(signal);
    if (signal === undefined || watched?.tasks.delete(task) !== true || watched.tasks.size > 0) return;
    this.#signals.delete(signal);
    signal.removeEventListener('abort', watched.onAbort);
  }

  /** The task ended, or its worker did. */
  ended(task: Task): void {
    if (this.#graces.size === 0) return;
    this.#graces.get(task)?.clear();
    this.#graces.delete(task);
  }

  /** Does what is due, for when timers cannot run; gives the ms until the next look. */
  poll(): number {
    let next = Infinity;
    for (const alarms of [this.#timeouts, this.#graces]) {
      for (const alarm of Array.from(alarms.values())) next = Math.min(next, alarm.poll());
    }
    return next;
  }
}
