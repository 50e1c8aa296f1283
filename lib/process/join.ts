import { checkWait } from '../base/options.js';
import type { StartedProcess } from '../runtime/started-process.js';
import { Interruption } from './interruption.js';
import type { JoinOptions } from './options.js';

/** Waits until a process has ended; false when the time passed first. Rejects with the signal's reason if aborted. */
export async function join(child: StartedProcess, options: JoinOptions): Promise<boolean> {
  const { timeout, signal } = checkWait(options);
  signal?.throwIfAborted();
  if (child.end !== undefined) return true;
  if (timeout === 0) return false;
  const interruption = new Interruption(timeout, signal);
  try {
    return await child.wait(interruption.promise);
  } finally {
    interruption.end();
  }
}

/** The same, blocking the thread. */
export function joinSync(child: StartedProcess, options: JoinOptions): boolean {
  const { timeout = Infinity, signal } = checkWait(options);
  signal?.throwIfAborted();
  return child.waitSync(timeout);
}
