import assert from 'node:assert/strict';
import { Pool, PoolClosedError, SharedArray } from 'allcores';
import { areProcesses } from '../../support/kinds.js';

function square(x: number, wait = 0): number {
  if (wait > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, wait);
  return x * x;
}

function nap(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

function increment(counter: SharedArray<'int32'>): void {
  Atomics.add(counter.view, 0, 1);
}

describe('as Python: lifetime', () => {
  it('terminate ends a pool with ten thousand tasks that would take for ever', async () => {
    const pool = new Pool(3);
    const result = pool.mapAsync(nap, new Array<number>(10_000).fill(60_000), { chunksize: 1 });
    await pool.terminate();
    await pool.join();
    await assert.rejects(result.get(), PoolClosedError);
  });

  it('a pool is not running after its block', async () => {
    let left: Pool;
    {
      await using pool = new Pool(2);
      left = pool;
      assert.deepEqual(await pool.mapAsync(square, [0, 1, 2, 3]).get(), [0, 1, 4, 9]);
    }
    assert.throws(() => left.mapAsync(square, [1]), PoolClosedError);
    await left.join();
  });

  it('leaving the block of a pool twice does no harm', async () => {
    const pool = new Pool(1);
    await pool[Symbol.asyncDispose]();
    await pool[Symbol.asyncDispose]();
  });

  it('maxTasksPerChild replaces every worker over many tasks', async () => {
    await using pool = new Pool(3, { maxTasksPerChild: 10 });
    assert.equal(pool.workers.length, 3);
    const before = pool.workers.map(({ id }) => id);
    const results = Array.from({ length: 100 }, (_, i) => pool.applyAsync(square, [i]));
    for (const [i, result] of results.entries()) assert.equal(await result.get(), i * i);
    await pool.broadcast(square, [0]);
    const later = pool.workers.filter(({ state }) => state === 'serving');
    assert.ok(later.every(({ pid }) => pid > 0));
    assert.notDeepEqual(later.map(({ id }) => id), before); // prettier-ignore
  });

  it('closing a pool of short-lived workers before its tasks are done does not hang join', async () => {
    const pool = new Pool(3, { maxTasksPerChild: 1 });
    const results = Array.from({ length: 6 }, (_, i) => pool.applyAsync(square, [i, 100]));
    pool.close();
    await pool.join();
    for (const [i, result] of results.entries()) assert.equal(await result.get(), i * i);
  });

  it('maxTasksPerChild of 0, -1, 0.5 or a string is refused', () => {
    for (const value of [0, -1, 0.5]) assert.throws(() => new Pool(3, { maxTasksPerChild: value }), RangeError);
    assert.throws(() => new Pool(3, { maxTasksPerChild: '12' as never }), TypeError);
  });

  it('initializer runs once in the worker of a pool that only closes; one that is no function is refused', async () => {
    assert.throws(() => new Pool(1, { initializer: 1 as never }), TypeError);
    const counter = new SharedArray('int32', 1);
    const pool = new Pool(1, { initializer: increment, initargs: [counter] });
    pool.close();
    await pool.join();
    assert.equal(counter.at(0), 1);
  });

  it('a pool whose workers cannot be started throws and leaves nothing, and the next one works', async () => {
    if (areProcesses) {
      // The system refuses at once; what Node refuses shows when it has started.
      assert.throws(() => new Pool(5, { cwd: '/nowhere' }), { name: 'ProcessError', message: /cwd '\/nowhere'/ });
      const pool = new Pool(5, { execArgv: ['--no-such-option'], stdio: 'ignore' });
      await assert.rejects(pool.mapAsync(square, [1, 2, 3]).get(), { name: 'WorkerCrashedError', exitCode: 9 });
      await pool.join();
      assert.deepEqual(pool.workers, []);
    } else {
      assert.throws(() => new Pool(5, { execArgv: ['--title=x'] }), { code: 'ERR_WORKER_INVALID_EXEC_ARGV' });
    }
    await using pool = new Pool(1);
    assert.equal(await pool.apply(square, [3]), 9);
  });
});
