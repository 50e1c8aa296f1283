import assert from 'node:assert/strict';
import { Pool, SharedArray, TimeoutError } from 'allcores';
import { itWith } from '../../support/kinds.js';

function slow(ms: number, value: number): number {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
  return value;
}

function refuse(value: number): never {
  throw new RangeError(`refused ${value}`);
}

describe('blocking forms', () => {
  let pool: Pool;
  before(() => (pool = new Pool(2)));
  after(() => pool.terminate());

  it('applySync works on a pool that was just made', async () => {
    const fresh = new Pool(1);
    try {
      assert.equal(
        fresh.applySync((x: number) => x + 1, [1]),
        2,
      );
    } finally {
      await fresh.terminate();
    }
  });

  it('applySync gives the value, or throws what the function threw', () => {
    assert.equal(pool.applySync(slow, [10, 5]), 5);
    assert.throws(() => pool.applySync(refuse, [3]), { name: 'RangeError', message: 'refused 3' });
  });

  it('applySync waits for asynchronous functions', () => {
    const value = pool.applySync(
      async (x: number) => {
        await new Promise((resolve) => setTimeout(resolve, 20));
        return [x];
      },
      [4],
    );
    assert.deepEqual(value, [4]);
  });

  it('mapSync and starmapSync keep the order', () => {
    assert.deepEqual(
      pool.mapSync((x: number) => x * x, Array.from({ length: 1000 }).keys()),
      Array.from({ length: 1000 }, (_, i) => i * i),
    );
    assert.deepEqual(
      pool.starmapSync(slow, [
        [20, 1],
        [0, 2],
        [5, 3],
      ]),
      [1, 2, 3],
    );
  });

  it('mapSync writes to out and throws the first error', () => {
    const out = new SharedArray('int32', 4);
    assert.equal(
      pool.mapSync((x: number) => x * 2, [1, 2, 3, 4], { out }),
      out,
    );
    assert.deepEqual([...out], [2, 4, 6, 8]);
    assert.throws(() => pool.mapSync(refuse, [8, 9]), { message: 'refused 8' });
  });

  it('getSync and waitSync heed their timeouts', () => {
    const result = pool.applyAsync(slow, [200, 6]);
    assert.equal(result.waitSync({ timeout: 10 }), false);
    const begin = performance.now();
    assert.throws(() => result.getSync({ timeout: 40 }), TimeoutError);
    const elapsed = performance.now() - begin;
    assert.ok(elapsed >= 35 && elapsed < 190, `${elapsed} ms`);
    assert.equal(result.waitSync(), true);
    assert.equal(result.getSync({ timeout: 0 }), 6);
  });

  it('settle other tasks meanwhile, in whatever order they are asked for', () => {
    const results = Array.from({ length: 50 }, (_, i) => pool.applyAsync(slow, [i % 3, i]));
    assert.deepEqual(
      results.reverse().map((result) => result.getSync()),
      Array.from({ length: 50 }, (_, i) => 49 - i),
    );
  });

  it('heed the timeout of the task although no timer can run', () => {
    assert.throws(() => pool.applySync(slow, [5000, 1], { timeout: 50 }), { code: 'ERR_ALLCORES_TASK_TIMEOUT' });
    assert.equal(pool.applySync(slow, [0, 1]), 1);
  });

  it('learn of the death of a worker although no event can arrive', () => {
    assert.throws(() => pool.applySync(() => process.exit(3)), { code: 'ERR_ALLCORES_WORKER_CRASHED', exitCode: 3 });
    assert.equal(pool.applySync(slow, [0, 2]), 2);
  });

  // Threads alone: what a process that cannot come up prints would stand among the results of this run.
  itWith('thread', 'learn that no worker can come up', () => {
    const broken = new Pool(1, { execArgv: ['--require', './no-such-module.cjs'] });
    const result = broken.applyAsync(slow, [0, 1]);
    assert.throws(() => result.getSync({ timeout: 30_000 }), { message: /^No worker could be started/ });
    broken.terminateSync({ timeout: 30_000 });
  });
});
