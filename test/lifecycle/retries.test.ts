import assert from 'node:assert/strict';
import { Pool, SharedArray, currentTask } from 'allcores';
import { run } from './child.js';
import { report, seen } from './inside.js';

interface Crash {
  readonly error: { readonly name: string; readonly exitCode: number; readonly workerId: number };
}

const brief = (outcome: unknown): unknown[] => {
  const { error } = outcome as Crash;
  return [error.name, error.exitCode, error.workerId];
};

describe('a task whose worker crashes', () => {
  it('is begun once, without retries', async () => {
    const child = await run(async () => {
      const pool = new Pool(2);
      const runs = new SharedArray('int32', 1);
      const fatal = (count: SharedArray<'int32'>): void => {
        Atomics.add(count.view, 0, 1);
        process.exit(9);
      };
      report(await seen(pool.apply(fatal, [runs])));
      report(await seen(pool.apply(() => 'next')));
      report(runs.at(0));
    });
    assert.equal(brief(child.reports[0])[0], 'WorkerCrashedError');
    assert.deepEqual(child.reports.slice(1), [{ value: 'next' }, 1]);
  });

  it('runs three times at most with two retries, and says which attempt it is', async () => {
    const child = await run(async () => {
      const pool = new Pool(1);
      const attempts = new SharedArray('int32', 5);
      const fatal = (seenBy: SharedArray<'int32'>): void => {
        const { attempt } = currentTask()!;
        Atomics.add(seenBy.view, attempt, 1);
        process.exit(9);
      };
      report(await seen(pool.apply(fatal, [attempts], { retries: 2 })));
      report([...attempts]);
      report([pool.workers.map(({ id }) => id), pool.stats().crashed]);
      report(await seen(pool.apply(() => 'next')));
    });
    assert.deepEqual(brief(child.reports[0]), ['WorkerCrashedError', 9, 3]);
    assert.deepEqual(child.reports.slice(1), [[0, 1, 1, 1, 0], [[4], 3], { value: 'next' }]);
  });

  it('gives the result of the attempt that comes through', async () => {
    const child = await run(async () => {
      const pool = new Pool(2);
      const large = 'x'.repeat(100_000); // its arguments have to last for all attempts
      const thirdTime = (text: string): unknown => {
        if (currentTask()!.attempt < 3) process.exit(9);
        return [currentTask()!.attempt, text.length];
      };
      report(await seen(pool.apply(thirdTime, [large], { retries: 5 })));
      report(await seen(pool.map(thirdTime, [large, large, large], { retries: 2, chunksize: 1 })));
    });
    const outcome = [3, 100_000];
    assert.deepEqual(child.reports, [{ value: outcome }, { value: [outcome, outcome, outcome] }]);
  });

  it('is not run again for an error, a timeout or a cancellation', async () => {
    const child = await run(async () => {
      const pool = new Pool(1);
      const runs = new SharedArray('int32', 3);
      const failing = (count: SharedArray<'int32'>, at: number): void => {
        Atomics.add(count.view, at, 1);
        if (at === 0) throw new Error('of its own');
        for (;;);
      };
      report(await seen(pool.apply(failing, [runs, 0], { retries: 3 })));
      report(await seen(pool.apply(failing, [runs, 1], { retries: 3, timeout: 100 })));
      const controller = new AbortController();
      const third = seen(pool.apply(failing, [runs, 2], { retries: 3, signal: controller.signal }));
      while (runs.at(2) === 0) await new Promise((resolve) => setImmediate(resolve));
      controller.abort('enough');
      report(await third);
      report(await seen(pool.apply(() => 'next')));
      report([...runs]);
    });
    const names = child.reports.slice(0, 2).map((outcome) => (outcome as Crash).error.name);
    assert.deepEqual(names, ['Error', 'TaskTimeoutError']);
    assert.deepEqual(child.reports.slice(2), [{ error: { thrown: 'enough' } }, { value: 'next' }, [1, 1, 1]]);
  });
});
