import { ProcessError } from './base/errors.js';
import { Pool } from './pool/pool.js';
import type { ProcessTarget } from './process/options.js';
import { isOwnClass, Process } from './process/process.js';
import {
  boundMethod,
  getAllStartMethods,
  getStartMethod,
  requireMethod,
  type StartMethod,
} from './process/start-method.js';

/** The classes that start something, bound to one kind of worker. */
export interface Context {
  readonly Process: typeof Process;
  readonly Pool: typeof Pool;
  /** The kind of worker that it is bound to. */
  getStartMethod(): StartMethod;
  getAllStartMethods(): StartMethod[];
  /** This one, or that of another method. @throws {RangeError} for an unknown method */
  getContext(method?: StartMethod): Context;
  /** @throws {ProcessError} always: it is bound */
  setStartMethod(method: StartMethod): never;
}

function contextOf(method: StartMethod): Context {
  const context: Context = {
    Process: class BoundProcess<F extends ProcessTarget = ProcessTarget> extends Process<F> {
      static override readonly [isOwnClass] = true;
      static readonly [boundMethod] = method;
    },
    Pool: class BoundPool extends Pool {
      static readonly [boundMethod] = method;
    },
    getStartMethod: () => method,
    getAllStartMethods,
    getContext: (other) => (other === undefined ? context : getContext(other)),
    setStartMethod: () => {
      throw new ProcessError(`cannot set the start method of a context: this one is bound to '${method}'`);
    },
  };
  return Object.freeze(context);
}

const contexts = new Map<StartMethod, Context>();

/**
 * The same API, bound to one kind of worker: `multiprocessing.get_context()`.
 * @param method default: the start method that is set now
 * @throws {RangeError} for an unknown method
 */
export function getContext(method: StartMethod = getStartMethod()): Context {
  requireMethod(method);
  const context = contexts.get(method) ?? contextOf(method);
  contexts.set(method, context);
  return context;
}
