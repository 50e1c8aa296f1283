import { ProcessError } from './base/errors.js';
import { Manager } from './manager/manager.js';
import { ShareableList } from './memory/shareable-list.js';
import { SharedArray } from './vector/shared-array.js';
import { SharedMemory } from './memory/shared-memory.js';
import { Pool } from './pool/pool.js';
import { cpuCount, currentProcess, parentProcess } from './process/current-process.js';
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
import type { AnyFunction } from './transport/function/protocol.js';

/** The part of the library that is the same for every kind of worker. @inline */
interface Common {
  /** As {@link activeChildren} of the package. */
  readonly activeChildren: typeof activeChildren;
  /** As {@link cpuCount} of the package. */
  readonly cpuCount: typeof cpuCount;
  /** As {@link currentProcess} of the package. */
  readonly currentProcess: typeof currentProcess;
  /** As {@link currentTask} of the package. */
  readonly currentTask: typeof currentTask;
  /** As {@link fromModule} of the package. */
  readonly fromModule: typeof fromModule;
  /** As {@link getAllStartMethods} of the package. */
  readonly getAllStartMethods: typeof getAllStartMethods;
  /** As {@link Manager} of the package. */
  readonly Manager: typeof Manager;
  /** As {@link parentProcess} of the package. */
  readonly parentProcess: typeof parentProcess;
  /** As {@link ShareableList} of the package. */
  readonly ShareableList: typeof ShareableList;
  /** As {@link SharedArray} of the package. */
  readonly SharedArray: typeof SharedArray;
  /** As {@link SharedMemory} of the package. */
  readonly SharedMemory: typeof SharedMemory;
  /** As {@link task} of the package. */
  readonly task: typeof task;
}

const common: Common = {
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
export interface Context extends Common {
  /** {@link Process}, whose processes are of that kind. */
  readonly Process: typeof Process;
  /** {@link Pool}, whose workers are of that kind. */
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
    Process: class BoundProcess<F extends AnyFunction = AnyFunction> extends Process<F> {
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
