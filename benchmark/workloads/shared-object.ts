import type { LoopName } from '../drivers/driver.js';
import type { Loop } from '../objects/loops.js';
import type { Metrics, Row, Workload } from './workload.js';

/** Python alone has such objects beside us, so it is what the rows are compared with. */
export const againstPython = { against: ['baseline'] } as const satisfies Partial<Row>;

/** What one operation takes, in ns, at the median batch: for a worker alone. */
export const cost = ([loop]: readonly Loop[]): number => loop!.nanoseconds;

/** Operations a second of all workers together. */
export const rate = (loops: readonly Loop[]): number => loops.reduce((sum, loop) => sum + loop.perSecond, 0);

/** A workload of operations on one kind of object, by one worker or two. */
export function sharedObject(
  id: string,
  rows: Workload['rows'],
  measure: (loop: (name: LoopName, workers: number) => Promise<Loop[]>) => Promise<Metrics>,
): Workload {
  return {
    id,
    mode: 'coarse',
    drivers: ['allcores', 'Python'],
    rows,
    vary: () => [{ workers: 2 }],
    async run({ objects, quick }) {
      const shared = await objects();
      const metrics = await measure((name, workers) => shared.loop!(name, workers, quick ? 150 : 800));
      await shared.close();
      return metrics;
    },
  };
}
