import type { AnyFunction } from '../transport/value/codec.js';
import type { Dispatcher } from '../runtime/dispatcher.js';
import { WORKER_BUSY_DOUBLE } from '../runtime/pool-memory.js';
import type { Operation } from '../runtime/protocol.js';
import { Task, type TaskLimits } from '../runtime/task.js';
import type { MapOptions } from './options.js';
import type { Notify } from './notices.js';
import type { ProgressMeter } from './progress.js';
import { detach } from './transfer.js';

/** A chunk should take about so long, in ns: long against the cost of a task, short against the job's tail. */
const CHUNK = 250_000;
/** Chunks that are published at one time, for each worker: enough that none waits for the owner's event loop. */
const AHEAD = 4;

/** Where a job's items come from and where its results go. */
export interface MapData {
  readonly length: number;
  readonly operation: Operation;
  /** Arguments of the task for items `start` to before `end`. */
  argumentsOf(start: number, end: number): readonly unknown[];
  /** Takes in what that task gave. @throws when it cannot be kept */
  store(start: number, end: number, value: unknown): void;
  /** Everything is stored: what the job gives. */
  finish(): unknown;
  /** The job is over, however it went. */
  close(): void;
}

/** How a job ends: once, one of the two. */
export interface JobEnd {
  resolve(value: unknown): void;
  reject(error: unknown): void;
  /** For listeners of the caller's. */
  readonly notify: Notify;
}

/**
 * One `map` on its way: cuts the items into chunks, keeps enough of them published, puts results in order.
 *
 * Without a chunk size, chunks begin at one item and grow until one takes a quarter of a millisecond, and shrink
 * towards the end so that workers finish together (guided self-scheduling).
 */
export class MapJob {
  readonly #dispatcher: Dispatcher;
  readonly #fn: AnyFunction;
  readonly #functionId: number;
  readonly #data: MapData;
  readonly #limits: TaskLimits | undefined;
  readonly #caller: { readonly stack?: string } | undefined;
  readonly #chunksize: number | undefined;
  readonly #failFast: boolean;
  /** Buffers to let go of once all items were copied. */
  #transfer: readonly ArrayBuffer[] | undefined;
  readonly #progress: ProgressMeter | undefined;
  readonly #end: JobEnd;
  readonly #running = new Set<Task>();
  #grown = 1;
  #busySeen: number;
  #doneSeen = 0;
  #next = 0;
  #done = 0;
  #over = false;
  #filling = false;
  #firstError: { readonly start: number; readonly error: unknown } | undefined;

  constructor(
    dispatcher: Dispatcher,
    fn: AnyFunction,
    data: MapData,
    limits: TaskLimits | undefined,
    options: MapOptions,
    caller: { readonly stack?: string } | undefined,
    progress: ProgressMeter | undefined,
    end: JobEnd,
  ) {
    this.#dispatcher = dispatcher;
    this.#fn = fn;
    this.#functionId = dispatcher.functions.functionId(fn);
    this.#data = data;
    this.#limits = limits;
    this.#caller = caller;
    // With a time limit a task is an item: a limit on a chunk of unknown size would mean nothing.
    this.#chunksize = options.chunksize ?? (limits?.timeout === undefined ? undefined : 1);
    this.#failFast = options.failFast ?? false;
    this.#transfer = options.transfer?.slice();
    this.#progress = progress;
    this.#end = end;
    this.#busySeen = this.#busy();
  }

