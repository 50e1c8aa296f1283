import { isMainThread, told, type Parent } from '../base/told.js';
import { native } from '../binding/native.js';

/** Who runs the code of this thread. */
export interface Identity {
  name: string;
  readonly pid: number;
  readonly daemon: boolean;
}

let identity: Identity | undefined;

/** Of this thread; always the same object, as a process may be renamed. */
export function identityOfThread(): Identity {
  const own = told();
  identity ??= Object.seal({
    name: own?.name ?? 'MainProcess',
    pid: isMainThread ? process.pid : native.threadId(),
    // A worker of a pool is not told: it ends with its owner.
    daemon: own?.daemon ?? own?.workerId !== undefined,
  });
  return identity;
}

/** Who started this thread; undefined for the main program and for threads that are no processes of ours. */
export function parentOfThread(): Parent | undefined {
  return told()?.parent;
}

/** What the numbers of processes that this thread makes begin with: `1` in `Process-1:2`. */
export function numbersOfThread(): readonly number[] {
  const own = told();
  return own?.numbers ?? (own?.workerId === undefined ? [] : [own.workerId]);
}
