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

/**
 * One unit of work on its way through a pool, as the owner knows it.
 *
 * `resolve` or `reject` is called once; whoever calls it sets `settled` first. A task that was settled early (cancelled,
 * out of time) may still run in a worker, and keeps its record until that ends.
 */
export class Task {
  readonly functionId: number;
  /** Kept for as long as the task: the table forgets functions that have been collected. */
  readonly target: unknown;
  readonly operation: Operation;
  args: readonly unknown[];
  readonly resolve: (value: never) => void;
  readonly reject: (error: unknown) => void;
  readonly limits: TaskLimits | undefined;
  /** Receives the values of `currentTask().progress`. */
  onProgress: ((value: unknown) => void) | undefined;
  /** Holds the stack of whoever submitted it; its frames are formatted only when an error needs them. */
  caller: { readonly stack?: string } | undefined;
  /** The slot that alone may run it, or -1. */
  slot: number;

  /** Index of its record while published, else -1. */
  index = -1;
  /** Counts from 1. */
  attempt = 1;
  settled = false;

  /** Where its arguments lie: a `Form`, and for encoded ones the place or the bytes, the length, and the blobs' segments. */
  form = 0;
  location = 0;
  length = 0;
  blobs: readonly number[] | undefined;
  inline: Uint8Array | undefined;

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
    this.limits = limits;
    this.onProgress = undefined;
    this.caller = undefined;
    this.blobs = undefined;
    this.inline = undefined;
    this.slot = slot;
  }
}
