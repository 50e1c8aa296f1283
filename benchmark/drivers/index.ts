import { bareWorker } from './bare-worker.js';
import type { Driver } from './driver.js';
import { futex } from './futex.js';
import { ours } from './ours.js';
import { piscina } from './piscina.js';
import { poolifier } from './poolifier.js';
import { postMessage } from './post-message.js';
import { python } from './python.js';
import { tinypool } from './tinypool.js';
import { workerpool } from './workerpool.js';

/** In the order of the report's columns. */
export const drivers: readonly Driver[] = [
  ours,
  tinypool,
  piscina,
  poolifier,
  workerpool,
  postMessage,
  python,
  bareWorker,
  futex,
];

/** Drivers by the names used on the command line: lower case, without spaces. */
export function driverId(driver: Driver): string {
  return driver.name.toLowerCase().replaceAll(' ', '-');
}
