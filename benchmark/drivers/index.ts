import { bareFork } from './bare-fork.js';
import { bareWorker } from './bare-worker.js';
import { openmp, tbb } from './cpp.js';
import type { Driver } from './driver.js';
import { futex } from './futex.js';
import { javascript } from './javascript.js';
import { ours, oursProcess } from './ours.js';
import { piscina } from './piscina.js';
import { poolifier } from './poolifier.js';
import { postMessage } from './post-message.js';
import { numpy, python, pythonExecutor } from './python.js';
import { tinypool, tinypoolProcess } from './tinypool.js';
import { workerpool, workerpoolProcess } from './workerpool.js';

/** In the order of the report's columns. */
export const drivers: readonly Driver[] = [
  oursProcess,
  ours,
  tinypool,
  piscina,
  poolifier,
  workerpool,
  postMessage,
  python,
  bareWorker,
  tinypoolProcess,
  workerpoolProcess,
  pythonExecutor,
  bareFork,
  futex,
  javascript,
  numpy,
  tbb,
  openmp,
];

/** Drivers by the names used on the command line: lower case, without spaces. */
export function driverId(driver: Driver): string {
  return driver.name.toLowerCase().replaceAll(' ', '-');
}
