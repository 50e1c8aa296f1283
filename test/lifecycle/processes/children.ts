import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkerCrashedError } from 'allcores';

/** What tests and their programs ask about processes of the system. */

/** State and parent of a process; undefined when there is none of that number. */
function statusOf(pid: number): { readonly state: string; readonly parent: number } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { state: state!, parent: Number(parent) };
  } catch {
    return undefined; // it is gone
  }
}

/** The processes that this one has started and that are still there, those that ended but were not waited for included. */
export function childProcesses(of: number = process.pid): number[] {
  const all = readdirSync('/proc').map(Number).filter(Number.isInteger);
  return all.filter((pid) => statusOf(pid)?.parent === of);
}

/** `R`, `S`, `T` for a stopped one, and so on; undefined: gone. */
export function stateOf(pid: number): string | undefined {
  return statusOf(pid)?.state;
}

/** Whether no process has that number any more. One that has ended and was not waited for is gone as far as others see. */
export function isGone(pid: number): boolean {
  const state = statusOf(pid)?.state;
  return state === undefined || state === 'Z' || state === 'X';
}

/** Kills a process as nobody can resist. Number 0 would be this one and all of its group. */
export function killHard(pid: number): void {
  if (!(pid > 1)) throw new RangeError(`There is no process ${pid} to be killed`);
  process.kill(pid, 'SIGKILL');
}

/** Waits for a condition, 10 s at most; gives whether it came true. */
export async function comesTrue(condition: () => boolean): Promise<boolean> {
  const until = performance.now() + 10_000;
  while (!condition()) {
    if (performance.now() > until) return false;
    await sleep(5);
  }
  return true;
}

/** Open descriptors of this process. */
export function descriptorCount(): number {
  return readdirSync('/proc/self/fd').length;
}

/** What a crash says of how the worker ended. */
export function crashOf(error: unknown): unknown {
  const { name, exitCode, signal, workerId, cause, message } = error as WorkerCrashedError;
  if (name !== 'WorkerCrashedError') return { name, message };
  const ended = { exitCode, signal, ...(typeof workerId === 'number' ? {} : { workerId }) };
  return cause instanceof Error ? { ...ended, cause: cause.message } : ended;
}

/** What a crash says, of a promise or of a blocking call; what came instead, if it did not come to that. */
export async function crashIn(work: () => unknown): Promise<unknown> {
  try {
    return { value: await work() };
  } catch (error) {
    return crashOf(error);
  }
}
