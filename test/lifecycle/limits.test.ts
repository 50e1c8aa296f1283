import assert from 'node:assert/strict';
import { Pool, SharedArray, currentTask } from 'allcores';
import { run } from './child.js';
import { report, seen } from './inside.js';

const timedOut = (millis: number): object => ({
  error: {
    name: 'TaskTimeoutError',
    code: 'ERR_ALLCORES_TASK_TIMEOUT',
    message: `The task ran longer than its timeout of ${millis} ms`,
  },
});

describe('limits of a task', () => {
  it('a grace that passes costs a task that does not notice its worker', async () => {
    const child = await run(async () => {
      const pool = new Pool(1);
      const deaf = (): void => {
        currentTask();
        for (;;);
      };
      report(await seen(pool.apply(deaf, [], { timeout: 30, grace: 60 })));
      report(await seen(pool.apply(() => 'next')));
      report(await seen(pool.apply(deaf, [], { timeout: 30 })));
      report(await seen(pool.apply(() => 'next')));
      report(pool.workers.map(({ id }) => id));
    });
    const next = { value: 'next' };
    assert.deepEqual(child.reports, [timedOut(30), next, timedOut(30), next, [3]]);
  });

  it('an endless grace lets a cancelled task finish', async () => {
    const child = await run(async () => {
      const pool = new Pool(1);
      const finished = new SharedArray('int32', 1);
      const slow = (of: SharedArray<'int32'>): void => {
        for (const until = performance.now() + 300; performance.now() < until;);
        of.set(0, 1);
      };
      report(await seen(pool.apply(slow, [finished], { timeout: 30, grace: Infinity })));
      report(await seen(pool.apply(() => 'next')));
      report([pool.workers.map(({ id }) => id), finished.at(0)]);
    });
    assert.deepEqual(child.reports, [timedOut(30), { value: 'next' }, [[1], 1]]);
    assert.deepEqual([child.code, child.stderr], [0, '']);
  });

  it('a timeout counts from the start of the task, not from its submission', async () => {
    const child = await run(async () => {
      const pool = new Pool(1);
      const slow = (x: number): Promise<number> => new Promise((resolve) => setTimeout(resolve, 100, x));
      report(await seen(Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map((x) => pool.apply(slow, [x], { timeout: 700 })))));
    });
    assert.deepEqual(child.reports, [{ value: [1, 2, 3, 4, 5, 6, 7, 8] }]);
  });

  it('times beyond what timers can run are no limit', async () => {
    const child = await run(async () => {
      const pool = new Pool(1, { idleTimeout: 1e12 });
      const slow = (x: number): Promise<number> => new Promise((resolve) => setTimeout(resolve, 50, x));
      const result = pool.applyAsync(slow, [1], { timeout: 1e12, grace: 1e12 });
      report([await result.wait({ timeout: 1e12 }), await result.get({ timeout: 1e12 })]);
      report([pool.applySync(slow, [2], { timeout: 1e12 }), pool.applyAsync(slow, [3]).getSync({ timeout: 1e12 })]);
    });
    assert.deepEqual(child.reports, [
      [true, 1],
      [2, 3],
    ]);
    assert.deepEqual([child.code, child.stderr], [0, '']);
  });

  it('one signal may be that of thousands of tasks, before and after it is aborted', async () => {
    const child = await run(async () => {
      const pool = new Pool(2);
      const controller = new AbortController();
      const { signal } = controller;
      const slow = (x: number): number => {
        for (const until = performance.now() + 5; performance.now() < until;);
        return x;
      };
      report((await Promise.all(Array.from({ length: 2000 }, () => pool.apply(() => 1, [], { signal })))).length);
      const work = Promise.allSettled(Array.from({ length: 2000 }, (_, i) => pool.apply(slow, [i], { signal })));
      setTimeout(() => controller.abort('enough'), 50);
      const reasons = (await work).map((of) => (of.status === 'rejected' ? of.reason : undefined));
      report([reasons.at(-1), reasons.filter((reason) => reason === 'enough').length > 1500]);
      report(await seen(pool.apply(() => 1, [], { signal })));
      report(await seen(pool.apply(() => 'next')));
    });
    const aborted = { error: { thrown: 'enough' } };
    assert.deepEqual(child.reports, [2000, ['enough', true], aborted, { value: 'next' }]);
    assert.deepEqual([child.code, child.stderr], [0, '']);
  });

  it('of a task hold nobody up who was claimed with it', async () => {
    const child = await run(async () => {
      const pool = new Pool(2);
      await Promise.all(Array.from({ length: 5000 }, () => pool.apply(() => 1))); // now several are claimed at once
      const never = seen(pool.apply(() => new Promise(() => {}), [], { timeout: 3000 }));
      report((await Promise.all(Array.from({ length: 500 }, () => pool.apply(() => 1)))).length);
      const { running } = pool.stats();
      report(running);
      report(await never);
    });
    assert.deepEqual(child.reports, [500, 1, timedOut(3000)]);
  });

  it('touches no other task, and each of them runs once', async () => {
    const child = await run(async () => {
      const pool = new Pool(2);
      const runs = new SharedArray('int32', 300);
      const once = (of: SharedArray<'int32'>, i: number): number => {
        Atomics.add(of.view, i, 1);
        const until = performance.now() + 1;
        while (performance.now() < until);
        return i;
      };
      const endless = (): void => {
        for (;;);
      };
      const work: Promise<unknown>[] = [];
      for (let i = 0; i < 300; i++) {
        if (i % 30 === 0) work.push(pool.apply(endless, [], { timeout: 20 }));
        work.push(pool.apply(once, [runs, i]));
      }
      const outcomes = await Promise.allSettled(work);
      report(outcomes.filter(({ status }) => status === 'rejected').length);
      report(runs.view.every((count) => count === 1));
      report(pool.workers.length);
    });
    assert.deepEqual(child.reports, [10, true, 2]);
    assert.equal(child.code, 0);
  });
});
