import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool, SharedArray, currentTask } from 'allcores';
import { run } from './child.js';
import { base, letGo, report, seen } from './inside.js';

const timedOut = (millis: number): object => ({
  error: {
    name: 'TaskTimeoutError',
    code: 'ERR_ALLCORES_TASK_TIMEOUT',
    message: `The task ran longer than its timeout of ${millis} ms`,
  },
});

const ALL_GONE = { threads: 0, workers: 0 };

describe('a task that does not end by itself', () => {
  it('in an endless loop: TaskTimeoutError, and its worker is replaced', async () => {
    const child = await run(async () => {
      const threads = await base();
      const pool = new Pool(1);
      const endless = (): void => {
        for (;;);
      };
      report(await seen(pool.apply(endless, [], { timeout: 50 })));
      report(await seen(pool.apply(() => 'next')));
      report([pool.workers.map(({ id }) => id), pool.stats().crashed]);
      report(await letGo(pool, threads));
    });
    assert.deepEqual(child.reports, [timedOut(50), { value: 'next' }, [[2], 0], ALL_GONE]);
    assert.equal(child.code, 0);
  });

  it('rejects with the reason of the signal, whatever that is', async () => {
    const child = await run(async () => {
      const threads = await base();
      const pool = new Pool(1);
      const endless = (): void => {
        for (;;);
      };
      for (const reason of [new RangeError('enough'), 'a string', null]) {
        const controller = new AbortController();
        setTimeout(() => controller.abort(reason), 50);
        report(await seen(pool.apply(endless, [], { signal: controller.signal })));
      }
      report(await seen(pool.apply(endless, [], { signal: AbortSignal.timeout(50) })));
      report(await seen(pool.apply(() => 'next')));
      report(await letGo(pool, threads));
    });
    const [range, text, nothing, timeout, ...rest] = child.reports as { error: Record<string, unknown> }[];
    assert.deepEqual(range, { error: { name: 'RangeError', message: 'enough' } });
    assert.deepEqual([text, nothing], [{ error: { thrown: 'a string' } }, { error: { thrown: null } }]);
    assert.equal(timeout!.error['name'], 'TimeoutError');
    assert.deepEqual(rest, [{ value: 'next' }, ALL_GONE]);
  });

  it('whose promise never settles: the same', async () => {
    const child = await run(async () => {
      const threads = await base();
      const pool = new Pool(1);
      report(await seen(pool.apply(() => new Promise(() => {}), [], { timeout: 50 })));
      const signal = AbortSignal.abort('before');
      report(await seen(pool.apply(() => new Promise(() => {}), [], { signal })));
      report(await seen(pool.apply(() => 'next')));
      report(await letGo(pool, threads));
    });
    assert.deepEqual(child.reports, [timedOut(50), { error: { thrown: 'before' } }, { value: 'next' }, ALL_GONE]);
  });

  it('that waits natively for ever: the same', async () => {
    const child = await run(async () => {
      const threads = await base();
      const pool = new Pool(1);
      const stuck = (): string => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
      report(await seen(pool.apply(stuck, [], { timeout: 50 })));
      report(await seen(pool.apply(() => 'next')));
      report(await letGo(pool, threads));
    });
    assert.deepEqual(child.reports, [timedOut(50), { value: 'next' }, ALL_GONE]);
  });

  it('that notices in time keeps its worker: polling `aborted`', async () => {
    const child = await run(async () => {
      const pool = new Pool(1);
      await pool.apply(() => currentTask()?.id); // loading modules takes time of its own
      const notices = new SharedArray('int32', 1);
      const polling = (count: SharedArray<'int32'>): void => {
        while (currentTask()?.aborted === false);
        count.set(0, count.at(0)! + 1);
      };
      report(await seen(pool.apply(polling, [notices], { timeout: 50 })));
      const controller = new AbortController();
      setTimeout(() => controller.abort('stop'), 50);
      report(await seen(pool.apply(polling, [notices], { signal: controller.signal })));
      report(await seen(pool.apply(() => 'next')));
      report([pool.workers.map(({ id }) => id), notices.at(0)]);
    });
    assert.deepEqual(child.reports, [timedOut(50), { error: { thrown: 'stop' } }, { value: 'next' }, [[1], 2]]);
    assert.equal(child.code, 0);
  });

  it('that notices in time keeps its worker: an asynchronous one, by its signal', async () => {
    const child = await run(async () => {
      const pool = new Pool(1);
      await pool.apply(() => currentTask()?.id); // loading modules takes time of its own
      const notices = new SharedArray('int32', 1);
      const listening = async (count: SharedArray<'int32'>): Promise<void> => {
        const { signal } = currentTask()!;
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        count.set(0, count.at(0)! + 1);
      };
      report(await seen(pool.apply(listening, [notices], { timeout: 50 })));
      const result = pool.applyAsync(listening, [notices]);
      await sleep(50);
      report(result.cancel('no more'));
      report(await seen(result));
      report(await seen(pool.apply(() => 'next')));
      report([pool.workers.map(({ id }) => id), notices.at(0)]);
    });
    const cancelled = { error: { thrown: 'no more' } };
    assert.deepEqual(child.reports, [timedOut(50), true, cancelled, { value: 'next' }, [[1], 2]]);
  });
});
