import type { Operation } from './protocol.js';

/** Bounds that a user set on a task. Times in ms. */
export interface TaskLimits {
  /** From the moment a worker begins it. */
  readonly timeout: number | undefined;
  readonly signal: AbortSignal | undefined;
  /** Between telling the task to stop and replacing its worker; undefined: by whether the task can notice. */
  readonly grace: number | undefined;
  /** Runs again after a crash of the worker, at most so often. */
  readonly retries: number;
  readonly priority: number;
}

/** What most tasks do without. */
class TaskDetails {
  readonly limits: TaskLimits | undefined;
  slot: number;
  attempt = 1;
  firstItem = 0;
  onProgress: ((value: unknown) => void) | undefined = undefined;
  caller: { readonly stack?: string } | undefined = undefined;
  location = 0;
  blobs: readonly number[] | undefined = undefined;
  inline: Uint8Array | undefined = undefined;

  constructor(limits: TaskLimits | undefined, slot: number) {
    this.limits = limits;
    this.slot = slot;
  }
}

/**
 * One unit of work on its way through a pool, as the owner knows it.
 *
 * `resolve` or `reject` is called once; whoever calls it sets `settled` first. A task that was settled early (cancelled,
 * out of time) may still run in a worker, and keeps its record until that ends.
 *
 * A hundred thousand of them may be outstanding, and the garbage collector copies each: what few tasks need is apart.
 */
export class Task {
  readonly functionId: number;
  /** Kept for as long as the task: the table forgets functions that have been collected. */
  readonly target: unknown;
  readonly operation: Operation;
  args: readonly unknown[];
  readonly resolve: (value: never) => void;
  readonly reject: (error: unknown) => void;
  /** Index of its record while published, else -1. */
  index = -1;
  /** Where its arguments lie: a `Form`, and the length or tags that belong to it. */
  form = 0;
  length = 0;
  settled = false;
  #details: TaskDetails | undefined;

  constructor(
    functionId: number,
    target: unknown,
    operation: Operation,
    args: readonly unknown[],
    resolve: (value: never) => void,
    reject: (error: unknown) => void,
    limits?: TaskLimits,
    slot = -1,
  ) {
    this.functionId = functionId;
    this.target = target;
    this.operation = operation;
    this.args = args;
    this.resolve = resolve;
    this.reject = reject;
    this.#details = limits === undefined && slot < 0 ? undefined : new TaskDetails(limits, slot);
  }

  get #own(): TaskDetails {
    return (this.#details ??= new TaskDetails(undefined, -1));
  }

  get limits(): TaskLimits | undefined {
    return this.#details?.limits;
  }

  /** The slot that alone may run it, or -1. */
  get slot(): number {
    return this.#details?.slot ?? -1;
  }
  set slot(slot: number) {
    this.#own.slot = slot;
  }

  /** Counts from 1. */
  get attempt(): number {
    return this.#details?.attempt ?? 1;
  }
  set attempt(attempt: number) {
    this.#own.attempt = attempt;
  }

  /** Of a map's task: the index of its first item among those of the map. */
  get firstItem(): number {
    return this.#details?.firstItem ?? 0;
  }
  set firstItem(index: number) {
    this.#own.firstItem = index;
  }

  /** Receives the values of `currentTask().progress`. It neither throws nor waits for anything. */
  get onProgress(): ((value: unknown) => void) | undefined {
    return this.#details?.onProgress;
  }
  set onProgress(listener: ((value: unknown) => void) | undefined) {
    if (listener !== undefined) this.#own.onProgress = listener;
  }

  /** Holds the stack of whoever submitted it; its frames are formatted only when an error needs them. */
  get caller(): { readonly stack?: string } | undefined {
    return this.#details?.caller;
  }
  set caller(caller: { readonly stack?: string } | undefined) {
    if (caller !== undefined) this.#own.caller = caller;
  }

  /** Encoded arguments: their place in the arena, or their segment. */
  get location(): number {
    return this.#details?.location ?? 0;
  }
  set location(location: number) {
    this.#own.location = location;
  }

  /** Segments of the blobs of encoded arguments. */
  get blobs(): readonly number[] | undefined {
    return this.#details?.blobs;
  }
  set blobs(blobs: readonly number[] | undefined) {
    this.#own.blobs = blobs;
  }

  /** Encoded arguments that fit into the record. */
  get inline(): Uint8Array | undefined {
    return this.#details?.inline;
  }
  set inline(bytes: Uint8Array | undefined) {
    this.#own.inline = bytes;
  }
}
