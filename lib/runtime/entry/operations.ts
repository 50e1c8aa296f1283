import type { Callable } from '../../transport/function/target.js';
import type { DType, NumericArray } from '../../memory/dtype.js';
import { columnOf } from '../column.js';
import { Operation, RANGE_DONE } from '../protocol.js';
import type { EachOutcome } from './each-outcome.js';

/** Where a range of a job on numbers lies: what `Operation.range` gets as its arguments. */
export type RangeArguments = readonly [
  source: number,
  sourceType: DType,
  target: number,
  targetType: DType,
  length: number,
  start: number,
  end: number,
];

/**
 * Runs one task: a value, or a promise of it. A chunk whose function is asynchronous runs its items one after the other.
 */
export function perform(operation: number, call: Callable, args: readonly unknown[]): unknown {
  switch (operation) {
    case Operation.map:
      return mapFrom(args[0] as ArrayLike<unknown>, (item) => call(item), [], 0);
    case Operation.starmap:
      return mapFrom(args[0] as ArrayLike<unknown[]>, (item) => call(...item), [], 0);
    case Operation.each:
      return eachFrom(args[0] as ArrayLike<unknown>, call, { values: [], errors: [] }, 0);
    case Operation.range:
      return overRange(call, args as unknown as RangeArguments);
    default:
      return call(...args);
  }
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';
}

function mapFrom<T>(items: ArrayLike<T>, call: (item: T) => unknown, out: unknown[], from: number): unknown {
  for (let i = from; i < items.length; i++) {
    const value = call(items[i]!);
    if (isPromise(value)) {
      return Promise.resolve(value).then((settled) => {
        out.push(settled);
        return mapFrom(items, call, out, i + 1);
      });
    }
    out.push(value);
  }
  return out;
}

function eachFrom(items: ArrayLike<unknown>, call: Callable, out: EachOutcome, from: number): unknown {
  for (let i = from; i < items.length; i++) {
    const fail = (error: unknown): void => {
      out.errors.push(i);
      out.values.push(error);
    };
    try {
      const value = call(items[i]);
      if (isPromise(value)) {
        return Promise.resolve(value)
          .then((settled) => void out.values.push(settled), fail)
          .then(() => eachFrom(items, call, out, i + 1));
      }
      out.values.push(value);
    } catch (error) {
      fail(error);
    }
  }
  return out;
}

/** Numbers in, numbers out. Anything else that the function gives makes the range an ordinary array of results. */
function overRange(call: Callable, range: RangeArguments): unknown {
  const [source, sourceType, target, targetType, length, start, end] = range;
  const from = columnOf(source, sourceType, length);
  const to = columnOf(target, targetType, length);
  for (let i = start; i < end; i++) {
    const value = call(from[i]);
    if (typeof value === 'number' && typeof to[i] === 'number') to[i] = value;
    else return overRangeSlowly(call, from, to, i, value, start, end);
  }
  return RANGE_DONE;
}

function overRangeSlowly(
  call: Callable,
  from: NumericArray,
  to: NumericArray,
  at: number,
  value: unknown,
  start: number,
  end: number,
): unknown {
  const done: unknown[] = Array.from(to.subarray(start, at) as ArrayLike<unknown>);
  const rest = from.subarray(at + 1, end) as ArrayLike<unknown>;
  if (!isPromise(value)) return mapFrom(rest, call, [...done, value], 0);
  return Promise.resolve(value).then((settled) => mapFrom(rest, call, [...done, settled], 0));
}
