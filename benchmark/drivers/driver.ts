import { availableParallelism } from 'node:os';
import type { Transferable } from 'node:worker_threads';
import type { Reads } from '../objects/growth.js';
import type { Loop } from '../objects/loops.js';
import type { StreamJob } from '../objects/messages.js';
import type * as tasks from '../tasks.js';

export type TaskName = keyof typeof tasks;

/** What a setting is chosen for: many small tasks at once, one task at a time, or few tasks that take milliseconds. */
export type Mode = 'throughput' | 'latency' | 'coarse';

/** What the workers of most pools are not. */
export type WorkerKind = 'processes';

/** One way to set up a driver. Where a driver has several, the runner tries them all and keeps the best. */
export interface Variant {
  readonly workers: number;
  readonly [setting: string]: string | number | boolean;
}

export type Call = (argument: unknown, transfer?: readonly Transferable[]) => PromiseLike<unknown>;

/** A vector in shared memory, filled with zeros, that `edges` takes as its argument. */
export interface SharedVector {
  readonly length: number;
  at(index: number): number | undefined;
}

export interface OpenPool {
  /** The cheapest closure that runs one named task: what a user of the library would write, nothing around it. */
  caller(task: TaskName): Call;
  /** Present where the library has a map of its own; otherwise the workload chunks by hand. */
  map?(task: 'increment', items: number[]): Promise<unknown[]>;
  mapColumn?(task: 'increment', items: Int32Array): Promise<Int32Array>;
  imap?(task: 'increment', items: Iterable<number>): AsyncIterable<unknown>;
  /** Present where the library brings shared memory; otherwise a `Float64Array` over a `SharedArrayBuffer` is passed. */
  shared?(length: number): SharedVector;
  close(): Promise<void>;
}

/** An operation on a shared object, or two of them that belong together, done again and again by one worker or two. */
export type LoopName =
  'lock' | 'lock-add' | 'dict-set' | 'dict-set-apart' | 'dict-get' | 'list-append' | 'list-at' | 'value-add';

/** What a driver measures in its own workers: a call from outside would cost as much as the operation itself. */
export interface SharedObjects {
  /** Lets so many workers, 1 or 2, use one new object for `duration` ms. Gives what each of them measured. */
  loop?(name: LoopName, workers: number, duration: number): Promise<Loop[]>;
  /** Sends messages from one worker to another. Gives the seconds that each round took. */
  stream?(job: StreamJob): Promise<number[]>;
  /** Has one worker make a dict grow from so many entries to so many while the other one reads it. */
  growth?(from: number, to: number): Promise<Reads>;
  close(): Promise<void>;
}

/** Float64 vectors, and what a driver does with them on all processors that it can use. */
export interface VectorWork {
  vector(length: number): { readonly view: Float64Array };
  sum(a: object): number | Promise<number>;
  dot(a: object, b: object): number | Promise<number>;
  add(a: object, b: object, out: object): unknown;
  sort(a: object): unknown;
}

interface DriverBase {
  readonly name: string;
  /** Peers are what `ours` is compared with, a pool written by hand in some rows too; goals name baselines one by one. */
  readonly kind: 'ours' | 'peer' | 'by-hand' | 'baseline';
  /** What its workers are; absent: threads. */
  readonly workers?: WorkerKind;
  /** The settings that were chosen, as the report names them. */
  readonly settings: string;
  /** The only workloads that this driver takes part in; absent: all. */
  readonly workloads?: readonly string[];
  /** Best first: `--quick` tries the first alone. */
  variants(mode: Mode): Variant[];
}

/** Runs inside a Node process of its own. Libraries are imported in `open`, so that cold start counts them. */
export interface PoolDriver extends DriverBase {
  open(variant: Variant): Promise<OpenPool>;
  /** Present where the workloads of shared objects include the driver. */
  objects?(variant: Variant): Promise<SharedObjects>;
  /** Present where numeric work on vectors includes the driver. */
  vectors?(): Promise<VectorWork>;
}

/** A program of another language, whose last line of output is the metrics as JSON. */
export interface CommandDriver extends DriverBase {
  /** Builds what has to be built; throws an `Error` that says why the driver cannot run here. */
  prepare(): void;
  command(workload: string, variant: Variant, quick: boolean): string[];
}

export type Driver = PoolDriver | CommandDriver;

export const cores = availableParallelism();

/** Every worker count worth trying when the owner itself needs a core. */
export function workerCounts(): number[] {
  return cores > 1 ? [cores, cores - 1] : [1];
}

/** The variants of a pool that has no setting but the number of its workers. */
export function plainVariants(mode: Mode): Variant[] {
  if (mode === 'throughput') return workerCounts().map((workers) => ({ workers }));
  return [{ workers: mode === 'latency' ? 1 : cores }];
}

const PROCESSES = 'process-';

/** A workload's name where the workers are processes: `process-latency`. */
export const processName = (workload: string): string => PROCESSES + workload;

/** What a workload is without regard to what its workers are. */
export function bareName(workload: string): string {
  return workload.startsWith(PROCESSES) ? workload.slice(PROCESSES.length) : workload;
}

/** Crosses the variants with the values of one more setting. */
export function crossed(variants: Variant[], setting: string, values: (string | number | boolean)[]): Variant[] {
  return values.flatMap((value) => variants.map((variant) => ({ ...variant, [setting]: value })));
}
