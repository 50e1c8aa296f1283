import { againstPython, rate, sharedObject } from './shared-object.js';

export const value = sharedObject(
  'value',
  [
    {
      metric: 'add',
      title: 'Value, two workers that add to it, cost of each addition',
      unit: 'ns',
      better: 'lower',
      ...againstPython,
    },
  ],
  // The mean: batches that a worker ran while the other one was off its core would make the median.
  async (loop) => ({ add: 2e9 / rate(await loop('value-add', 2)) }),
);
