import { isMainThread, workerData } from 'node:worker_threads';
import { native } from '../binding/native.js';

/** The worker, or the main program, that this code runs in. */
export interface CurrentProcess {
  /** `MainProcess`, or the worker's name: `PoolWorker-1` … */
  readonly name: string;
  /** The operating system's number: of the process for the main program, of the thread for a worker. */
  readonly pid: number;
  /** A worker of a pool ends with its owner. */
  readonly daemon: boolean;
}

let current: CurrentProcess | undefined;

function find(): CurrentProcess {
  const data = workerData as { readonly allcores?: true; readonly name?: string } | null;
  if (isMainThread || data?.allcores !== true) {
    return { name: 'MainProcess', pid: isMainThread ? process.pid : native.threadId(), daemon: false };
  }
  return { name: data.name ?? 'PoolWorker', pid: native.threadId(), daemon: true };
}

/** Who runs this code: `multiprocessing.current_process()`. */
export function currentProcess(): CurrentProcess {
  return (current ??= Object.freeze(find()));
}

/** Processors that this process may use: its affinity, limited by a cgroup's quota. At least 1. */
export function cpuCount(): number {
  return native.cpuCount();
}
