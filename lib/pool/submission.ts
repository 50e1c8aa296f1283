import { requireKnown, type Names } from '../base/options.js';
import { optionalFunction, optionalObject, requireArray, requireFunction } from '../base/validate.js';
import { Operation } from '../runtime/protocol.js';
import { Task, type TaskLimits } from '../runtime/task.js';
import { AsyncResult } from './async-result.js';
import { CallerStacks } from './caller-stacks.js';
import { Imap } from './imap.js';
import { ImapSync } from './imap-sync.js';
import type { LazyMapSettings } from './lazy-map.js';
import type { PoolLifecycle } from './lifecycle.js';
import { mapDataOf } from './map-data.js';
import { MapJob, type JobEnd } from './map-job.js';
import { Notices, type Notify } from './notices.js';
import {
  applyLimitsOf,
  broadcastNames,
  checkImapOptions,
  checkMapOptions,
  limitsOf,
  type ApplyAsyncOptions,
  type ApplyOptions,
  type BroadcastOptions,
  type ImapOptions,
  type MapAsyncOptions,
  type MapOptions,
} from './options.js';
import { ProgressMeter } from './progress.js';
import { detach } from './transfer.js';
import type { AnyFunction } from '../transport/function/protocol.js';

const NO_ARGS: readonly unknown[] = [];

/** @throws {TypeError} when it is no array */
export function argsOf(args: readonly unknown[] | undefined): readonly unknown[] {
  return args === undefined ? NO_ARGS : requireArray('args', args);
}

/** Turns the calls of a pool, untyped, into tasks and jobs of its dispatcher. */
export class Submission {
  readonly #lifecycle: PoolLifecycle;
  readonly #callers = new CallerStacks();

  constructor(lifecycle: PoolLifecycle) {
    this.#lifecycle = lifecycle;
  }

  /**
   * Number of a function, for a pool that takes work.
   * @throws {PoolClosedError | TypeError | FunctionTransportError}
   */
  check(fn: AnyFunction): number {
    this.#lifecycle.requireRunning();
    requireFunction('fn', fn);
    return this.#lifecycle.dispatcher.functions.functionId(fn);
  }

  /** Submits one task; undefined when it was settled at once. */
  submit(
    id: number,
    fn: AnyFunction,
    args: readonly unknown[],
    limits: TaskLimits | undefined,
    options: ApplyOptions | undefined,
    resolve: (value: never) => void,
    reject: (error: unknown) => void,
    slot?: number,
    notify: Notify = queueMicrotask,
  ): Task | undefined {
    if (limits?.signal?.aborted === true) {
      reject(limits.signal.reason);
      return undefined;
    }
    const task = new Task(id, fn, Operation.call, args, resolve, reject, limits, slot);
    const onProgress = options?.onProgress;
    if (onProgress !== undefined) task.onProgress = (value) => notify(() => onProgress(value));
    try {
      this.#lifecycle.dispatcher.submit(task);
    } catch (error) {
      reject(error); // arguments that cannot be encoded are the task's failure
      return undefined;
    }
    // Only now, while a worker may be waking up for it: what settles the task comes later. (Within a long loop of
    // submissions it may have come already, but there most stacks are not captured anyway.)
    task.caller = this.#callers.capture();
    if (options?.transfer !== undefined) detach(options.transfer);
    return task;
  }

  /** The same for the end of a job. */
  submitTo(fn: AnyFunction, args: readonly unknown[], limits: TaskLimits | undefined, end: JobEnd): void {
    this.submit(this.check(fn), fn, args, limits, undefined, (value) => end.resolve(value), end.reject.bind(end));
  }

  /** Starts one task for a handle; gives how to cancel it. */
  start(
    fn: AnyFunction,
    args: readonly unknown[] | undefined,
    options: ApplyOptions | undefined,
    end: JobEnd,
    names?: Names,
  ): (reason: unknown) => void {
    const id = this.check(fn);
    const limits = options === undefined ? undefined : applyLimitsOf(options, names);
    const list = argsOf(args);
    const [resolve, reject] = [end.resolve.bind(end), end.reject.bind(end)];
    const task = this.submit(id, fn, list, limits, options, resolve, reject, undefined, end.notify);
    return (reason) => {
      if (task !== undefined) this.#lifecycle.dispatcher.cancel(task, reason);
    };
  }

