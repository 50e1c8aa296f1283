import type { DType, TypeCode } from '../memory/dtype.js';
import type { SharedArray } from '../vector/shared-array.js';
import type { MapOptions, Outcome } from './options.js';
import type { AnyFunction } from '../transport/function/protocol.js';

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

/** The items of a map; any, for a function that takes none. */
export type MapItem<F extends AnyFunction> = Parameters<F> extends readonly [] ? unknown : Parameters<F>[0];
/** Arguments and options; the arguments may be left out for a function that takes none. */
export type ArgsAndOptions<F extends AnyFunction, O> =
  [] extends Parameters<F>
    ? [args?: Readonly<Parameters<F>>, options?: O]
    : [args: Readonly<Parameters<F>>, options?: O];
/** @inline */
export type Vector = SharedArray<DType | TypeCode>;
/** What a map gives: the vector that was passed as `out`, else an array of outcomes. */
export type Mapped<F extends AnyFunction, O extends MapOptions> = O extends {
  /** See {@link MapOptions}. */ readonly out: infer V extends Vector;
}
  ? V
  : Outcome<F>[];
