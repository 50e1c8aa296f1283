import type { DType, TypeCode } from '../memory/dtype.js';
import type { SharedArray } from '../vector/shared-array.js';
import type { MapOptions, Outcome } from './options.js';

/** One worker of a pool. */
export interface WorkerInfo {
  /** Its number in the pool, from 1; never used twice. */
  readonly id: number;
  /** `PoolWorker-1` …, or with the prefix that the pool was given. */
  readonly name: string;
  /** The operating system's number of its process, at once; or of its thread, 0 until that has come up. */
  readonly pid: number;
  /** It comes up; takes tasks; or takes no more of them and ends. */
  readonly state: 'starting' | 'serving' | 'leaving';
}

/** A {@link Target} that is passed with items: it is called with one of them, and nothing else. */
export type ItemTarget<F, T> = F &
  (((item: T, ...rest: never) => unknown) | (new (item: T, ...rest: never) => unknown));
/** Arguments: with an empty tuple beside, a list that is written out is a tuple as well. @inline */
export type ArgsShape = readonly unknown[] | [];
/** Arguments and options; the arguments may be left out for a function that needs none. */
export type ArgsAndOptions<P extends ArgsShape, O> = [] extends P
  ? [args?: Readonly<P>, options?: O]
  : [args: Readonly<P>, options?: O];
/** @inline */
export type Vector = SharedArray<DType | TypeCode>;
/** What a map gives: the vector that was passed as `out`, else an array of outcomes. */
export type Mapped<F, O extends MapOptions> = O extends {
  /** See {@link MapOptions}. */ readonly out: infer V extends Vector;
}
  ? V
  : Outcome<F>[];
