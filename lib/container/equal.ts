import { isDeepStrictEqual } from 'node:util';
import { SharedObject } from '../heap/shared-object.js';
import { Namespace } from './namespace.js';

/** Are two values the same in content? Handles are when they are on the same object. */
export function isEqual(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || a === null) return Object.is(a, b);
  if (a instanceof SharedObject && b instanceof SharedObject) return placeOf(a) === placeOf(b);
  return isDeepStrictEqual(a, b);
}

function placeOf(object: SharedObject): number {
  return object instanceof Namespace ? Namespace.dictOf(object) : SharedObject.offsetOf(object);
}
