import { locate, variableOf, visibleFrom } from './inspector.js';
import type { AnyFunction } from './protocol.js';

/** Scripts looked into before a search gives up: it runs while a caller waits for an error. */
const MOST_SCRIPTS = 100;
/** Members looked at of an object, which may be data of any size. */
const MOST_MEMBERS = 500;

/** The URL of the script that a class stands in. */
export function scriptOf(ctor: Function): string | undefined {
  const url = locate(ctor as AnyFunction)?.script.url;
  return url !== undefined && URL.canParse(url) && !url.startsWith('node:') ? url : undefined;
}

/**
 * Finds a class of errors by the script that declares it, going from functions to what their modules import, and on
 * from there: so a class is known that is thrown deep within the modules which a function uses.
 */
export function findClass(from: Iterable<unknown>, url: string, name: string): Function | undefined {
  const scripts = new Set<string>();
  const queue = [...from].flatMap(functionsIn);
  for (let fn = queue.shift(); fn && scripts.size < MOST_SCRIPTS; fn = queue.shift()) {
    const script = locate(fn)?.script;
    if (!script || scripts.has(script.id) || script.url.startsWith('node:')) continue;
    scripts.add(script.id);
    const value = script.url === url ? variableOf(fn, name) : undefined;
    if (typeof value === 'function' && value.prototype instanceof Error) return value;
    queue.push(...visibleFrom(fn).flatMap(functionsIn));
  }
  return undefined;
}

/** A function, or those that a namespace (or an object of exports) holds. */
function functionsIn(value: unknown): AnyFunction[] {
  if (typeof value === 'function') return [value as AnyFunction];
  if (typeof value !== 'object' || value === null) return [];
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && prototype !== Object.prototype) return [];
  return Object.keys(value)
    .slice(0, MOST_MEMBERS)
    .map((key) => Object.getOwnPropertyDescriptor(value, key)?.value as unknown)
    .filter((inner): inner is AnyFunction => typeof inner === 'function');
}
