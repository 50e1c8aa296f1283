import { atMost } from '../report/goal.js';
import { againstPython, cost, rate, sharedObject } from './shared-object.js';

export const lock = sharedObject(
  'lock',
  [
    {
      metric: 'alone',
      title: 'Lock that nobody else wants, taken and given back',
      unit: 'ns',
      better: 'lower',
      ...againstPython,
      goal: atMost(100, 'ns'),
    },
    {
      metric: 'contended',
      title: 'Lock that two workers want, each time to add 1 to a number',
      unit: 'ops/s',
      better: 'higher',
      ...againstPython,
    },
  ],
  async (loop) => ({ alone: cost(await loop('lock', 1)), contended: rate(await loop('lock-add', 2)) }),
);
