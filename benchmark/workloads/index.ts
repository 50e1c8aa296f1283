import { coldStart } from './cold-start.js';
import { copy1Mb, copy64Mb } from './copy.js';
import { idleCpu, memory } from './idle.js';
import { imap } from './imap.js';
import { latency, latencyAfterIdle } from './latency.js';
import { mapPlain, mapTyped } from './map.js';
import { noopAtOnce } from './noop-at-once.js';
import { noopInFlight } from './noop-in-flight.js';
import { largeObjects, smallObjects } from './objects.js';
import { scaling } from './scaling.js';
import { sharedArgument } from './shared-argument.js';
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
  scaling,
  coldStart,
  memory,
  idleCpu,
];
