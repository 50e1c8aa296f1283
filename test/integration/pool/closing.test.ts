import assert from 'node:assert/strict';
import { Pool, PoolClosedError, ProcessError } from 'allcores';

function nap(ms: number): number {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
  return ms;
}

function assertClosed(pool: Pool): void {
  const calls = [
    (): unknown => pool.apply(nap, [0]),
    (): unknown => pool.applyAsync(nap, [0]),
    (): unknown => pool.applySync(nap, [0]),
    (): unknown => pool.map(nap, [0]),
    (): unknown => pool.mapAsync(nap, []),
    (): unknown => pool.starmap(nap, [[0]]),
    (): unknown => pool.imap(nap, [0]),
    (): unknown => pool.imapUnordered(nap, [0]),
    (): unknown => pool.transform(nap),
    (): unknown => pool.broadcast(nap, [0]),
  ];
  for (const call of calls) {
    assert.throws(call, (error: unknown) => {
      assert.ok(error instanceof PoolClosedError && error instanceof ProcessError);
      assert.deepEqual([error.code, error.message], ['ERR_ALLCORES_POOL_CLOSED', 'Pool not running']);
      return true;
    });
  }
}

describe('the end of a pool', () => {
  it('close takes no more work; what is there drains', async () => {
    const pool = new Pool(2);
    const results = Array.from({ length: 200 }, (_, i) => pool.applyAsync(nap, [i % 3]));
    const map = pool.map(nap, new Array<number>(50).fill(1), { chunksize: 1 });
    pool.close();
    assertClosed(pool);
    await pool.join();
    assert.ok(results.every((result) => result.ready() && result.successful()));
    assert.equal((await map).length, 50);
    assert.deepEqual(pool.workers, []);
  });

  it('close lets an imap that was begun go on to its end', async () => {
    const pool = new Pool(1);
    const iterator = pool.imap(nap, new Array<number>(100).fill(0), { buffersize: 2 });
    await iterator.next();
    pool.close();
    let given = 1;
    for await (const _ of iterator) given++;
    assert.equal(given, 100);
    await pool.join();
  });

  it('join does not wait for whoever holds an imap; it may be read on afterwards', async () => {
    const pool = new Pool(1);
    const iterator = pool.imap(nap, new Array<number>(30).fill(0), { buffersize: 2 });
    pool.close();
    await pool.join();
    let given = 0;
    for await (const _ of iterator) given++;
    assert.equal(given, 30);
    await pool.join();
  });

  it('terminate ends an imap, endless ones too', async () => {
    const pool = new Pool(1);
    function* endless(): Generator<number> {
      for (;;) yield 0;
    }
    const iterator = pool.imap(nap, endless());
    await iterator.next();
    await pool.terminate();
    await assert.rejects(async () => {
      for await (const _ of iterator);
    }, PoolClosedError);
    await iterator.return?.();
    assert.deepEqual(pool.workers, []);
  });

  it('join before close is refused: Pool is still running', async () => {
    const pool = new Pool(1);
    await assert.rejects(pool.join(), { code: 'ERR_ALLCORES_PROCESS', message: 'Pool is still running' });
    await pool.terminate();
  });

  it('terminate rejects what is there and ends busy workers', async () => {
    const pool = new Pool(2);
    await pool.broadcast(nap, [0]);
    const results = Array.from({ length: 50 }, () => pool.applyAsync(nap, [60_000]));
    const map = pool.map(nap, new Array<number>(1000).fill(60_000));
    const begin = performance.now();
    const ended = pool.terminate();
    for (const result of [...results, map]) await assert.rejects(Promise.resolve(result), PoolClosedError);
    await ended;
    assert.ok(performance.now() - begin < 5000);
    assert.deepEqual(pool.workers, []);
    assertClosed(pool);
  });

  it('terminate ends workers in an endless loop and workers that wait for a promise', async () => {
    const pool = new Pool(2);
    const results = [
      pool.applyAsync(() => {
        for (;;);
      }),
      pool.applyAsync(() => new Promise<void>(() => {})),
    ];
    await new Promise((resolve) => setTimeout(resolve, 400));
    await pool.terminate();
    for (const result of results) await assert.rejects(result.get(), PoolClosedError);
  });

  it('close, terminate and join may be repeated, in any order after the first', async () => {
    const pool = new Pool(1);
    await pool.apply(nap, [0]);
    pool.close();
    pool.close();
    await Promise.all([pool.join(), pool.join()]);
    await pool.join();
    await pool.terminate();
    await pool.terminate();
    pool.close();
    await pool.join();
  });

  it('terminate after close cuts the draining short', async () => {
    const pool = new Pool(1);
    const result = pool.applyAsync(nap, [60_000]);
    pool.close();
    const joined = pool.join();
    await pool.terminate();
    await joined;
    await assert.rejects(result.get(), PoolClosedError);
  });

  it('await using drains, and loses nothing', async () => {
    const seen: number[] = [];
    {
      await using pool = new Pool(2);
      for (let i = 0; i < 20; i++) pool.applyAsync(nap, [i % 4], { callback: (value) => seen.push(value) });
    }
    assert.equal(seen.length, 20);
  });

  it('works for a pool that never had anything to do', async () => {
    for (const options of [{}, { minWorkers: 0 }]) {
      const closed = new Pool(2, options);
      closed.close();
      await closed.join();
      await new Pool(2, options).terminate();
    }
  });
});
