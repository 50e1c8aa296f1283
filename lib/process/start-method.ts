import { ProcessError } from '../base/errors.js';
import { isMainThread, told } from '../base/told.js';
import { namesOf, requireKnown } from '../base/options.js';
import { shown } from '../base/validate.js';
import { native } from '../binding/native.js';

/** What processes and workers are: OS threads of this process, or OS processes. */
export type StartMethod = 'thread' | 'process';

const methods: readonly StartMethod[] = ['thread', 'process'];

const OPTIONS = namesOf<{ force: boolean }>({ force: true });

let chosen: StartMethod | undefined;

/** The start methods that there are, the default one first: `multiprocessing.get_all_start_methods()`. */
export function getAllStartMethods(): StartMethod[] {
  return [...methods];
}

/**
 * What processes and pools of the default context are started as. Unless it was set, `'thread'`; within a process or a
 * worker, what that was started as itself.
 */
export function getStartMethod(): StartMethod {
  return chosen ?? (isMainThread && told() !== undefined ? 'process' : 'thread');
}

/**
 * Chooses what processes and pools of the default context are started as, for this thread.
 * @throws {RangeError} for an unknown method
 * @throws {ProcessError} when it was set before, without `force`
 */
export function setStartMethod(method: StartMethod, options: { readonly force?: boolean } = {}): void {
  requireMethod(method);
  requireKnown(options, OPTIONS);
  if (chosen !== undefined && options.force !== true) throw new ProcessError('context has already been set');
  chosen = method;
}

/** @throws {RangeError} for an unknown method */
export function requireMethod(method: unknown): asserts method is StartMethod {
  if ((methods as readonly unknown[]).includes(method)) return;
  const known = methods.map((name) => `'${name}'`).join(' or ');
  throw new RangeError(`method must be ${known}, got ${shown(method)}`);
}

/** A static property of a class that is bound to a start method, instead of that of the default context. */
export const boundMethod: unique symbol = Symbol('allcores.startMethod');

/** What a class starts. @throws {ProcessError} when this system has no workers of that kind */
export function startMethodOf(type: Function): StartMethod {
  const method = (type as { readonly [boundMethod]?: StartMethod })[boundMethod] ?? getStartMethod();
  if (method === 'process' && !native.processesAvailable) {
    throw new ProcessError(`Workers that are processes are not available on ${process.platform}: use 'thread'`);
  }
  return method;
}
