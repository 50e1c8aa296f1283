/** A dict that grows while another worker reads it: what the two workers run. */
import type { Barrier, SharedArray, SharedDict } from 'allcores';

export interface GrowthJob {
  readonly dict: SharedDict<number, number>;
  readonly start: Barrier;
  /** Its element becomes 1 once the dict has grown, 2 after as long a time again. */
  readonly grown: SharedArray<'int32'>;
  /** Entries before and afterwards. */
  readonly from: number;
  readonly to: number;
}

/** Times of a few reads in a row, in ms. */
export interface Reads {
  /** The longest but one in 10,000. */
  readonly p9999: number;
  readonly longest: number;
  /** The same for as long a time while the other worker does nothing with the dict: what the machine itself stops. */
  readonly undisturbed: number;
}

/** How many: looking at the clock leaves garbage, whose collection would be the longest stop of all. */
const few = 16;

export function grow({ dict, start, grown, from, to }: GrowthJob): void {
  for (let i = 0; i < from; i++) dict.set(i, i);
  start.waitSync(); // the other one warms up
  start.waitSync();
  const begin = performance.now();
  for (let i = from; i < to; i++) dict.set(i, i);
  grown.set(0, 1);
  const end = 2 * performance.now() - begin;
  while (performance.now() < end);
  grown.set(0, 2);
}

/** Reads keys that were there before, one after the other, all over the dict. */
export function readMeanwhile({ dict, start, grown, from }: GrowthJob): Reads {
  const times = new Float64Array(4_000_000);
  let count = 0;
  let key = 0;
  const measure = (): void => {
    const before = performance.now();
    for (let i = 0; i < few; i++) {
      key = (key + 7919) % from;
      if (!dict.has(key)) throw new Error(`wrong result: ${key} is not in the dict`);
    }
    times[count++] = performance.now() - before;
  };
  start.waitSync();
  while (count < 20_000) measure();
  count = 0;
  start.waitSync();
  while (grown.at(0) === 0 && count < times.length) measure();
  const sorted = times.slice(0, count).sort();
  const [p9999, longest] = [sorted[Math.floor(count * 0.9999)]!, sorted[count - 1]!];
  count = 0;
  while (grown.at(0) === 1 && count < times.length) measure();
  return { p9999, longest, undisturbed: times.slice(0, count).sort().at(-1)! };
}
