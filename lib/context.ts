import { ProcessError } from './base/errors.js';
import * as common from './common.js';
import { Manager } from './manager/manager.js';
import type { PoolOptions } from './pool/options.js';
import { Pool } from './pool/pool.js';
import { isOwnClass, Process } from './process/process.js';
import { boundMethod, getStartMethod, requireMethod, type StartMethod } from './process/start-method.js';
import type { AnyFunction } from './transport/function/protocol.js';

/** What is the same for every kind of worker. @inline */
type Common = typeof common;

/** The library, bound to one kind of worker. */
export interface Context extends Common {
  /** {@link Process}, whose processes are of that kind. */
  readonly Process: typeof Process;
  /** {@link Pool}, whose workers are of that kind. */
  readonly Pool: typeof Pool;
  /** {@link Manager}, whose pools have workers of that kind. */
  readonly Manager: typeof Manager;
  /** The kind of worker that it is bound to. */
  getStartMethod(): StartMethod;
  /** This one, or that of another method. @throws {RangeError} for an unknown method */
  getContext(method?: StartMethod): Context;
  /** @throws {ProcessError} always: it is bound */
  setStartMethod(method: StartMethod): never;
}

function contextOf(method: StartMethod): Context {
  const context: Context = {
    ...common,
    Process: class BoundProcess<F extends AnyFunction = AnyFunction> extends Process<F> {
      static override readonly [isOwnClass] = true;
      static readonly [boundMethod] = method;
    },
    Pool: class BoundPool extends Pool {
      static readonly [boundMethod] = method;
    },
    Manager: class extends Manager {
      protected override newPool(processes?: number, options?: PoolOptions): Pool {
        return new context.Pool(processes, options);
      }
    },
    getStartMethod: () => method,
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
