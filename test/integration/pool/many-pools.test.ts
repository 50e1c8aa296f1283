import assert from 'node:assert/strict';
import { Worker } from 'node:worker_threads';
import { currentProcess, Pool } from 'allcores';

function name(): string {
  return currentProcess().name;
}

function square(x: number): number {
  return x * x;
}

async function nested(count: number): Promise<number[]> {
  await using pool = new Pool(2);
  return pool.map(square, Array.from({ length: count }).keys());
}

function nestedSync(count: number): number[] {
  const pool = new Pool(1);
  try {
    return pool.mapSync(square, Array.from({ length: count }).keys());
  } finally {
    void pool.terminate();
  }
}

describe('several pools', () => {
  it('work side by side', async () => {
    await using a = new Pool(1, { name: 'A' });
    await using b = new Pool(2, { name: 'B' });
    const results = await Promise.all([a.apply(name), b.apply(name), a.map(square, [1, 2]), b.map(square, [3, 4])]);
    assert.equal(results[0], 'A-1');
    assert.match(results[1], /^B-[12]$/);
    assert.deepEqual(results.slice(2), [
      [1, 4],
      [9, 16],
    ]);
  });

  it('may follow one another many times', async () => {
    for (let i = 0; i < 10; i++) {
      await using pool = new Pool(2);
      assert.equal(await pool.apply(square, [i]), i * i);
    }
  });

  it('may be terminated while their workers come up, at any moment', async () => {
    for (let i = 0; i < 25; i++) {
      const pool = new Pool(2);
      await new Promise((resolve) => setTimeout(resolve, i * 3));
      await pool.terminate();
    }
  });

  it('may block on one another', async () => {
    await using a = new Pool(1);
    await using b = new Pool(1);
    const pending = a.applyAsync(square, [5]);
    assert.equal(b.applySync(square, [6]), 36);
    assert.equal(pending.getSync(), 25);
  });

  it('a pool in a worker of a pool works', async () => {
    await using pool = new Pool(1);
    assert.deepEqual(await pool.apply(nested, [5]), [0, 1, 4, 9, 16]);
    assert.deepEqual(await pool.apply(nestedSync, [4]), [0, 1, 4, 9]);
  });

  it('a pool in a worker that is terminated meanwhile hangs nothing', async () => {
    const pool = new Pool(1);
    const result = pool.applyAsync(async () => {
      const inner = new Pool(1);
      await inner.apply(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300));
    });
    await assert.rejects(result.get({ timeout: 150 }));
    await pool.terminate();
    await assert.rejects(result.get());
  });

  it('a pool in a plain Worker thread works', async () => {
    const worker = new Worker(
      `const { parentPort } = require('node:worker_threads');
       import('allcores').then(async ({ Pool }) => {
         const pool = new Pool(1);
         parentPort.postMessage(await pool.map((x) => x + 1, [1, 2]));
         await pool.terminate();
       });`,
      { eval: true },
    );
    const code = new Promise((resolve) => worker.once('exit', resolve));
    assert.deepEqual(await new Promise((resolve) => worker.once('message', resolve)), [2, 3]);
    assert.equal(await code, 0);
  });

  it("require('allcores') gives the same pools", async () => {
    const { createRequire } = await import('node:module');
    const required = createRequire(import.meta.url)('allcores') as typeof import('allcores');
    assert.equal(required.Pool, Pool);
  });
});
