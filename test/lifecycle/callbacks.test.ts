import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool, currentTask } from 'allcores';
import { run } from './child.js';
import { report, seen } from './inside.js';

describe('a listener of the caller that throws', () => {
  it('as callback or errorCallback: an uncaughtException of its own, and the pool goes on', async () => {
    const child = await run(async () => {
      const caught: string[] = [];
      process.on('uncaughtException', (error) => caught.push(error.message));
      const pool = new Pool(2);
      const fails = (): never => {
        throw new Error('of the task');
      };
      const first = pool.applyAsync((x: number) => x, [1], {
        callback: () => {
          throw new Error('of the callback');
        },
      });
      const second = pool.applyAsync(fails, [], {
        errorCallback: () => {
          throw new Error('of the errorCallback');
        },
      });
      const third = pool.mapAsync((x: number) => x, [1, 2], {
        callback: () => {
          throw new Error('of the map');
        },
      });
      for (const result of [first, second, third]) report(await seen(result));
      report(await seen(pool.apply(() => 'next')));
      report(caught.sort());
    });
    const [first, second, third, next, caught] = child.reports;
    assert.deepEqual([first, third, next], [{ value: 1 }, { value: [1, 2] }, { value: 'next' }]);
    assert.deepEqual(second, { error: { name: 'Error', message: 'of the task' } });
    assert.deepEqual(caught, ['of the callback', 'of the errorCallback', 'of the map']);
    assert.equal(child.code, 0);
  });

  it('as onProgress, of a map or of a task: the same', async () => {
    const child = await run(async () => {
      const caught: string[] = [];
      process.on('uncaughtException', (error) => caught.push(error.message));
      const pool = new Pool(2);
      const tells = (x: number): number => {
        currentTask()!.progress(x);
        currentTask()!.progress(x + 1);
        return x;
      };
      let told = 0;
      const onProgress = (): never => {
        told++;
        throw new Error('of onProgress');
      };
      report(await seen(pool.apply(tells, [7], { onProgress })));
      report(told);
      report(await seen(pool.map((x: number) => x, [1, 2, 3], { chunksize: 1, onProgress })));
      await sleep(10);
      report([told, caught.length, new Set(caught).size]);
      report(await seen(pool.apply(() => 'next')));
    });
    assert.deepEqual(child.reports, [{ value: 7 }, 2, { value: [1, 2, 3] }, [5, 5, 1], { value: 'next' }]);
    assert.equal(child.code, 0);
  });

  it('ends a process without a handler, whatever the pool has under way', async () => {
    const child = await run(async () => {
      const pool = new Pool(2);
      void seen(pool.apply(() => new Promise(() => {})));
      const callback = (): never => {
        throw new RangeError('of the callback');
      };
      pool.applyAsync((x: number) => x, [1], { callback });
      await sleep(10_000);
    });
    assert.equal(child.code, 1);
    assert.match(child.stderr, /RangeError: of the callback/);
  });

  it('as an abort listener or in the iterable of a map: only that call fails', async () => {
    const child = await run(async () => {
      const pool = new Pool(1);
      const items = function* (): Generator<number> {
        yield 1;
        throw new RangeError('of the iterable');
      };
      report(await seen(() => pool.map((x: number) => x, items())));
      const iterator = pool.imap((x: number) => x, items());
      report(await iterator.next());
      report(await seen(iterator.next()));
      report(await seen(pool.apply(() => 'next')));
    });
    const failure = { error: { name: 'RangeError', message: 'of the iterable' } };
    assert.deepEqual(child.reports, [failure, { done: false, value: 1 }, failure, { value: 'next' }]);
    assert.equal(child.code, 0);
  });

  it('calls each callback once, after the result is ready', async () => {
    const child = await run(async () => {
      const pool = new Pool(2);
      let calls = 0;
      let ready = 0;
      const results = Array.from({ length: 500 }, (_, i) => {
        const listener = (): void => {
          calls++;
          if (result.ready()) ready++;
        };
        const odd = (x: number): number => {
          if (x % 2 === 1) throw new Error('odd');
          return x;
        };
        const result = pool.applyAsync(odd, [i], { callback: listener, errorCallback: listener });
        return result;
      });
      const outcomes = await Promise.allSettled(results);
      await sleep(1);
      report([calls, ready, outcomes.filter(({ status }) => status === 'fulfilled').length]);
    });
    assert.deepEqual(child.reports, [[500, 500, 250]]);
  });
});
