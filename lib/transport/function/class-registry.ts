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
  return undefined;
}

/** The class that a key means here; `name` is that of the class, which a key that came to mean another one fails. */
export function classOfKey(key: string, name: string): Function | undefined {
  for (const origin of ['here', 'module', 'synthetic'] satisfies Origin[]) {
    const entry = entries.get(`${origin} ${key}`);
    const value = entry && valueOf(entry);
    if (value?.name === name) return value;
  }
  return undefined;
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
