import { againstPython, cost, sharedObject } from './shared-object.js';

export const list = sharedObject(
  'list',
  [
    { metric: 'append', title: 'List, append a number', unit: 'µs', better: 'lower', ...againstPython },
    { metric: 'at', title: 'List, read an element', unit: 'µs', better: 'lower', ...againstPython },
  ],
  async (loop) => ({
    append: cost(await loop('list-append', 1)) / 1000,
    at: cost(await loop('list-at', 1)) / 1000,
  }),
);
