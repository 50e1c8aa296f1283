import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { Pool, ProcessError, TimeoutError } from 'allcores';

function slow(ms: number, value: number): number {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
  if (value < 0) throw new RangeError('negative');
  return value;
}

describe('AsyncResult', () => {
  let pool: Pool;
  before(async () => {
    pool = new Pool(2);
    await pool.broadcast(slow, [0, 0]);
  });
  after(() => pool.terminate());

  it('get gives the value any number of times', async () => {
    const value = await pool.apply(() => ({ a: 1 }));
    const result = pool.applyAsync(() => ({ a: 1 }));
    const first = await result.get();
    assert.deepEqual(first, value);
    assert.equal(await result.get(), first);
    assert.equal(await result.get({ timeout: 0 }), first);
  });

  it('get rejects with the same error any number of times', async () => {
    const result = pool.applyAsync(slow, [1, -1]);
    const first: unknown = await result.get().catch((error: unknown) => error);
    assert.ok(first instanceof RangeError);
    assert.equal(await result.get().catch((error: unknown) => error), first);
  });

  it('get rejects with TimeoutError after timeout ms, and the task goes on', async () => {
    const result = pool.applyAsync(slow, [300, 7]);
    const begin = performance.now();
    await assert.rejects(result.get({ timeout: 50 }), (error: unknown) => {
      assert.ok(error instanceof TimeoutError && error instanceof ProcessError);
      assert.equal(error.code, 'ERR_ALLCORES_TIMEOUT');
      assert.match(error.message, /50 ms/);
      return true;
    });
    const elapsed = performance.now() - begin;
    assert.ok(elapsed >= 45 && elapsed < 290, `${elapsed} ms`);
    assert.equal(await result.get(), 7);
  });

  it('get with a timeout of 0 polls', async () => {
    const result = pool.applyAsync(slow, [100, 7]);
    await assert.rejects(result.get({ timeout: 0 }), TimeoutError);
    await result.wait();
    assert.equal(await result.get({ timeout: 0 }), 7);
  });

  it('wait tells whether the result is there in time, and does not throw the error of the task', async () => {
    const result = pool.applyAsync(slow, [150, -1]);
    assert.equal(await result.wait({ timeout: 10 }), false);
    assert.equal(await result.wait(), true);
    assert.equal(await result.wait({ timeout: 0 }), true);
  });

  it('get and wait end early with the reason of a signal; the task goes on', async () => {
    const result = pool.applyAsync(slow, [150, 3]);
    const controller = new AbortController();
    const reason = new Error('enough');
    const waits = [result.wait({ signal: controller.signal }), result.get({ signal: controller.signal })];
    controller.abort(reason);
    for (const wait of waits) await assert.rejects(wait, reason);
    await assert.rejects(result.wait({ signal: controller.signal }), reason);
    assert.equal(await result.get(), 3);
  });

  it('ready turns true with the end of the task, however it ends', async () => {
    for (const value of [1, -1]) {
      const result = pool.applyAsync(slow, [20, value]);
      assert.equal(result.ready(), false);
      await result.wait();
      assert.equal(result.ready(), true);
    }
  });

  it('successful throws before the result is ready, then tells', async () => {
    const [good, bad] = [pool.applyAsync(slow, [20, 1]), pool.applyAsync(slow, [20, -1])];
    assert.throws(() => good.successful(), { code: 'ERR_ALLCORES_PROCESS', message: /not ready/ });
    await Promise.all([good.wait(), bad.wait()]);
    assert.deepEqual([good.successful(), bad.successful()], [true, false]);
  });

  it('may be awaited, and joined with promises', async () => {
    assert.equal(await pool.applyAsync(slow, [0, 5]), 5);
    const results = await Promise.all([1, 2, 3].map((value) => pool.applyAsync(slow, [0, value])));
    assert.deepEqual(results, [1, 2, 3]);
    const handled = await pool.applyAsync(slow, [0, -1]).then(
      () => 'value',
      (error: unknown) => (error as Error).message,
    );
    assert.equal(handled, 'negative');
  });

  it('shows its state', async () => {
    const result = pool.applyAsync(slow, [20, 5]);
    assert.equal(inspect(result), 'AsyncResult { <pending> }');
    assert.equal(`${result}`, 'AsyncResult { <pending> }');
    await result.wait();
    assert.equal(inspect(result), 'AsyncResult { 5 }');
    const failed = pool.applyAsync(slow, [0, -1]);
    await failed.wait();
    assert.match(inspect(failed), /^AsyncResult \{ <rejected> RangeError: negative/);
  });

  it('waits without keeping listeners or timers', async () => {
    const result = pool.applyAsync(slow, [100, 1]);
    const { signal } = new AbortController();
    for (let i = 0; i < 30; i++) await result.wait({ timeout: 1, signal });
    assert.equal(await result.get({ timeout: 10_000 }), 1);
  });

  it('does not begin a blocking wait whose signal is aborted', async () => {
    const result = pool.applyAsync(slow, [50, 1]);
    const signal = AbortSignal.abort(new RangeError('not now'));
    assert.throws(() => result.getSync({ signal }), { name: 'RangeError', message: 'not now' });
    assert.throws(() => result.waitSync({ signal }), { name: 'RangeError', message: 'not now' });
    assert.throws(() => result.getSync({ signal: {} as never }), {
      name: 'TypeError',
      message: /signal .* AbortSignal/,
    });
    assert.equal(result.getSync({ signal: new AbortController().signal }), 1);
  });

  it('refuses bad options by name', async () => {
    const result = pool.applyAsync(slow, [0, 1]);
    await assert.rejects(result.wait({ timeout: '5' as never }), { name: 'TypeError', message: /timeout .* got '5'/ });
    await assert.rejects(result.wait({ signal: {} as never }), { name: 'TypeError', message: /signal .* AbortSignal/ });
    assert.throws(() => result.getSync({ timeout: Number.NaN }), { name: 'TypeError', message: /timeout .* got NaN/ });
  });
});
