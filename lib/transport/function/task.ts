import type { AnyFunction } from './protocol.js';

export interface Task {
  readonly fn: AnyFunction;
  readonly captured: Record<string, unknown>;
}

const tasks = new WeakMap<AnyFunction, Task>();

/**
 * Lets a nested function travel together with the local variables that it captures.
 *
 * ```js
 * const scale = 3;
 * await pool.map(task((x) => x * scale, { scale }), items);
 * ```
 *
 * @param fn A function made inside of another one.
 * @param captured The variables by name. Their values are copied to the worker like arguments: handles on shared memory
 *   stay live, functions travel in their turn, and an assignment to one of the names stays in the worker.
 * @returns A function that does the same as `fn` when it is called here.
 * @throws TypeError if `fn` is not a function or `captured` not an object.
 */
export function task<F extends AnyFunction>(fn: F, captured: Record<string, unknown> = {}): F {
  if (typeof fn !== 'function') throw new TypeError(`task: "fn" must be a function, not ${typeof fn}`);
  if (typeof captured !== 'object' || captured === null) throw new TypeError('task: "captured" must be an object');
  const inner = tasks.get(fn);
  const made = new Proxy(fn, {});
  tasks.set(made, inner ? { fn: inner.fn, captured: { ...inner.captured, ...captured } } : { fn, captured });
  return made;
}

/** What `task` was called with to make this function. */
export function taskOf(fn: AnyFunction): Task | undefined {
  return tasks.get(fn);
}
