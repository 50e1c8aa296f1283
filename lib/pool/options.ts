import { namesOf, requireKnown, type Names } from '../base/options.js';
import {
  optionalFunction,
  optionalInteger,
  optionalMillis,
  optionalSignal,
  requireArray,
  shown,
} from '../base/validate.js';
import type { SharedArray } from '../vector/shared-array.js';
import type { DType, TypeCode } from '../memory/dtype.js';
import type { ResourceLimits, Stdio } from '../runtime/host/worker-host.js';
import type { TaskLimits } from '../runtime/task.js';
import type { AnyFunction } from '../transport/function/protocol.js';

/** What a task gives: a promise's value, for an asynchronous function; an instance, for a class. */
// As `ReturnType` for functions, which wants `F` to be one: so a generic function may promise `Awaited<ReturnType<F>>`.
// oxlint-disable-next-line typescript/no-explicit-any
export type Outcome<F> = Awaited<F extends (...args: any) => infer R ? R : InstanceOf<F>>;
// oxlint-disable-next-line typescript/no-explicit-any
type InstanceOf<F> = F extends new (...args: any) => infer R ? R : any;

/** Of a pool and its workers. */
export interface PoolOptions {
  /** Runs once in every worker before its first task. If it throws, the pool fails with that error. */
  readonly initializer?: AnyFunction;
  /** Arguments of `initializer`. */
  readonly initargs?: readonly unknown[];
  /** A worker is replaced after so many tasks. Default: never. */
  readonly maxTasksPerChild?: number;
  /** A worker is replaced once its own JavaScript heap, buffers included, exceeds so many bytes after a task. */
  readonly maxMemoryPerChild?: number;
  /** Workers that are there even without tasks. Default: all. Fewer: the others start when there is work. */
  readonly minWorkers?: number;
  /** Workers beyond `minWorkers` leave after so many ms without any task. Default: they stay. */
  readonly idleTimeout?: number;
  /** Prefix of the workers' names. Default: `PoolWorker`. */
  readonly name?: string;
  /** Environment of the workers. Default: the caller's own, shared. */
  readonly env?: NodeJS.ProcessEnv;
  /** Node options of the workers, as `worker_threads` takes them. Default: the caller's. */
  readonly execArgv?: readonly string[];
  /** Limits of each worker's heap. A worker that exceeds them costs the task that it ran. */
  readonly resourceLimits?: ResourceLimits;
  /** Workers that have come up and wait to replace one that goes: so many more than `processes`. Default 0. */
  readonly standby?: number;
  /** The folder that workers which are processes start in. Default: the caller's. */
  readonly cwd?: string;
  /** What workers which are processes do with stdin, stdout and stderr. Default: nothing comes in, the caller's output. */
  readonly stdio?: Stdio;
  /** Processors to bind workers to, in turn. Where the system cannot, they stay unbound. */
  readonly affinity?: readonly number[];
}

/** Limits of one task; of a map, for each of its chunks. */
export interface TaskOptions {
  /** Longest that the task may run, in ms from the moment a worker begins it. */
  readonly timeout?: number;
  /** Cancels the task; it then rejects with `signal.reason`. */
  readonly signal?: AbortSignal;
  /**
   * From telling a task to stop (`currentTask().aborted`) to replacing its worker, in ms. Default: 0 for a task that never
   * asked for `currentTask()`, else 1000.
   */
  readonly grace?: number;
  /** Higher runs earlier among tasks that wait. Default 0. */
  readonly priority?: number;
  /** How often the task is run again when its worker crashed. Default 0: it is begun once. */
  readonly retries?: number;
  /**
   * ArrayBuffers among the arguments that the caller gives away: they are detached here once they were copied; those of a
   * map once all of its items were.
   */
  readonly transfer?: readonly ArrayBuffer[];
}

/** Of `apply`. */
export interface ApplyOptions extends TaskOptions {
  /** Receives each value that the task gives to `currentTask().progress`; of `applySync`, while it blocks. */
  readonly onProgress?: (value: unknown) => void;
}

/** Of `broadcast`: limits of each of its tasks. A worker that is gone is not replaced for it, so there are no retries. */
export type BroadcastOptions = Pick<TaskOptions, 'timeout' | 'signal' | 'grace'>;

/** Of `applyAsync`. */
export interface ApplyAsyncOptions<R> extends ApplyOptions {
  /** Called with the result, on this thread. What it throws is an uncaught exception of its own. */
  readonly callback?: (result: R) => void;
  /** The same with the error. */
  readonly errorCallback?: (error: unknown) => void;
}

/** How far a map has come, in items. */
export interface MapProgress {
  /** Items whose results are there. */
  readonly done: number;
  /** Items in all. Unknown for iterables that are read lazily. */
  readonly total?: number;
}

