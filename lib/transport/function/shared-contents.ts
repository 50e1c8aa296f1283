import { types } from 'node:util';
import { handleTypeOf } from '../../base/handle.js';

/** Objects looked at before a search gives up: a variable may hold data of any size. */
const MOST_OBJECTS = 1000;
const MOST_MEMBERS = 10_000;

export interface Contents {
  /** It is a shared object, or a plain object, array, map or set that holds one. */
  readonly shared: boolean;
  readonly functions: boolean;
}

/** Looks into a value, without calling getters. */
export function contentsOf(value: unknown): Contents {
  let shared = false;
  let functions = false;
  const seen = new Set<unknown>();
  const queue: unknown[] = [value];
  for (let at = 0; at < queue.length && seen.size < MOST_OBJECTS; at++) {
    const object = queue[at];
    if (typeof object === 'function') functions = true;
    if (typeof object !== 'object' || object === null || seen.has(object)) continue;
    seen.add(object);
    if (isHandle(object)) shared = true;
    else if (!types.isProxy(object)) addMembers(queue, object);
  }
  return { shared, functions };
}

function addMembers(queue: unknown[], object: object): void {
  for (const member of membersOf(object)) {
    if (queue.length >= MOST_MEMBERS) return;
    if ((typeof member === 'object' && member !== null) || typeof member === 'function') queue.push(member);
  }
}

function isHandle(object: object): boolean {
  try {
    for (let at: unknown = Object.getPrototypeOf(object); at !== null; at = Object.getPrototypeOf(at)) {
      if (handleTypeOf(at as object)) return true;
    }
  } catch {
    // A proxy that was revoked
  }
  return false;
}

function* membersOf(object: object): Generator {
  if (types.isMap(object)) {
    for (const [key, value] of Map.prototype.entries.call(object)) yield* [key, value] as unknown[];
    return;
  }
  if (types.isSet(object)) return yield* Set.prototype.values.call(object);
  if (Array.isArray(object)) return yield* object.slice(0, MOST_MEMBERS) as unknown[];
  const prototype: unknown = Object.getPrototypeOf(object);
  if (prototype !== null && prototype !== Object.prototype) return;
  if (types.isModuleNamespaceObject(object)) return;
  for (const key of Object.keys(object).slice(0, MOST_MEMBERS)) {
    const property = Object.getOwnPropertyDescriptor(object, key);
    if (property && 'value' in property) yield property.value as unknown;
  }
}
