import type { AnyFunction, FunctionDescriptor } from './protocol.js';

/** Functions whose description is known without looking at them: made from one, or references to modules. */
const known = new WeakMap<AnyFunction, FunctionDescriptor>();

export function remember(fn: AnyFunction, descriptor: FunctionDescriptor): void {
  known.set(fn, descriptor);
}

export function remembered(fn: AnyFunction): FunctionDescriptor | undefined {
  return known.get(fn);
}