/** Of `map` and its relatives. */
export interface MapOptions extends TaskOptions {
  /** Items a task. Default: follows the measured cost of the function; 1 for `imap` and with `timeout`. */
  readonly chunksize?: number;
  /**
   * `imap`: most items that are read ahead. Default: 64 chunks, or four for each worker if that is more. The other maps take all
   * items at once, and ignore it.
   */
  readonly buffersize?: number;
  /** Rejects at the first error and cancels the rest; `imap` ends after it. Default: everything runs. */
  readonly failFast?: boolean;
  /**
   * Called as items are done, of a blocking form while it blocks; the last call has `done === total`. What it throws is an
   * uncaught exception of its own.
   */
  readonly onProgress?: (progress: MapProgress) => void;
  /** Draws a progress bar on stderr, if that is a terminal. */
  readonly progress?: boolean;
  /** Numeric results are written here, at their items' places, and this is what the promise gives. Not of `imap`. */
  readonly out?: SharedArray<DType | TypeCode>;
}

/** Of `imap` and its relatives, and of `transform`, which read items one by one and give results one by one. */
export type ImapOptions = Omit<MapOptions, 'transfer' | 'out'>;

/** Of `mapAsync` and `starmapAsync`. */
export interface MapAsyncOptions<R> extends MapOptions {
  /** Called with all results, on this thread. What it throws is an uncaught exception of its own. */
  readonly callback?: (results: R) => void;
  /** The same with the first error. */
  readonly errorCallback?: (error: unknown) => void;
}

const limits = { timeout: true, signal: true, grace: true, priority: true, retries: true } as const;
const task = { ...limits, transfer: true } as const;
const imap = {
  ...limits,
  chunksize: true,
  buffersize: true,
  failFast: true,
  progress: true,
  onProgress: true,
} as const;
const map = { ...imap, transfer: true, out: true } as const;
const callbacks = { callback: true, errorCallback: true } as const;
/** The options of `apply` and `applySync`. */
const applyNames = namesOf<ApplyOptions>({ ...task, onProgress: true });
export const applyAsyncNames = namesOf<ApplyAsyncOptions<unknown>>({ ...task, onProgress: true, ...callbacks });
export const broadcastNames = namesOf<BroadcastOptions>({ timeout: true, signal: true, grace: true });
/** The options of maps that are not given callbacks. */
const mapNames = namesOf<MapOptions>(map);
const imapNames = namesOf<ImapOptions>(imap);
export const mapAsyncNames = namesOf<MapAsyncOptions<unknown>>({ ...map, ...callbacks });
const poolNames = namesOf<PoolOptions>({
  initializer: true,
  initargs: true,
  maxTasksPerChild: true,
  maxMemoryPerChild: true,
  minWorkers: true,
  idleTimeout: true,
  name: true,
  env: true,
  execArgv: true,
  resourceLimits: true,
  standby: true,
  cwd: true,
  stdio: true,
  affinity: true,
});
const NO_LIMITS = undefined;

/** @throws {TypeError} for an option that does not exist, and an initializer that is no function */
export function checkPoolOptions(options: PoolOptions): void {
  requireKnown(options, poolNames);
  optionalFunction('initializer', options.initializer);
}

/** @throws {TypeError | RangeError} for a bad option, by name */
export function applyLimitsOf(options: ApplyOptions, names: Names = applyNames): TaskLimits | undefined {
  requireKnown(options, names);
  optionalFunction('onProgress', options.onProgress);
  return limitsOf(options);
}

/** @throws {TypeError | RangeError} for a bad option, by name */
export function limitsOf(options: TaskOptions): TaskLimits | undefined {
  const { timeout, signal, grace, priority, retries } = options;
  checkTransfer(options.transfer);
  if (
    timeout === undefined &&
    signal === undefined &&
    grace === undefined &&
    priority === undefined &&
    retries === undefined
  ) {
    return NO_LIMITS;
  }
  if (priority !== undefined && (typeof priority !== 'number' || Number.isNaN(priority))) {
    throw new TypeError(`priority must be a number, got ${shown(priority)}`);
  }
  return {
    timeout: optionalMillis('timeout', timeout),
    signal: optionalSignal('signal', signal),
    grace: grace === undefined ? undefined : (optionalMillis('grace', grace) ?? Infinity),
    priority: priority ?? 0,
    retries: optionalInteger('retries', retries, 0) ?? 0,
  };
}

function checkTransfer(transfer: unknown): void {
  if (transfer === undefined) return;
  for (const [i, buffer] of requireArray('transfer', transfer).entries()) {
    if (buffer instanceof ArrayBuffer) continue;
    throw new TypeError(`transfer[${i}] must be an ArrayBuffer, got ${shown(buffer)}`);
  }
}

/** @throws {TypeError | RangeError} for a bad option, by name */
export function checkMapOptions(options: MapOptions, names: Names = mapNames): void {
  requireKnown(options, names);
  optionalInteger('chunksize', options.chunksize, 1);
  optionalInteger('buffersize', options.buffersize, 1);
  optionalFunction('onProgress', options.onProgress);
}

/**
 * @throws {TypeError} for what only a map has whose items are all there: a vector for the results, buffers of the items
 * @throws {TypeError | RangeError} for a bad option, by name
 */
export function checkImapOptions(options: ImapOptions, method: string): void {
  for (const name of ['out', 'transfer'] as const) {
    if ((options as MapOptions | null)?.[name] === undefined) continue;
    throw new TypeError(`${name} is an option of map and starmap, which ${method} does not have`);
  }
  checkMapOptions(options, imapNames);
}