  start(): void {
    const signal = this.#limits?.signal;
    if (signal?.aborted === true) this.#finish(() => this.#end.reject(signal.reason));
    else if (this.#data.length === 0) this.#complete();
    else this.#fill();
  }

  /** Settles as cancelled. False: it was over before. */
  cancel(reason: unknown): boolean {
    if (this.#over) return false;
    this.#abandon(reason);
    return true;
  }

  #fill(): void {
    if (this.#filling) return; // a submission may settle others on the way
    this.#filling = true;
    const ahead = AHEAD * this.#dispatcher.staffing.processes;
    while (!this.#over && this.#next < this.#data.length && this.#running.size < ahead) this.#submit();
    this.#filling = false;
    if (this.#next === this.#data.length && !this.#over && this.#transfer !== undefined) this.#giveAway(this.#transfer);
  }

  #giveAway(buffers: readonly ArrayBuffer[]): void {
    this.#transfer = undefined;
    try {
      detach(buffers);
    } catch (error) {
      this.#abandon(error); // this may be within a result of another chunk
    }
  }

  #submit(): void {
    const start = this.#next;
    const end = Math.min(this.#data.length, start + this.#size());
    this.#next = end;
    const task: Task = new Task(
      this.#functionId,
      this.#fn,
      this.#data.operation,
      [],
      (value) => this.#succeeded(task, start, end, value),
      (error) => this.#failed(task, start, end, error),
      this.#limits,
    );
    task.firstItem = start;
    task.caller = this.#caller;
    this.#running.add(task);
    try {
      task.args = this.#data.argumentsOf(start, end);
      this.#dispatcher.submit(task);
    } catch (error) {
      this.#transfer = undefined; // not everything was copied
      this.#failed(task, start, end, error); // an item that cannot be encoded
    }
  }

  #size(): number {
    if (this.#chunksize !== undefined) return this.#chunksize;
    const share = Math.ceil((this.#data.length - this.#next) / (2 * this.#dispatcher.staffing.processes));
    return Math.max(1, Math.min(this.#grown, share));
  }

  #busy(): number {
    const { memory } = this.#dispatcher;
    let busy = 0;
    for (let slot = 0; slot < memory.size.slots; slot++) {
      busy += memory.doubles[memory.workerDoubles(slot) + WORKER_BUSY_DOUBLE]!;
    }
    return busy;
  }

  /** The chunk size follows what an item cost lately. It at most doubles, since that figure lags behind. */
  #adapt(): void {
    const busy = this.#busy();
    const spent = busy - this.#busySeen;
    if (spent <= 0) return; // the worker has not accounted for it yet
    const cost = spent / (this.#done - this.#doneSeen);
    this.#busySeen = busy;
    this.#doneSeen = this.#done;
    this.#grown = Math.max(1, Math.min(this.#grown * 2, Math.trunc(CHUNK / cost)));
  }

  #succeeded(task: Task, start: number, end: number, value: unknown): void {
    this.#running.delete(task);
    if (this.#over) return;
    try {
      this.#data.store(start, end, value);
    } catch (error) {
      return this.#failed(task, start, end, error);
    }
    this.#advance(end - start);
  }

  #failed(task: Task, start: number, end: number, error: unknown): void {
    this.#running.delete(task);
    if (this.#over) return;
    // The error of the first item in order: which worker was quicker is of no interest to the caller.
    if (this.#firstError === undefined || start < this.#firstError.start) this.#firstError = { start, error };
    if (this.#failFast || this.#limits?.signal?.aborted === true) this.#abandon(error);
    else this.#advance(end - start);
  }

  #advance(items: number): void {
    this.#done += items;
    this.#progress?.report(this.#done, this.#data.length);
    if (this.#done === this.#data.length) {
      this.#complete();
      return;
    }
    if (this.#chunksize === undefined) this.#adapt();
    this.#fill();
  }

  #complete(): void {
    this.#finish(() => {
      if (this.#firstError !== undefined) this.#end.reject(this.#firstError.error);
      else this.#end.resolve(this.#data.finish());
    });
  }

  #abandon(reason: unknown): void {
    this.#finish(() => this.#end.reject(reason));
    for (const task of this.#running) this.#dispatcher.cancel(task, reason);
  }

  #finish(end: () => void): void {
    this.#over = true;
    this.#progress?.end(this.#done, this.#data.length);
    end();
    this.#data.close();
  }
}
