import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** What tests of named memory look at from outside. */

export const binding: string = new URL('../../../dist/lib/binding/native.js', import.meta.url).href;

export interface Binding {
  readonly native: { nameTracker(): number };
}

export const exists = (name: string): boolean => existsSync(`/dev/shm/${name}`);

/** An ended process whose end nobody has asked for is gone, too. */
export function isRunning(process: number): boolean {
  try {
    return !/^State:\s*[ZX]/m.test(readFileSync(`/proc/${process}/status`, 'utf8'));
  } catch {
    return false;
  }
}

/** Waits until it holds, 10 s at most: for what another process does by itself. */
export async function eventually(condition: () => boolean): Promise<boolean> {
  const until = performance.now() + 10_000;
  while (!condition() && performance.now() < until) await sleep(5);
  return condition();
}
