import * as tasks from '../tasks.js';
import { plainVariants, type PoolDriver, type TaskName, type VectorWork } from './driver.js';

const table = tasks as unknown as Record<TaskName, (argument: unknown) => unknown>;

interface Vector {
  readonly view: Float64Array;
}

/** Loops over typed arrays, on one thread: what numeric work in JavaScript is without any library. */
const work: VectorWork = {
  vector: (length) => ({ view: new Float64Array(length) }),
  sum({ view }: Vector) {
    let sum = 0;
    for (let i = 0; i < view.length; i++) sum += view[i]!;
    return sum;
  },
  dot({ view: a }: Vector, { view: b }: Vector) {
    let sum = 0;
    for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
    return sum;
  },
  add({ view: a }: Vector, { view: b }: Vector, { view: out }: Vector) {
    for (let i = 0; i < a.length; i++) out[i] = a[i]! + b[i]!;
  },
  sort({ view }: Vector) {
    view.sort();
  },
};

export const javascript: PoolDriver = {
  name: 'JavaScript',
  kind: 'baseline',
  settings: 'loops over Float64Arrays and Float64Array.prototype.sort, on one thread',
  workloads: ['kernels'],
  variants: plainVariants,
  open: () =>
    Promise.resolve({
      caller: (task) => (argument) => Promise.resolve(table[task](argument)),
      close: () => Promise.resolve(),
    }),
  vectors: () => Promise.resolve(work),
};
