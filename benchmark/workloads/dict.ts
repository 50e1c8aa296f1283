import type { LoopName } from '../drivers/driver.js';
import { allOf, atLeast, atMost, timesDriver } from '../report/goal.js';
import { median } from '../statistics.js';
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
    {
      metric: 'apart',
      title: 'Two workers that set keys of a dict each, as many times faster than one: what the machine gives',
      unit: 'ratio',
      better: 'higher',
      ...againstPython,
    },
  ],
  async (loop) => {
    const get = await loop('dict-get', 1);
    const one = await loop('dict-set', 1);
    // One worker at its median batch, two at their median round: the host's other guests stop both now and then.
    const times = async (name: LoopName): Promise<number> => {
      const rounds: number[] = [];
      for (let i = 0; i < 5; i++) rounds.push(rate(await loop(name, 2)));
      return (median(rounds) * cost(one)) / 1e9;
    };
    const [speedup, apart] = [await times('dict-set'), await times('dict-set-apart')];
    return { get: cost(get) / 1000, set: cost(one) / 1000, speedup, apart };
  },
);
