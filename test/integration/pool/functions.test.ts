import assert from 'node:assert/strict';
import { fromModule, FunctionTransportError, Pool, ProcessError, task } from 'allcores';

const RATE = 100;

function rate(x: number): number {
  return x * RATE;
}

describe('functions of a pool', () => {
  let pool: Pool;
  before(() => (pool = new Pool(2)));
  after(() => pool.terminate());

  it('that capture locals are refused at the call, naming each and the mend', () => {
    const factor = 3;
    const offset = 1;
    const nested = (x: number): number => x * factor + offset;
    const calls = [
      (): unknown => pool.apply(nested, [1]),
      (): unknown => pool.applyAsync(nested, [1]),
      (): unknown => pool.map(nested, [1]),
      (): unknown => pool.imap(nested, [1]),
      (): unknown => pool.transform(nested),
      (): unknown => pool.broadcast(nested, [1]),
      (): unknown => pool.applySync(nested, [1]),
    ];
    for (const call of calls) {
      assert.throws(call, (error: unknown) => {
        assert.ok(error instanceof FunctionTransportError && error instanceof ProcessError);
        assert.equal(error.code, 'ERR_ALLCORES_FUNCTION_TRANSPORT');
        for (const part of ['factor', 'offset', 'functions.test', 'task(']) {
          assert.ok(error.message.includes(part), error.message);
        }
        return true;
      });
    }
  });

  it('take captured locals along with task()', async () => {
    const factor = 3;
    const scaled = task((x: number): number => x * factor, { factor });
    assert.equal(await pool.apply(scaled, [2]), 6);
    assert.deepEqual(await pool.map(scaled, [1, 2, 3]), [3, 6, 9]);
  });

  it('take along what task() names although they travelled without it before', async () => {
    assert.deepEqual(await pool.map(rate, [1, 2]), [100, 200]);
    assert.deepEqual(await pool.map(task(rate, { RATE: 5 }), [1, 2]), [5, 10]);
    assert.deepEqual(await pool.map(task(task(rate, { RATE: 6 }), { unused: 1 }), [1, 2]), [6, 12]);
    assert.deepEqual(await pool.map(task(rate, { unused: 1 }), [1, 2]), [100, 200]);
  });

  it('may be named by module and export', async () => {
    const zip = fromModule<typeof import('node:zlib')>('node:zlib', 'gzipSync');
    assert.equal((await pool.apply(zip as (text: string) => Buffer, ['a']))[0], 0x1f);
    assert.throws(() => fromModule(5 as unknown as string, 'basename'), {
      name: 'TypeError',
      message: 'fromModule: "url" must be a string or a URL, not number',
    });
  });

  it('of the language and bound ones are refused', () => {
    const bound = identity.bind(null);
    for (const fn of [Math.max, bound]) {
      assert.throws(() => void pool.apply(fn, [1]), { code: 'ERR_ALLCORES_FUNCTION_TRANSPORT' });
    }
  });

  it('are refused by name when they are none', () => {
    for (const none of [undefined, null, 'name', {}, 5]) {
      const fn = none as unknown as (x: number) => number;
      const error = { name: 'TypeError', message: /^fn must be a function, got / };
      assert.throws(() => void pool.apply(fn, [1]), error);
      assert.throws(() => pool.applyAsync(fn, [1]), error);
      assert.throws(() => void pool.map(fn, [1]), error);
      assert.throws(() => pool.imap(fn, [1]), error);
      assert.throws(() => void pool.broadcast(fn, [1]), error);
      assert.throws(() => pool.transform(fn), error);
    }
  });

  it('keep their top-level state in each worker', async () => {
    const single = new Pool(1);
    try {
      assert.deepEqual([await single.apply(count), await single.apply(count)], [1, 2]);
      assert.equal(counter, 0);
    } finally {
      await single.terminate();
    }
  });
});

let counter = 0;

function count(): number {
  return ++counter;
}

function identity(x: number): number {
  return x;
}
