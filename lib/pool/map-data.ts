import { shown } from '../base/validate.js';
import { dtypeOf, type DType, type NumericArray, type TypeCode } from '../memory/dtype.js';
import { SharedArray } from '../vector/shared-array.js';
import { Column } from '../runtime/column.js';
import { Operation, RANGE_DONE } from '../runtime/protocol.js';
import type { MapData } from './map-job.js';

/** From how many numbers on a shared column is worth its two segments. */
const WORTH_A_COLUMN = 256;

type Out = SharedArray<DType | TypeCode>;

/** Puts results at their places, into an array or into the vector that the caller gave. */
function storeAt(start: number, values: readonly unknown[], array: unknown[] | undefined, out: Out | undefined): void {
  if (array !== undefined) {
    for (let i = 0; i < values.length; i++) array[start + i] = values[i];
    return;
  }
  const view = out!.view as unknown as { [index: number]: unknown };
  const expected = typeof out!.view[0];
  for (let i = 0; i < values.length; i++) {
    if (typeof values[i] !== expected) {
      throw new TypeError(`Result ${start + i} must be a ${expected} for out, got ${shown(values[i])}`);
    }
    view[start + i] = values[i];
  }
}

/** Items of any kind, encoded a chunk at a time. */
class EncodedData implements MapData {
  readonly operation: Operation;
  readonly length: number;
  readonly #items: readonly unknown[];
  readonly #array: unknown[] | undefined;
  readonly #out: Out | undefined;

  constructor(items: readonly unknown[], operation: Operation, out: Out | undefined) {
    this.#items = items;
    this.operation = operation;
    this.length = items.length;
    this.#array = out === undefined ? new Array<unknown>(items.length) : undefined;
    this.#out = out;
  }

  argumentsOf(start: number, end: number): readonly unknown[] {
    return [this.#items.slice(start, end)];
  }

  store(start: number, _end: number, value: unknown): void {
    storeAt(start, value as readonly unknown[], this.#array, this.#out);
  }

  finish(): unknown {
    return this.#array ?? this.#out;
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
  /** Results, taken over as ranges come in, while workers are at the next ones. */
  readonly #array: unknown[] | undefined;

  constructor(length: number, source: Column | SharedArray<DType>, out: Out | undefined, shared: boolean) {
    this.length = length;
    this.#sourceColumn = source instanceof Column ? source : undefined;
    this.#source = source instanceof Column ? source : SharedArray.placeOf(source);
    this.#out = out;
    this.#target = out === undefined ? new Column('float64', length, shared) : undefined;
    this.#array = out === undefined ? new Array<unknown>(length) : undefined;
  }

  argumentsOf(start: number, end: number): readonly unknown[] {
    const target = this.#target ?? SharedArray.placeOf(this.#out!);
    const { segment, dtype } = this.#source;
    return [segment, dtype, target.segment, target.dtype, this.length, start, end];
  }

  store(start: number, end: number, value: unknown): void {
    if (value !== RANGE_DONE) storeAt(start, value as readonly unknown[], this.#array, this.#out);
    else if (this.#array !== undefined) copyNumbers(this.#target!.view as Float64Array, this.#array, start, end);
  }

  finish(): unknown {
    return this.#array ?? this.#out;
  }

  close(): void {
    this.#sourceColumn?.close();
    this.#target?.close();
  }
}

/** Integers as such: the engine keeps an array of small integers and of doubles differently, and converts slowly. */
function copyNumbers(from: Float64Array, to: unknown[], start: number, end: number): void {
  for (let i = start; i < end; i++) {
    const value = from[i]!;
    const integer = value | 0;
    to[i] = integer === value && (integer !== 0 || 1 / value > 0) ? integer : value;
  }
}

/** A column of the items, if all of them are numbers. */
function columnOfNumbers(items: readonly unknown[], shared: boolean): Column | undefined {
  if (items.length < WORTH_A_COLUMN || typeof items[0] !== 'number') return undefined;
  const column = new Column('float64', items.length, shared);
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

function columnOfView(view: NumericArray, dtype: DType, shared: boolean): Column {
  const column = new Column(dtype, view.length, shared);
  (column.view as { set(values: ArrayLike<unknown>): void }).set(view);
  return column;
}

/**
 * Chooses how items travel.
 * @param shared to other processes
 * @throws {TypeError | RangeError} when `items` is no iterable, or `out` does not fit
 */
export function mapDataOf(items: unknown, operation: Operation, out: Out | undefined, shared: boolean): MapData {
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
    return new ColumnData(checked(items.length), items as SharedArray<DType>, out, shared);
  }
  if (operation === Operation.map && ArrayBuffer.isView(items)) {
    const dtype = dtypeOf(items);
    if (dtype !== undefined) {
      const view = items as NumericArray;
      return new ColumnData(checked(view.length), columnOfView(view, dtype, shared), out, shared);
    }
  }
  if (!isIterable(items)) throw new TypeError(`items must be an iterable, got ${shown(items)}`);
  const array: readonly unknown[] = Array.isArray(items) ? items : Array.from(items);
  checked(array.length);
  if (operation === Operation.starmap) {
    const bad = array.findIndex((args) => !Array.isArray(args));
    if (bad >= 0) throw new TypeError(`items[${bad}] must be an array of arguments, got ${shown(array[bad])}`);
  }
  const column = operation === Operation.map ? columnOfNumbers(array, shared) : undefined;
  if (column !== undefined) return new ColumnData(array.length, column, out, shared);
  return new EncodedData(Array.isArray(items) ? array.slice() : array, operation, out);
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === 'string' || (typeof value === 'object' && value !== null && Symbol.iterator in value);
}