  /** Starts a map; gives how to cancel it. */
  map(
    fn: AnyFunction,
    items: unknown,
    operation: Operation,
    options: MapOptions = {},
    end: JobEnd,
    names?: Names,
  ): (reason: unknown) => void {
    this.check(fn);
    checkMapOptions(options, names);
    const { dispatcher } = this.#lifecycle;
    const limits = limitsOf(options);
    const data = mapDataOf(items, operation, options.out, this.#lifecycle.dispatcher.memory.shared);
    const progress = ProgressMeter.of(options, data.length, end.notify);
    const job = new MapJob(dispatcher, fn, data, limits, options, this.#callers.capture(), progress, end);
    job.start();
    return (reason) => job.cancel(reason);
  }

  /** Starts one task in each worker; gives how to cancel what is left of them. */
  broadcast(
    fn: AnyFunction,
    args: readonly unknown[] | undefined,
    options: BroadcastOptions | undefined,
    end: JobEnd,
  ): (reason: unknown) => void {
    const id = this.check(fn);
    if (options !== undefined) requireKnown(options, broadcastNames);
    const limits = options === undefined ? undefined : limitsOf(options);
    const list = argsOf(args);
    const { staffing, crew } = this.#lifecycle.dispatcher;
    staffing.muster();
    const slots = crew.members.filter((member) => !member.leaving).map(({ slot }) => slot);
    const values = new Array<unknown>(slots.length);
    let left = slots.length;
    const fail = (error: unknown): void => {
      if (left > 0) end.reject(error);
      left = 0; // the others run, but their outcomes are of no account
    };
    const tasks = slots.map((slot, i) => {
      const give = (value: unknown): void => {
        values[i] = value;
        if (--left === 0) end.resolve(values);
      };
      return this.submit(id, fn, list, limits, undefined, give, fail, slot);
    });
    if (slots.length === 0) end.resolve(values);
    return (reason) => {
      for (const task of tasks) if (task !== undefined) this.#lifecycle.dispatcher.cancel(task, reason);
    };
  }

  /** Starts a lazy map. */
  imap(fn: AnyFunction, items: unknown, options: ImapOptions | undefined, ordered: boolean): Imap {
    return new Imap(this.#lazily(fn, options, ordered, ordered ? 'imap' : 'imapUnordered'), items);
  }

  /** The same for a thread that blocks. */
  imapSync(fn: AnyFunction, items: unknown, options: ImapOptions | undefined, ordered: boolean): ImapSync {
    return new ImapSync(this.#lazily(fn, options, ordered, ordered ? 'imapSync' : 'imapUnorderedSync'), items);
  }

  #lazily(fn: AnyFunction, options: ImapOptions = {}, ordered: boolean, method: string): LazyMapSettings {
    this.check(fn);
    checkImapOptions(options, method);
    const limits = limitsOf(options);
    return { pool: this.#lifecycle, fn, limits, options, caller: this.#callers.capture(), ordered };
  }

  /** A promise of what `start` begins. What it throws, it throws. */
  promise<R>(start: (end: JobEnd) => unknown): Promise<R> {
    let end!: JobEnd;
    const promise = new Promise<R>((resolve, reject) => {
      end = { resolve: (value) => resolve(value as R), reject, notify: queueMicrotask };
    });
    start(end);
    return promise;
  }

  /** A handle on what `start` begins; that gives how to cancel it. */
  result<R>(
    start: (end: JobEnd) => (reason: unknown) => void,
    options: MapAsyncOptions<R> | ApplyAsyncOptions<R> = {},
  ): AsyncResult<R> {
    optionalObject('options', options);
    const { callback, errorCallback } = options;
    optionalFunction('callback', callback);
    optionalFunction('errorCallback', errorCallback);
    const { dispatcher } = this.#lifecycle;
    const notices = new Notices();
    const result: AsyncResult<R> = new AsyncResult<R>({
      cancel: (reason): boolean => {
        cancel(reason);
        return result.ready();
      },
      waitSync: (done, millis) =>
        notices.during((tell) => {
          const isDone = (): boolean => {
            tell(); // not within the drain: a listener may block for results itself
            return done();
          };
          return isDone() || dispatcher.waitSync(isDone, millis);
        }),
    });
    const cancel = start({
      resolve: (value) => {
        result.fulfil(value as R);
        // On its own: what a callback throws is an uncaught exception of its own and does not reach the pool.
        if (callback !== undefined) queueMicrotask(() => callback(value as R));
      },
      reject: (error) => {
        result.fail(error);
        if (errorCallback !== undefined) queueMicrotask(() => errorCallback(error));
      },
      notify: notices.post,
    });
    return result;
  }
}
