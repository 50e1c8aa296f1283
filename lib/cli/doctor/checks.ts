import type * as jobs from '../child/checks.js';

export type CheckName = keyof typeof jobs;

/** What is tried, in this order. */
export const checks: readonly { readonly name: CheckName; readonly title: string }[] = [
  { name: 'addon', title: 'the addon loads' },
  { name: 'threads', title: 'a pool of threads runs tasks' },
  { name: 'travel', title: 'a function travels with its import' },
  { name: 'workers', title: 'a pool of processes runs tasks' },
  { name: 'named', title: 'shared memory has a name, and loses it' },
  { name: 'locks', title: 'a lock excludes processes from each other' },
  { name: 'kernels', title: 'native threads compute the right numbers' },
  { name: 'crash', title: 'a killed process costs one task' },
  { name: 'cancel', title: 'a timeout ends a task' },
];
