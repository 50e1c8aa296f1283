import { againstPython, cost, sharedObject } from './shared-object.js';

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
  async (loop) => ({ add: cost(await loop('value-add', 2)) }),
);
