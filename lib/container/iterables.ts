import { shown } from '../base/validate.js';

/** All that an iterable gives, as a list. @throws {TypeError} for anything else */
export function listOf<T>(name: string, values: Iterable<T>): readonly T[] {
  if (Array.isArray(values)) return values as readonly T[];
  if (typeof values === 'string') return Array.from(values as Iterable<T>);
  if (typeof values === 'object' && values !== null && Symbol.iterator in values) return Array.from(values);
  throw new TypeError(`${name} must be an iterable, got ${shown(values)}`);
}

/** What a dict is made from: entries, or a plain object. */
export type Entries<K, V> = Iterable<readonly [K, V]> | Readonly<Record<string, V>>;

/** @throws {TypeError} for what is neither an iterable of pairs nor an object */
export function pairsOf(name: string, entries: Entries<unknown, unknown>): readonly (readonly [unknown, unknown])[] {
  if (typeof entries !== 'object' || entries === null) {
    throw new TypeError(`${name} must be an object or an iterable of [key, value], got ${shown(entries)}`);
  }
  if (!(Symbol.iterator in entries)) return Object.entries(entries);
  const list = Array.from(entries as Iterable<readonly [unknown, unknown]>);
  for (const entry of list) {
    if (!Array.isArray(entry) || entry.length !== 2) {
      throw new TypeError(`${name} must consist of [key, value] pairs, got ${shown(entry)}`);
    }
  }
  return list;
}
