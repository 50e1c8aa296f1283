import { grow, readMeanwhile } from '../objects/growth.js';
import * as loops from '../objects/loops.js';
import { roundsOf } from '../objects/messages.js';
import { receiveAll, sendAll } from '../objects/streams.js';
import type { LoopName, SharedObjects } from './driver.js';

type Measure = (workers: number, duration: number) => Promise<loops.Loop[]>;

/** The shared objects of `allcores`, used by two workers of a pool. */
export async function ourObjects(): Promise<SharedObjects> {
  const { Barrier, Lock, Manager, Pool, Queue, SharedArray, Value } = await import('allcores');
  const pool = new Pool(2);
  const manager = new Manager();

  /** @param countOf how many operations the object itself has seen */
  function over<T>(
    make: () => T,
    loop: (job: loops.LoopJob<T>) => loops.Loop,
    countOf?: (object: T) => number,
  ): Measure {
    return async (workers, duration) => {
      const object = make();
      const start = new Barrier(workers);
      const results = await Promise.all(
        Array.from({ length: workers }, (_, worker) => pool.apply(loop, [{ object, start, worker, duration }])),
      );
      const operations = results.reduce((sum, result) => sum + result.operations, 0);
      const counted = countOf?.(object) ?? operations;
      if (counted !== operations) throw new Error(`wrong result: ${counted} operations instead of ${operations}`);
      return results;
    };
  }

  const counter = () => new Value('int32', 0, { lock: false });
  const guarded = (): loops.Guarded => ({ lock: new Lock(), count: counter() });
  const measures: Record<LoopName, Measure> = {
    lock: over(() => new Lock(), loops.lockAndUnlock),
    'lock-add': over(guarded, loops.addUnderLock, ({ count }) => count.value),
    'dict-set': over(() => manager.dict<string, number>(), loops.setInDict),
    'dict-set-apart': over(() => [manager.dict<string, number>(), manager.dict<string, number>()], loops.setInOwnDict),
    'dict-get': over(() => manager.dict<string, number>(), loops.getFromDict),
    'list-append': over(() => manager.list<number>(), loops.appendToList),
    'list-at': over(() => manager.list<number>(), loops.readFromList),
    'value-add': over(counter, loops.addToValue, (value) => value.value),
  };

  return {
    loop: (name, workers, duration) => measures[name](workers, duration),
    async stream(job) {
      // Without a bound, the sender of large messages would be far ahead in memory that nobody has used yet.
      const queue = new Queue(job.kind === 'buffer' ? 2 : 0);
      const start = new Barrier(2);
      const arguments_ = [{ ...job, queue, start }] as const;
      const [began, ended] = await Promise.all([pool.apply(sendAll, arguments_), pool.apply(receiveAll, arguments_)]);
      return roundsOf(began, ended);
    },
    async growth(from, to) {
      const dict = manager.dict<number, number>();
      const job = { dict, start: new Barrier(2), grown: new SharedArray('int32', 1), from, to };
      const [reads] = await Promise.all([pool.apply(readMeanwhile, [job]), pool.apply(grow, [job])]);
      if (dict.size !== to) throw new Error(`wrong result: ${dict.size} entries instead of ${to}`);
      return reads;
    },
    async close() {
      pool.close();
      await pool.join();
      manager.shutdown();
    },
  };
}
