import { coldStart } from './cold-start.js';
import { copy1Mb, copy64Mb } from './copy.js';
import { dict } from './dict.js';
import { dictGrowth } from './dict-growth.js';
import { idleCpu, memory } from './idle.js';
import { imap } from './imap.js';
import { latency, latencyAfterIdle } from './latency.js';
import { list } from './list.js';
import { lock } from './lock.js';
import { mapPlain, mapTyped } from './map.js';
import { noopAtOnce } from './noop-at-once.js';
import { noopInFlight } from './noop-in-flight.js';
import { kernelDispatch } from './kernel-dispatch.js';
import { kernels } from './kernels.js';
import { largeObjects, smallObjects } from './objects.js';
import { processWorkloads } from './processes.js';
import { queue } from './queue.js';
import { scaling } from './scaling.js';
import { sharedArgument } from './shared-argument.js';
import { start } from './start.js';
import { value } from './value.js';
import type { Workload } from './workload.js';

/** In the order of the report's rows. */
export const workloads: readonly Workload[] = [
  noopInFlight,
  noopAtOnce,
  latency,
  latencyAfterIdle,
  mapPlain,
  mapTyped,
  imap,
  smallObjects,
  largeObjects,
  copy1Mb,
  copy64Mb,
  sharedArgument,
  lock,
  queue,
  dict,
  dictGrowth,
  list,
  value,
  kernels,
  kernelDispatch,
  scaling,
  coldStart,
  start,
  memory,
  idleCpu,
  ...processWorkloads,
];
