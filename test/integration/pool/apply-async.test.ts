import assert from 'node:assert/strict';
import { once } from 'node:events';
import { AsyncResult, Pool } from 'allcores';

function half(value: number): number {
  if (value % 2 !== 0) throw new RangeError(`${value} is odd`);
  return value / 2;
}

/** Takes the next uncaught exception away from the test runner. */
async function nextUncaught(): Promise<unknown> {
  const others = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException');
  try {
    const [error] = (await once(process, 'uncaughtException')) as [unknown];
    return error;
  } finally {
    for (const listener of others) process.on('uncaughtException', listener);
  }
}

describe('Pool.applyAsync', () => {
  let pool: Pool;
  before(() => (pool = new Pool(2)));
  after(() => pool.terminate());

  it('gives a handle at once and the value later', async () => {
    const result = pool.applyAsync(half, [8]);
    assert.ok(result instanceof AsyncResult);
    assert.equal(result.ready(), false);
    assert.equal(await result.get(), 4);
  });

  it('calls callback once with the value, and not errorCallback', async () => {
    const calls: unknown[] = [];
    await pool.applyAsync(half, [4], {
      callback: (value) => calls.push(['value', value]),
      errorCallback: (error) => calls.push(['error', error]),
    });
    assert.deepEqual(calls, [['value', 2]]);
  });

  it('calls errorCallback once with the error, and not callback', async () => {
    const calls: unknown[] = [];
    const result = pool.applyAsync(half, [3], {
      callback: (value) => calls.push(['value', value]),
      errorCallback: (error) => calls.push((error as Error).message),
    });
    await assert.rejects(result.get(), { name: 'RangeError', message: '3 is odd' });
    assert.deepEqual(calls, ['3 is odd']);
  });

  it('calls callbacks with the values of all tasks, in order of completion', async () => {
    const seen: number[] = [];
    const results = Array.from({ length: 100 }, (_, i) =>
      pool.applyAsync(half, [2 * i], { callback: (value) => seen.push(value) }),
    );
    await Promise.all(results);
    assert.deepEqual(
      seen.sort((a, b) => a - b),
      Array.from({ length: 100 }, (_, i) => i),
    );
  });

  it('makes an error of a callback an uncaught exception of its own; the pool goes on', async () => {
    const uncaught = nextUncaught();
    const broken = new Error('a broken callback');
    const result = pool.applyAsync(half, [10], {
      callback: () => {
        throw broken;
      },
    });
    assert.equal(await result.get(), 5);
    assert.equal(await uncaught, broken);
    assert.equal(await pool.apply(half, [2]), 1);
  });

  it('makes an error of an errorCallback an uncaught exception of its own as well', async () => {
    const uncaught = nextUncaught();
    const broken = new Error('a broken errorCallback');
    const result = pool.applyAsync(half, [1], {
      errorCallback: () => {
        throw broken;
      },
    });
    await assert.rejects(result.get(), { message: '1 is odd' });
    assert.equal(await uncaught, broken);
  });

  it('keeps an error that nobody fetches silent', async () => {
    const rejections: unknown[] = [];
    const listener = (reason: unknown): void => void rejections.push(reason);
    process.on('unhandledRejection', listener);
    const result = pool.applyAsync(half, [5]);
    await result.wait();
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', listener);
    assert.equal(result.successful(), false);
    assert.deepEqual(rejections, []);
  });

  it('makes arguments that cannot travel the failure of the task, for errorCallback too', async () => {
    const errors: unknown[] = [];
    const result = pool.applyAsync((value: unknown) => value, [Symbol('no')], {
      errorCallback: (error) => errors.push(error),
    });
    await assert.rejects(result.get(), { code: 'ERR_ALLCORES_SERIALIZATION', path: 'args[0]' });
    assert.equal(errors.length, 1);
  });
});
