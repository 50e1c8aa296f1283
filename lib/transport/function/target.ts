import type { AnyFunction } from './protocol.js';

export type { AnyFunction } from './protocol.js';

/** A function of which nothing is known but that it can be called. */
export type Callable = (...args: unknown[]) => unknown;

/** What a target is called by: itself; a class is constructed. Asked once for a function, not at each call. */
export function callableOf(target: AnyFunction): Callable {
  if (!isClass(target)) return target as Callable;
  const type = target as unknown as new (...args: unknown[]) => unknown;
  return (...args) => new type(...args);
}

/** A method may be called `class`, but no method has a prototype to give to what it makes. */
function isClass(target: AnyFunction): boolean {
  return Object.hasOwn(target, 'prototype') && /^class\b/.test(Function.prototype.toString.call(target));
}
