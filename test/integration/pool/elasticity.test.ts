import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'allcores';

function nap(ms: number): number {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
  return ms;
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 5000;
  while (!condition() && Date.now() < deadline) await sleep(5);
}

describe('number of workers', () => {
  it('is processes from the start', async () => {
    const pool = new Pool(3);
    try {
      assert.equal(pool.processes, 3);
      assert.equal(pool.workers.length, 3);
    } finally {
      await pool.terminate();
    }
  });

  it('minWorkers: the others start when there is work, and never more than processes', async () => {
    const pool = new Pool(3, { minWorkers: 1 });
    try {
      assert.equal(pool.workers.length, 1);
      const results = Array.from({ length: 20 }, () => pool.apply(nap, [5]));
      assert.equal(pool.workers.length, 3);
      await Promise.all(results);
      assert.equal(pool.workers.length, 3);
    } finally {
      await pool.terminate();
    }
  });

  it('minWorkers of 0: no worker until the first task', async () => {
    const pool = new Pool(2, { minWorkers: 0 });
    try {
      assert.deepEqual(pool.workers, []);
      assert.equal(await pool.apply(nap, [1]), 1);
      assert.equal(pool.workers.length, 1);
    } finally {
      await pool.terminate();
    }
  });

  it('idleTimeout: workers beyond minWorkers leave, and come back with work', async () => {
    const pool = new Pool(3, { minWorkers: 1, idleTimeout: 80 });
    try {
      for (let round = 0; round < 2; round++) {
        await Promise.all(Array.from({ length: 12 }, () => pool.apply(nap, [5])));
        assert.equal(pool.stats().workers, 3);
        await until(() => pool.workers.length === 1);
        assert.equal(pool.workers.length, 1);
      }
      assert.equal(pool.stats().crashed, 0);
    } finally {
      await pool.terminate();
    }
  });

  it('idleTimeout: nobody leaves while a task runs', async () => {
    const pool = new Pool(2, { minWorkers: 0, idleTimeout: 30 });
    try {
      assert.equal(await pool.apply(nap, [300]), 300);
    } finally {
      await pool.terminate();
    }
  });

  it('refuses bad bounds by name', () => {
    assert.throws(() => new Pool(2, { minWorkers: 3 }), {
      name: 'RangeError',
      message: 'minWorkers must be at most processes (2), got 3',
    });
    assert.throws(() => new Pool(2, { minWorkers: -1 }), { name: 'RangeError', message: /minWorkers .* got -1/ });
    assert.throws(() => new Pool(2, { idleTimeout: -5 }), { name: 'RangeError', message: /idleTimeout .* got -5/ });
    assert.throws(() => new Pool(2, { idleTimeout: '5' as never }), {
      name: 'TypeError',
      message: /idleTimeout .* got '5'/,
    });
  });
});
