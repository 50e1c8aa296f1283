import { BootstrapError, ProcessError } from '../base/errors.js';
import { isLoading } from '../runtime/current-task.js';
import { identityOfThread } from '../runtime/identity.js';
import { ProcessCargo } from '../runtime/process-cargo.js';
import { StartedProcess } from '../runtime/started-process.js';
import type { HostOptions } from '../runtime/host/worker-host.js';
import type { AnyFunction } from '../transport/function/protocol.js';

/** Everything about a process that is to be started. */
export interface Launch {
  readonly name: string;
  readonly daemon: boolean;
  readonly numbers: readonly number[];
  readonly target: AnyFunction | undefined;
  readonly args: readonly unknown[];
  /** The class that overrides `run`, and the fields of its object. */
  readonly type: AnyFunction | undefined;
  readonly fields: object;
  readonly isThread: boolean;
  readonly options: HostOptions;
  /** Where it is started, for the stack of its error. */
  readonly caller: { readonly stack?: string };
}

/**
 * Starts a process. Nothing refers to its target, arguments and fields afterwards.
 * @throws {ProcessError} in a daemon, which may not have children
 * @throws {FunctionTransportError | SerializationError} for what cannot travel; nothing is left behind then
 */
export function launch({ target, args, type, fields, isThread, options, caller, ...process }: Launch): StartedProcess {
  const { name, pid, daemon } = identityOfThread();
  if (daemon) throw new ProcessError(`daemonic processes are not allowed to have children, and ${name} is one`);
  const cargo = new ProcessCargo(!isThread);
  try {
    const work = {
      target: target === undefined ? 0 : cargo.functionId(target, 'target'),
      args: cargo.pack(args, 'args'),
      type: type === undefined ? 0 : cargo.functionId(type, 'class'),
      fields: type === undefined ? undefined : cargo.pack(Object.fromEntries(Object.entries(fields)), 'this'),
    };
    return new StartedProcess({ ...process, parent: { name, pid }, work }, cargo, isThread, options, caller);
  } catch (error) {
    cargo.holdings().release();
    throw error;
  }
}

/** @throws {BootstrapError} in a worker that is still loading the module which makes or starts a process */
export function requireLoaded(what: string): void {
  if (!isLoading()) return;
  throw new BootstrapError(
    `A process was ${what} at the top level of a module while a worker was loading it: do so inside a function`,
  );
}
