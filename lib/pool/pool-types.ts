import type { DType, TypeCode } from '../memory/dtype.js';
import type { SharedArray } from '../vector/shared-array.js';
import type { MapOptions, Outcome, Target } from './options.js';

/** One worker of a pool. */
export interface WorkerInfo {
  /** Its number in the pool, from 1; never used twice. */
  readonly id: number;
  readonly name: string;
  /** The operating system's number of its process, at once; or of its thread, 0 until that has come up. */
  readonly pid: number;
  readonly state: 'starting' | 'serving' | 'leaving';
}

/** The items of a map; any, for a function that takes none. */
export type Item<F extends Target> = Parameters<F> extends readonly [] ? unknown : Parameters<F>[0];
/** Arguments and options; the arguments may be left out for a function that takes none. */
export type Rest<F extends Target, O> =
  [] extends Parameters<F>
    ? [args?: Readonly<Parameters<F>>, options?: O]
    : [args: Readonly<Parameters<F>>, options?: O];
export type Vector = SharedArray<DType | TypeCode>;
/** What a map gives: the vector that was passed as `out`, else an array of outcomes. */
export type Mapped<F extends Target, O extends MapOptions> = O extends { readonly out: infer V extends Vector }
  ? V
  : Outcome<F>[];
