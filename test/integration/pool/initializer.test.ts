import assert from 'node:assert/strict';
import { Pool } from 'allcores';

let base = 0;
let calls = 0;

function prepare(value: number): void {
  base = value;
  calls++;
}

async function prepareLater(value: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 20));
  prepare(value);
}

function prepared(): [number, number] {
  return [base, calls];
}

describe('initializer', () => {
  it('runs once in every worker, with initargs, before its first task', async () => {
    const pool = new Pool(2, { initializer: prepare, initargs: [7] });
    try {
      await pool.map(prepared, Array.from({ length: 50 }).keys());
      assert.deepEqual(await pool.broadcast(prepared), [
        [7, 1],
        [7, 1],
      ]);
      assert.deepEqual([base, calls], [0, 0], 'it ran here');
    } finally {
      await pool.terminate();
    }
  });

  it('may be asynchronous', async () => {
    const pool = new Pool(1, { initializer: prepareLater, initargs: [3] });
    try {
      assert.deepEqual(await pool.apply(prepared), [3, 1]);
    } finally {
      await pool.terminate();
    }
  });

  it('runs in workers that replace others', async () => {
    const pool = new Pool(1, { initializer: prepare, initargs: [5], maxTasksPerChild: 3 });
    try {
      for (let i = 0; i < 6; i++) assert.deepEqual(await pool.apply(prepared), [5, 1]);
      await assert.rejects(pool.apply(() => process.exit(1)));
      assert.deepEqual(await pool.apply(prepared), [5, 1]);
    } finally {
      await pool.terminate();
    }
  });

  for (const [title, initializer] of [
    ['throws', () => void JSON.parse('{')],
    ['rejects', async () => void JSON.parse(await Promise.resolve('{'))],
  ] as const) {
    it(`fails the pool with its error when it ${title}: nothing waits for ever`, async () => {
      const pool = new Pool(2, { initializer });
      const results = Array.from({ length: 5 }, () => pool.applyAsync(prepared));
      for (const result of results) await assert.rejects(result.get(), { name: 'SyntaxError' });
      assert.throws(() => void pool.apply(prepared), { name: 'SyntaxError' });
      await pool.join();
      assert.deepEqual(pool.workers, []);
    });
  }

  it('fails the pool with WorkerCrashedError when it ends the worker', async () => {
    const pool = new Pool(1, { initializer: () => process.exit(4) });
    await assert.rejects(pool.apply(prepared), { code: 'ERR_ALLCORES_WORKER_CRASHED', exitCode: 4 });
    await pool.join();
  });

  it('is refused when it is no function or cannot travel, and initargs when they are no array', () => {
    assert.throws(() => new Pool(1, { initializer: 1 as never }), {
      name: 'TypeError',
      message: 'initializer must be a function, got 1',
    });
    assert.throws(() => new Pool(1, { initializer: Math.max }), { code: 'ERR_ALLCORES_FUNCTION_TRANSPORT' });
    assert.throws(() => new Pool(1, { initializer: prepare, initargs: 'a' as never }), {
      name: 'TypeError',
      message: "initargs must be an array, got 'a'",
    });
    assert.throws(() => new Pool(1, { initializer: prepare, initargs: [Symbol('no')] }), {
      code: 'ERR_ALLCORES_SERIALIZATION',
    });
  });
});
