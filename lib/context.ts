import { ProcessError } from './base/errors.js';
import { Manager } from './manager/manager.js';
import { ShareableList } from './memory/shareable-list.js';
import { SharedArray } from './vector/shared-array.js';
import { SharedMemory } from './memory/shared-memory.js';
import { Pool } from './pool/pool.js';
import { cpuCount, currentProcess, parentProcess } from './process/current-process.js';
import type { ProcessTarget } from './process/options.js';
import { activeChildren, isOwnClass, Process } from './process/process.js';
import {
  boundMethod,
  getAllStartMethods,
  getStartMethod,
  requireMethod,
  type StartMethod,
} from './process/start-method.js';
import { currentTask } from './runtime/current-task.js';
import { fromModule } from './transport/function/from-module.js';
import { task } from './transport/function/task.js';

/** What is the same for every kind of worker. */
const common = {
  activeChildren,
  cpuCount,
  currentProcess,
  currentTask,
  fromModule,
  getAllStartMethods,
  Manager,
  parentProcess,
  ShareableList,
  SharedArray,
  SharedMemory,
  task,
};

/** The library, bound to one kind of worker. */
export interface Context extends Readonly<typeof common> {
  readonly Process: typeof Process;
  readonly Pool: typeof Pool;
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
    Process: class BoundProcess<F extends ProcessTarget = ProcessTarget> extends Process<F> {
      static override readonly [isOwnClass] = true;
      static readonly [boundMethod] = method;
    },
    Pool: class BoundPool extends Pool {
      static readonly [boundMethod] = method;
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
