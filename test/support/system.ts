import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** What Linux tells of processes in /proc. What has just gone is left out. */

function perhaps<R>(read: () => R): R | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** The living processes that a process has started. */
export function childrenOf(pid = process.pid): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      const [state, parent] = statOf(Number(name)) ?? [];
      return parent === String(pid) && state !== 'Z';
    })
    .map(Number);
}

/** State and parent; the name before them may hold anything. */
function statOf(pid: number): string[] | undefined {
  return perhaps(() =>
    readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' '),
  );
}

export function isThere(pid: number): boolean {
  const state = statOf(pid)?.[0];
  return state !== undefined && state !== 'Z';
}

/** Numbers of the threads of this process. */
export function threads(): number[] {
  return readdirSync('/proc/self/task').map(Number);
}

/** What the descriptors of a process are. */
export function descriptorsOf(pid: number | 'self'): Map<number, string> {
  const found = new Map<number, string>();
  for (const name of readdirSync(`/proc/${pid}/fd`)) {
    const link = perhaps(() => readlinkSync(`/proc/${pid}/fd/${name}`));
    if (link !== undefined) found.set(Number(name), link);
  }
  return found;
}

/** Waits for something that comes for certain; what does not ends the test by its time limit. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(5);
}
