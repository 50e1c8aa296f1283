import { statSync } from 'node:fs';
import { cpuCount, getAllStartMethods, heapFigures, Pool, SharedArray } from 'allcores';
import { addonPath, native } from '../../binding/native.js';

/** What the library says of itself. */
export interface Library {
  /** The binary that is loaded, and its size in bytes. */
  readonly addon: string;
  readonly addonBytes: number;
  readonly processors: number;
  readonly startMethods: readonly string[];
  readonly nativeThreads: number;
  /** How far the heap of shared objects may grow, in bytes. */
  readonly heapLimit: number;
}

export async function probe(): Promise<Library> {
  // The native threads start with the first kernel.
  await new SharedArray('float64', 100_000).sum();
  const pool = new Pool(1);
  const { threads } = pool.stats().native;
  await pool.terminate();
  return {
    addon: addonPath,
    addonBytes: statSync(addonPath).size,
    processors: cpuCount(),
    startMethods: getAllStartMethods().filter((method) => method !== 'process' || native.processesAvailable),
    nativeThreads: threads,
    heapLimit: heapFigures().limit,
  };
}
