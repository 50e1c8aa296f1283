import { kernelStats, type KernelStats } from '../vector/host.js';
import type { Dispatcher } from '../runtime/dispatcher.js';
import * as at from '../runtime/pool-memory.js';

/** How often something took how long. */
export interface Histogram {
  /** How often it was measured. */
  readonly count: number;
  /** The mean, in ms. Percentiles are upper bounds: buckets grow by powers of two. */
  readonly mean: number;
  /** The median, in ms. */
  readonly p50: number;
  /** What nine of ten stay below, in ms. */
  readonly p90: number;
  /** What 99 of 100 stay below, in ms. */
  readonly p99: number;
  /** The longest, in ms. */
  readonly max: number;
  /** The buckets that are in use. */
  readonly buckets: readonly HistogramBucket[];
}

/** One bucket of a {@link Histogram}. */
export interface HistogramBucket {
  /** Its upper bound in ms. */
  readonly upTo: number;
  /** How many fell into it. */
  readonly count: number;
}

/** Figures of a pool since it was made. */
export interface PoolStats {
  /** Workers that are there to stay. */
  readonly workers: number;
  /** Of these, how many have nothing to do. */
  readonly idle: number;
  /** Tasks that no worker has begun; a chunk of a `map` is one task. */
  readonly queued: number;
  /** Tasks that workers run now. */
  readonly running: number;
  /** Tasks that have given a result. */
  readonly completed: number;
  /** Tasks that have ended in an error: their own, a limit, a cancellation, or the death of their worker. */
  readonly failed: number;
  /** Workers that died. */
  readonly crashed: number;
  /** Workers that were replaced having reached a limit. */
  readonly recycled: number;
  /** Part of the workers' time that was spent in tasks, 0 to 1. */
  readonly utilization: number;
  /** From submission to start. Tasks that were claimed together count at their mean. */
  readonly waitTime: Histogram;
  /** From start to end. */
  readonly runTime: Histogram;
  /** The native threads of this process, which all its pools and threads share: they run kernels. */
  readonly native: KernelStats;
}

/** Upper bound of a bucket in ms: see native/executor/worker_block.h. */
const upTo = (bucket: number): number => (64 * 2 ** (bucket + 1)) / 1e6;

function histogramOf(dispatcher: Dispatcher, offset: number): Histogram {
  const { memory } = dispatcher;
  const counts = new Array<number>(at.HISTOGRAM_BUCKETS).fill(0);
  for (let slot = 0; slot < memory.size.slots; slot++) {
    const from = memory.workerWords(slot) + offset;
    for (let bucket = 0; bucket < counts.length; bucket++) counts[bucket]! += memory.words[from + bucket]! >>> 0;
  }
  const count = counts.reduce((sum, of) => sum + of, 0);
  const percentile = (part: number): number => {
    let seen = 0;
    for (let bucket = 0; bucket < counts.length; bucket++) {
      seen += counts[bucket]!;
      if (seen > 0 && seen >= part * count) return upTo(bucket);
    }
    return 0;
  };
  // A bucket's middle, on its logarithmic scale, stands for its members.
  const total = counts.reduce((sum, of, bucket) => sum + (of * upTo(bucket)) / Math.SQRT2, 0);
  return {
    count,
    mean: count === 0 ? 0 : total / count,
    p50: percentile(0.5),
    p90: percentile(0.9),
    p99: percentile(0.99),
    max: percentile(1),
    buckets: counts.map((of, bucket) => ({ upTo: upTo(bucket), count: of })).filter((of) => of.count > 0),
  };
}

/** @param since ns at which the pool was made, on the clock of all threads; `now` likewise */
export function statsOf(dispatcher: Dispatcher, since: number, now: number): PoolStats {
  const { memory, crew, staffing } = dispatcher;
  const members = crew.members.filter((member) => !member.leaving);
  let busy = 0;
  for (let slot = 0; slot < memory.size.slots; slot++) {
    busy += memory.doubles[memory.workerDoubles(slot) + at.WORKER_BUSY_DOUBLE]!;
  }
  const { queued, running, completed, failed, crashed } = dispatcher.counts;
  return {
    workers: members.length,
    idle: Math.max(0, members.length - running),
    queued,
    running,
    completed,
    failed,
    crashed,
    recycled: staffing.recycled,
    utilization: Math.min(1, busy / Math.max(1, (now - since) * Math.max(1, members.length))),
    waitTime: histogramOf(dispatcher, at.WORKER_WAIT_HISTOGRAM),
    runTime: histogramOf(dispatcher, at.WORKER_RUN_HISTOGRAM),
    native: kernelStats(),
  };
}
