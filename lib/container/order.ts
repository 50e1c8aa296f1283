/** How `Array.prototype.sort` wants to be told of an order. */
export type Compare<T> = (a: T, b: T) => number;

/**
 * The order that values sort in, stably: at i the index of what comes i-th. Undefined comes last, as in arrays.
 * @param compare default: numbers by size, strings by code points, as in Python; a mixture as arrays sort it
 */
export function orderOf<T>(values: readonly T[], compare: Compare<T> = naturalOrder(values)): Uint32Array {
  const order: number[] = [];
  const last: number[] = [];
  for (let i = 0; i < values.length; i++) (values[i] === undefined ? last : order).push(i);
  order.sort((a, b) => compare(values[a]!, values[b]!));
  return Uint32Array.from([...order, ...last]);
}

function naturalOrder(values: readonly unknown[]): Compare<unknown> {
  const defined = values.filter((value) => value !== undefined);
  const isNumber = (value: unknown): boolean => typeof value === 'number' || typeof value === 'bigint';
  if (defined.every(isNumber)) return byNumber as Compare<unknown>;
  if (!defined.every((value) => typeof value === 'string')) return byText;
  return defined.some((value) => surrogate.test(value)) ? (byCodePoint as Compare<unknown>) : byUnits;
}

/** NaN comes last. */
function byNumber(a: number | bigint, b: number | bigint): number {
  if (a < b) return -1;
  if (a > b) return 1;
  return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
}

function byText(a: unknown, b: unknown): number {
  return byUnits(String(a), String(b));
}

function byUnits(a: unknown, b: unknown): number {
  if (a === b) return 0;
  return (a as string) < (b as string) ? -1 : 1;
}

const surrogate = /[\ud800-\udfff]/;

function byCodePoint(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const [x, y] = [a.charCodeAt(i), b.charCodeAt(i)];
    if (x !== y) return rank(x) - rank(y);
  }
  return a.length - b.length;
}

/** A surrogate is part of a code point above all those that one unit can be. */
function rank(unit: number): number {
  return (unit & 0xf800) === 0xd800 ? unit + 0x10000 : unit;
}
