import { inspect } from 'node:util';

/** Beyond this length, in elements, listing the keys costs more than having the runtime describe the array. */
const LISTED_LENGTH = 64;
const nothingNamed = /\[ \.\.\. \d+ more items? \]$/;
const options = { maxArrayLength: 0, depth: 0, customInspect: false, colors: false } as const;

/**
 * True when an array has properties besides its elements, as the result of `String.match` has. JavaScript cannot ask
 * for those alone, and its ways to list all keys make a string of every index. `inspect`, told to show no elements,
 * looks at just the others in constant time.
 */
export function hasNamedProperties(array: readonly unknown[]): boolean {
  const { length } = array;
  if (length > LISTED_LENGTH) return !nothingNamed.test(inspect(array, options));
  const keys = Object.keys(array);
  const last = keys[keys.length - 1];
  // Indices are listed first, so a named property would be the last key.
  return last !== undefined && last !== String(length - 1) && !isIndex(last);
}

/** True for the keys of an array's elements. */
export function isIndex(key: string): boolean {
  return String(Number(key) >>> 0) === key && key !== '4294967295';
}
