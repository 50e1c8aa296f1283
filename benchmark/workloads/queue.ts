import { crossed, type Driver, type SharedObjects, type Variant } from '../drivers/driver.js';
import { bufferBytes, type MessageKind } from '../objects/messages.js';
import { allOf, atLeast, timesDriver } from '../report/goal.js';
import { median } from '../statistics.js';
import { memcpySeconds } from './memcpy.js';
import type { Workload } from './workload.js';

/** A message port can be listened to, or read whenever a word in shared memory says that something is there. */
function vary(_variants: Variant[], driver: Driver): Variant[] {
  const pair = [{ workers: 2 }];
  return driver.kind === 'by-hand' ? crossed(pair, 'receive', ['events', 'Atomics.wait']) : pair;
}

/** Messages a second in the median round; the first one does not count. */
async function rateOf(objects: SharedObjects, kind: MessageKind, count: number, rounds: number): Promise<number> {
  const seconds = await objects.stream!({ kind, count, rounds: rounds + 1 });
  return count / median(seconds.slice(1));
}

const against = ['by-hand'] as const;

export const queue: Workload = {
  id: 'queue',
  mode: 'coarse',
  drivers: ['allcores', 'postMessage', 'Python'],
  vary,
  rows: [
    {
      metric: 'numbers',
      title: 'Queue between two workers, numbers',
      unit: 'messages/s',
      better: 'higher',
      against,
      goal: allOf(atLeast(1_000_000), timesDriver('postMessage', 5), timesDriver('Python', 5)),
    },
    {
      metric: 'objects',
      title: 'Queue between two workers, objects of three properties',
      unit: 'messages/s',
      better: 'higher',
      against,
    },
    {
      metric: 'speed',
      title: 'Queue between two workers, buffers of 64 MB',
      unit: 'GB/s',
      better: 'higher',
      against,
    },
    {
      metric: 'ofWarm',
      title: 'Queue, buffers of 64 MB, part of memcpy speed between warm buffers',
      unit: 'ratio',
      better: 'higher',
      against,
      goal: atLeast(0.5),
    },
    {
      metric: 'ofFresh',
      title: 'Queue, buffers of 64 MB, part of memcpy speed into a fresh buffer',
      unit: 'ratio',
      better: 'higher',
      against,
    },
  ],
  async run({ objects, quick }) {
    const shared = await objects();
    const rounds = quick ? 2 : 5;
    const numbers = await rateOf(shared, 'number', quick ? 50_000 : 200_000, rounds);
    const records = await rateOf(shared, 'object', quick ? 25_000 : 100_000, rounds);
    const speed = (await rateOf(shared, 'buffer', quick ? 4 : 6, quick ? 1 : rounds)) * bufferBytes;
    await shared.close();
    const source = new Float64Array(bufferBytes / 8).fill(1);
    const copies = quick ? 4 : 10;
    const warmSeconds = memcpySeconds(source, copies, source.slice());
    const freshSeconds = memcpySeconds(source, copies);
    const seconds = bufferBytes / speed;
    return {
      numbers,
      objects: records,
      speed: speed / 1e9,
      ofWarm: warmSeconds / seconds,
      ofFresh: freshSeconds / seconds,
    };
  },
};
