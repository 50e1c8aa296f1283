/** A dict that grows while another worker reads it: what the two workers run. */
import type { Barrier, SharedArray, SharedDict } from 'allcores';

export interface GrowthJob {
  readonly dict: SharedDict<number, number>;
  readonly start: Barrier;
  /** Its element becomes 1 once the dict has grown. */
  readonly grown: SharedArray<'int32'>;
  /** Entries before and afterwards. */
  readonly from: number;
  readonly to: number;
}

/** Times of a read, in ms. */
export interface Reads {
  /** The longest but one in 10,000. */
  readonly p9999: number;
  readonly longest: number;
}

export function grow({ dict, start, grown, from, to }: GrowthJob): void {
  for (let i = 0; i < from; i++) dict.set(i, i);
  start.waitSync();
  for (let i = from; i < to; i++) dict.set(i, i);
  grown.set(0, 1);
}

/** Reads keys that were there before, one after the other, all over the dict. */
export function readMeanwhile({ dict, start, grown, from }: GrowthJob): Reads {
  const most = 20_000_000;
  const times = new Float64Array(most);
  let reads = 0;
  let key = 0;
  start.waitSync();
  let before = performance.now();
  while (grown.at(0) === 0 && reads < most) {
    key = (key + 7919) % from;
    if (!dict.has(key)) throw new Error(`wrong result: ${key} is not in the dict`);
    const now = performance.now();
    times[reads++] = now - before;
    before = now;
  }
  const sorted = times.subarray(0, reads).sort();
  return { p9999: sorted[Math.floor(reads * 0.9999)]!, longest: sorted[reads - 1]! };
}
