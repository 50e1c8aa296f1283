import { isMainThread, workerData } from 'node:worker_threads';
import { native } from '../binding/native.js';

/** Who runs the code of this thread. */
export interface Identity {
  name: string;
  readonly pid: number;
  readonly daemon: boolean;
}

/** What a thread is told about itself at its start, as far as it is one of ours. */
interface Told {
  readonly allcores?: true;
  readonly name?: string;
  readonly daemon?: boolean;
  readonly workerId?: number;
  readonly numbers?: readonly number[];
  readonly parent?: Parent;
}

/** Who started a process. */
export interface Parent {
  readonly name: string;
  readonly pid: number;
}

const told = workerData as Told | null;
const own: Told = !isMainThread && told?.allcores === true ? told : {};

let identity: Identity | undefined;

/** Of this thread; always the same object, as a process may be renamed. */
export function identityOfThread(): Identity {
  identity ??= Object.seal({
    name: own.name ?? 'MainProcess',
    pid: isMainThread ? process.pid : native.threadId(),
    // A worker of a pool is not told: it ends with its owner.
    daemon: own.daemon ?? own.workerId !== undefined,
  });
  return identity;
}

/** Who started this thread; undefined for the main program and for threads that are no processes of ours. */
export const parentOfThread: Parent | undefined = own.parent;

/** What the numbers of processes that this thread makes begin with: `1` in `Process-1:2`. */
export const numbersOfThread: readonly number[] = own.numbers ?? (own.workerId === undefined ? [] : [own.workerId]);
