import { allOf, atLeast, atMost, timesDriver } from '../report/goal.js';
import { againstPython, cost, rate, sharedObject } from './shared-object.js';

const goal = allOf(atMost(1, 'µs'), timesDriver('Python', 20));

export const dict = sharedObject(
  'dict',
  [
    { metric: 'get', title: 'Dict, get a number', unit: 'µs', better: 'lower', ...againstPython, goal },
    { metric: 'set', title: 'Dict, set a number', unit: 'µs', better: 'lower', ...againstPython, goal },
    {
      metric: 'speedup',
      title: 'Dict, two workers that set different keys, as many times faster than one',
      unit: 'ratio',
      better: 'higher',
      ...againstPython,
      goal: atLeast(1.5),
    },
  ],
  async (loop) => {
    const get = await loop('dict-get', 1);
    const one = await loop('dict-set', 1);
    const two = await loop('dict-set', 2);
    // One worker at its best, so that noise can only make this smaller.
    return { get: cost(get) / 1000, set: cost(one) / 1000, speedup: (rate(two) * cost(one)) / 1e9 };
  },
);
