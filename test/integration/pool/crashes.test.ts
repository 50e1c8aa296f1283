import assert from 'node:assert/strict';
import { Pool, ProcessError, SharedArray, WorkerCrashedError } from 'allcores';

function identity<T>(value: T): T {
  return value;
}

describe('a worker that dies', () => {
  let pool: Pool;
  before(() => (pool = new Pool(2)));
  after(() => pool.terminate());
  afterEach('the pool goes on with as many workers', async () => {
    assert.equal(await pool.apply(identity, [1]), 1);
    assert.equal((await pool.broadcast(identity, [1])).length, 2);
  });

  it('by process.exit rejects its task with WorkerCrashedError', async () => {
    for (const code of [0, 1, 42]) {
      await assert.rejects(
        pool.apply((value: number) => process.exit(value), [code]),
        (error: unknown) => {
          assert.ok(error instanceof WorkerCrashedError && error instanceof ProcessError);
          assert.equal(error.code, 'ERR_ALLCORES_WORKER_CRASHED');
          assert.deepEqual([error.exitCode, error.signal], [code, null]);
          assert.ok(error.workerId >= 1);
          assert.match(error.message, new RegExp(`PoolWorker-${error.workerId} exited with code ${code}`));
          return true;
        },
      );
    }
  });

  it('by an uncaught error tells which', async () => {
    const result = pool.apply(async () => {
      setTimeout(() => {
        throw new EvalError('out of the blue');
      }, 5);
      await new Promise((resolve) => setTimeout(resolve, 5000));
    });
    await assert.rejects(result, (error: unknown) => {
      assert.ok(error instanceof WorkerCrashedError);
      assert.ok(error.cause instanceof EvalError, String(error.cause));
      assert.match(error.message, /out of the blue/);
      return true;
    });
  });

  it('by an unhandled rejection likewise', async () => {
    const result = pool.apply(async () => {
      void Promise.reject(new RangeError('nobody cared'));
      await new Promise((resolve) => setTimeout(resolve, 5000));
    });
    await assert.rejects(result, (error: unknown) => {
      assert.ok(error instanceof WorkerCrashedError);
      assert.equal((error.cause as Error).message, 'nobody cared');
      return true;
    });
  });

  it('costs no other task', async () => {
    const mine = Array.from({ length: 300 }, (_, i) => pool.apply(identity, [i]));
    const dying = [3, 5, 7].map((code) => pool.apply((value: number) => process.exit(value), [code]));
    const others = Array.from({ length: 300 }, (_, i) => pool.apply(identity, [i]));
    const codes = await Promise.all(
      dying.map((one) => one.catch((error: unknown) => (error as WorkerCrashedError).exitCode)),
    );
    assert.deepEqual(codes, [3, 5, 7]);
    for (const group of [mine, others]) {
      assert.deepEqual(
        await Promise.all(group),
        Array.from({ length: 300 }, (_, i) => i),
      );
    }
  });

  it('rejects a map at its place, after everything has run', async () => {
    const ran = new SharedArray('int32', 1);
    const items = Array.from({ length: 20 }, (_, i) => ({ i, ran }));
    const job = pool.map(
      (item: { i: number; ran: SharedArray<'int32'> }) => {
        Atomics.add(item.ran.view, 0, 1);
        if (item.i === 4) process.exit(6);
        return item.i;
      },
      items,
      { chunksize: 1 },
    );
    await assert.rejects(job, { code: 'ERR_ALLCORES_WORKER_CRASHED', exitCode: 6 });
    assert.equal(ran.at(0), 20);
  });

  it('is counted in stats', () => {
    assert.ok(pool.stats().crashed >= 8, `${pool.stats().crashed} crashes`);
  });

  it('after its task has ended costs nothing', async () => {
    const value = await pool.apply(() => {
      setTimeout(() => process.exit(2), 1);
      return 'fine';
    });
    assert.equal(value, 'fine');
    await new Promise((resolve) => setTimeout(resolve, 100));
  });

  it('by a stack overflow is none: that is an error like others', async () => {
    const result = pool.apply(() => {
      const deeper = (n: number): number => deeper(n + 1) + 1;
      return deeper(0);
    });
    await assert.rejects(result, { name: 'RangeError', message: /call stack/ });
  });
});
