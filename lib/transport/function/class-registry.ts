import { findClass, scriptOf } from './class-search.js';

/**
 * Lets an error keep its class on the way back. Both sides note the classes that a travelled function can name, as
 * `url#name`, together with a way to get at their value; the value is looked up only when an error asks for it.
 */

/** Gives the value of a name (`ParseError`, `errors.ParseError`) as the function sees it. */
export type Resolve = (name: string) => unknown;

interface Entry {
  readonly key: string;
  readonly name: string;
  readonly resolve: Resolve;
  value?: Function;
  /** It turned out to be something else. */
  isOther?: boolean;
}

/** How a class came here: a module may be there twice, imported and in the parts that came with functions. */
export type Origin = 'here' | 'module' | 'synthetic';

const entries = new Map<string, Entry>();
const keys = new WeakMap<Function, string>();
const misses = new WeakMap<Function, number>();
const deep = new Map<string, Function>();
/** Keys that were looked for in vain, and how many names there were to start from. */
const absent = new Map<string, number>();

/** Notes the names that may be classes in a module. The first function that can name one is asked for it. */
export function registerClasses(url: string, names: Iterable<string>, origin: Origin, resolve: Resolve): void {
  for (const name of names) {
    const key = `${url}#${name}`;
    const place = `${origin} ${key}`;
    if (!entries.has(place)) entries.set(place, { key, name, resolve });
  }
}

/** The key under which the other side may know a class of errors; undefined where no travelled function names it. */
export function keyOfClass(ctor: Function): string | undefined {
  const known = keys.get(ctor);
  if (known !== undefined) return known;
  if (misses.get(ctor) === entries.size) return undefined;
  // The name of a class is mostly the name that it goes by
  const isLikely = ({ name }: Entry): boolean => name === ctor.name || name.endsWith(`.${ctor.name}`);
  const candidates = [...entries.values()].filter(({ value }) => !value);
  candidates.sort((a, b) => Number(isLikely(b)) - Number(isLikely(a)));
  for (const entry of candidates) if (valueOf(entry) === ctor) return entry.key;
  misses.set(ctor, entries.size);
  // No function names it: one of the modules that they use may declare it
  const url = ctor.name && ctor.prototype instanceof Error ? scriptOf(ctor) : undefined;
  return url === undefined ? undefined : remember(ctor, `${url}#${ctor.name}`);
}

/** The class that a key means here; `name` is that of the class, which a key that came to mean another one fails. */
export function classOfKey(key: string, name: string): Function | undefined {
  for (const origin of ['here', 'module', 'synthetic'] satisfies Origin[]) {
    const entry = entries.get(`${origin} ${key}`);
    const value = entry && valueOf(entry);
    if (value?.name === name) return value;
  }
  const found = deep.get(key);
  if (found) return found;
  // Not again for every function that comes: only once there is a good deal more to start from
  if (entries.size < 2 * (absent.get(key) ?? 0)) return undefined;
  const [, url = '', local = ''] = /^(.*)#([^#]*)$/s.exec(key) ?? [];
  const value = findClass([...entries.values()].map(read), url, local);
  if (value?.name === name) deep.set(key, value);
  else absent.set(key, entries.size);
  return deep.get(key);
}

function remember(ctor: Function, key: string): string {
  keys.set(ctor, key);
  return key;
}

function valueOf(entry: Entry): Function | undefined {
  if (entry.value || entry.isOther) return entry.value;
  const value = read(entry);
  if (value === undefined) return undefined;
  if (typeof value !== 'function' || !(value.prototype instanceof Error)) {
    entry.isOther = true;
    return undefined;
  }
  entry.value = value;
  if (!keys.has(value)) keys.set(value, entry.key);
  return value;
}

function read({ name, resolve }: Entry): unknown {
  try {
    const [root = '', ...path] = name.split('.');
    return path.reduce<unknown>((value, property) => (value as Record<string, unknown>)[property], resolve(root));
  } catch {
    // Not initialized yet, or no longer there: the error arrives without its class
    return undefined;
  }
}
