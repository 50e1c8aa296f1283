import { native } from '../binding/native.js';
import { identityOfThread, parentOfThread } from '../runtime/identity.js';

/** The process, the worker of a pool, or the main program, that this code runs in. */
export interface CurrentProcess {
  /** `MainProcess`, or the name of the process or worker: `Process-1`, `PoolWorker-1` … A process may rename itself. */
  name: string;
  /** The operating system's number: of the process for the main program, of the thread for a process or worker. */
  readonly pid: number;
  /** It ends with its parent, and may not start processes. Workers of pools are daemons. */
  readonly daemon: boolean;
}

/** Who runs this code: `multiprocessing.current_process()`. */
export function currentProcess(): CurrentProcess {
  return identityOfThread();
}

/** Who started the process, or made the pool whose worker it is, that this code runs in. */
export interface ParentProcess {
  /** Its name at that time. */
  readonly name: string;
  /** Its number, as {@link CurrentProcess.pid} tells it. */
  readonly pid: number;
  /** Always true: a thread never outlives the one that started it. */
  isAlive(): boolean;
}

let parent: ParentProcess | undefined;

/** Who started this process: `multiprocessing.parent_process()`. Undefined in the main program. */
export function parentProcess(): ParentProcess | undefined {
  const told = parentOfThread();
  if (told === undefined) return undefined;
  const { name, pid } = told;
  return (parent ??= Object.freeze({ name, pid, isAlive: () => true }));
}

/** Processors that this process may use: its affinity, limited by a cgroup's quota. At least 1. */
export function cpuCount(): number {
  return native.cpuCount();
}
