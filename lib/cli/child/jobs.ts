import * as checks from './checks.js';
import { probe } from './probe.js';
import { trial } from './trial.js';

/** What `run.ts` can have done: all of it needs the addon. */
export const jobs = { ...checks, probe, trial };
export type Jobs = typeof jobs;
