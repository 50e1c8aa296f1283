import { shown } from '../base/validate.js';
import { dtypeOf, type DType, type NumericArray, type TypeCode } from '../memory/dtype.js';
import { SharedArray } from '../memory/shared-array.js';
import { Column } from '../runtime/column.js';
import { Operation, RANGE_DONE } from '../runtime/protocol.js';
import type { MapData } from './map-job.js';

/** From how many numbers on a shared column is worth its two segments. */
const WORTH_A_COLUMN = 256;

type Out = SharedArray<DType | TypeCode>;

/** Results at their places, in an array or in the vector that the caller gave. */
class Results {
  readonly #array: unknown[] | undefined;
  readonly #out: Out | undefined;

  constructor(length: number, out: Out | undefined) {
    this.#out = out;
    this.#array = out === undefined ? new Array<unknown>(length) : undefined;
  }

  store(start: number, values: readonly unknown[]): void {
    if (this.#array !== undefined) {
      for (let i = 0; i < values.length; i++) this.#array[start + i] = values[i];
      return;
    }
    const view = this.#out!.view as unknown as { [index: number]: unknown };
    const expected = typeof this.#out!.view[0];
    for (let i = 0; i < values.length; i++) {
      if (typeof values[i] !== expected) {
        throw new TypeError(`Result ${start + i} must be a ${expected} for out, got ${shown(values[i])}`);
      }
      view[start + i] = values[i];
    }
  }

  get value(): unknown {
    return this.#array ?? this.#out;
  }
}

/** Items of any kind, encoded a chunk at a time. */
class EncodedData implements MapData {
  readonly operation: Operation;
  readonly length: number;
  readonly #items: readonly unknown[];
  readonly #results: Results;

  constructor(items: readonly unknown[], operation: Operation, out: Out | undefined) {
    this.#items = items;
    this.operation = operation;
    this.length = items.length;
    this.#results = new Results(items.length, out);
  }

  argumentsOf(start: number, end: number): readonly unknown[] {
    return [this.#items.slice(start, end)];
  }

  store(start: number, _end: number, value: unknown): void {
    this.#results.store(start, value as readonly unknown[]);
  }

  finish(): unknown {
    return this.#results.value;
  }

  close(): void {}
}

/** Numbers, read by workers from one shared column and written to another one, or to the caller's. */
class ColumnData implements MapData {
  readonly operation = Operation.range;
  readonly length: number;
  readonly #source: { readonly segment: number; readonly dtype: DType };
  readonly #sourceColumn: Column | undefined;
  readonly #target: Column | undefined;
  readonly #out: Out | undefined;
  /** Results of ranges that were not numbers only. */
  #others: { readonly start: number; readonly values: readonly unknown[] }[] = [];

  constructor(length: number, source: Column | SharedArray<DType>, out: Out | undefined) {
    this.length = length;
    this.#sourceColumn = source instanceof Column ? source : undefined;
    this.#source = source instanceof Column ? source : SharedArray.handleOf(source);
    this.#out = out;
    this.#target = out === undefined ? new Column('float64', length) : undefined;
  }

  argumentsOf(start: number, end: number): readonly unknown[] {
    const target = this.#target ?? SharedArray.handleOf(this.#out! as SharedArray<DType>);
    const { segment, dtype } = this.#source;
    return [segment, dtype, target.segment, target.dtype, this.length, start, end];
  }

  store(start: number, _end: number, value: unknown): void {
    if (value === RANGE_DONE) return;
    const values = value as readonly unknown[];
    if (this.#out === undefined) this.#others.push({ start, values });
    else new Results(this.length, this.#out).store(start, values);
  }

  finish(): unknown {
    if (this.#out !== undefined) return this.#out;
    const array: unknown[] = toArray(this.#target!.view as Float64Array);
    for (const { start, values } of this.#others) {
      for (let i = 0; i < values.length; i++) array[start + i] = values[i];
    }
    return array;
  }

  close(): void {
    this.#sourceColumn?.close();
    this.#target?.close();
  }
}

function toArray(view: Float64Array): number[] {
  const array = new Array<number>(view.length);
  for (let i = 0; i < view.length; i++) array[i] = view[i]!;
  return array;
}

/** A column of the items, if all of them are numbers. */
function columnOfNumbers(items: readonly unknown[]): Column | undefined {
  if (items.length < WORTH_A_COLUMN || typeof items[0] !== 'number') return undefined;
  const column = new Column('float64', items.length);
  const view = column.view as Float64Array;
  for (let i = 0; i < items.length; i++) {
    const item = items[i];
    if (typeof item !== 'number') {
      column.close();
      return undefined;
    }
    view[i] = item;
  }
  return column;
}

function columnOfView(view: NumericArray, dtype: DType): Column {
  const column = new Column(dtype, view.length);
  (column.view as { set(values: ArrayLike<unknown>): void }).set(view);
  return column;
}

/**
 * Chooses how items travel.
 * @throws {TypeError | RangeError} when `items` is no iterable, or `out` does not fit
 */
export function mapDataOf(items: unknown, operation: Operation, out: Out | undefined): MapData {
  if (out !== undefined && !(out instanceof SharedArray)) {
    throw new TypeError(`out must be a SharedArray, got ${shown(out)}`);
  }
  const checked = (length: number): number => {
    if (out !== undefined && out.length < length) {
      throw new RangeError(`out must have room for ${length} results, has ${out.length}`);
    }
    return length;
  };
  if (operation === Operation.map && items instanceof SharedArray) {
    return new ColumnData(checked(items.length), items as SharedArray<DType>, out);
  }
  if (operation === Operation.map && ArrayBuffer.isView(items)) {
    const dtype = dtypeOf(items);
    if (dtype !== undefined) {
      const view = items as NumericArray;
      return new ColumnData(checked(view.length), columnOfView(view, dtype), out);
    }
  }
  if (!isIterable(items)) throw new TypeError(`items must be an iterable, got ${shown(items)}`);
  const array: readonly unknown[] = Array.isArray(items) ? items : Array.from(items);
  checked(array.length);
  if (operation === Operation.starmap) {
    const bad = array.findIndex((args) => !Array.isArray(args));
    if (bad >= 0) throw new TypeError(`items[${bad}] must be an array of arguments, got ${shown(array[bad])}`);
  }
  const column = operation === Operation.map ? columnOfNumbers(array) : undefined;
  if (column !== undefined) return new ColumnData(array.length, column, out);
  return new EncodedData(Array.isArray(items) ? array.slice() : array, operation, out);
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === 'string' || (typeof value === 'object' && value !== null && Symbol.iterator in value);
}
