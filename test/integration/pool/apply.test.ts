import assert from 'node:assert/strict';
import { Pool, SharedArray } from 'allcores';
import { areProcesses } from '../../support/kinds.js';

const FACTOR = 3;

function multiply(a: number, b: number): number {
  return a * b;
}

function scaled(value: number): number {
  return value * FACTOR;
}

async function later(value: string): Promise<string> {
  await new Promise((resolve) => setTimeout(resolve, 5));
  return `${value}!`;
}

function countArguments(...args: unknown[]): number {
  return args.length;
}

function fail(message: string): never {
  throw new RangeError(message);
}

describe('Pool.apply', () => {
  let pool: Pool;
  before(() => (pool = new Pool(2)));
  after(() => pool.terminate());

  it('gives what the function gives', async () => {
    assert.equal(await pool.apply(multiply, [6, 7]), 42);
  });

  it('runs the function in another thread, of this process or another', async () => {
    const where = async (): Promise<string> => {
      const { threadId } = await import('node:worker_threads');
      return `${process.pid}:${threadId}`;
    };
    const [own, theirs] = [await where(), await pool.apply(where)];
    assert.notEqual(theirs, own);
    assert.equal(theirs.startsWith(`${process.pid}:`), !areProcesses);
  });

  it('calls without arguments when none are given', async () => {
    assert.equal(await pool.apply(countArguments), 0);
    assert.equal(await pool.apply(countArguments, []), 0);
  });

  it('passes any number of arguments of mixed kinds', async () => {
    for (const length of [1, 2, 3, 4, 5, 6, 40]) {
      assert.equal(
        await pool.apply(
          countArguments,
          Array.from({ length }, (_, i) => i),
        ),
        length,
      );
      assert.equal(
        await pool.apply(
          countArguments,
          Array.from({ length }, (_, i) => (i % 2 === 0 ? i : `${i}`)),
        ),
        length,
      );
      assert.equal(
        await pool.apply(
          countArguments,
          Array.from({ length }, () => undefined),
        ),
        length,
      );
    }
  });

  it('takes a closed arrow and one with a top-level constant of its module', async () => {
    assert.equal(await pool.apply((x: number) => x + 1, [1]), 2);
    assert.equal(await pool.apply(scaled, [2]), 6);
  });

  it('awaits asynchronous functions', async () => {
    assert.equal(await pool.apply(later, ['done']), 'done!');
  });

  it('awaits thenables', async () => {
    const value = await pool.apply(() => ({ then: (resolve: (value: number) => void) => resolve(5) }));
    assert.equal(value, 5);
  });

  it('rejects with what the function throws', async () => {
    await assert.rejects(pool.apply(fail, ['too far']), { name: 'RangeError', message: 'too far' });
  });

  it('rejects with what a promise of the function rejects with', async () => {
    await assert.rejects(
      pool.apply(async () => {
        await Promise.resolve();
        throw new TypeError('later');
      }),
      { name: 'TypeError', message: 'later' },
    );
  });

  it('carries thrown values that are no errors', async () => {
    for (const thrown of [undefined, null, 0, 'text', { code: 7 }]) {
      const outcome = await pool
        .apply(
          (value: unknown) => {
            // oxlint-disable-next-line typescript/only-throw-error -- what is tested
            throw value;
          },
          [thrown],
        )
        .then(
          () => 'no error',
          (error: unknown) => ({ error }),
        );
      assert.deepEqual(outcome, { error: thrown });
    }
  });

  it('runs as many tasks at once as there are workers', async () => {
    const meeting = new SharedArray('int32', 1);
    const met = await Promise.all([meet(pool, meeting), meet(pool, meeting)]);
    assert.deepEqual(met, [true, true]);
  });

  it('gives a promise that settles in a later turn, with any number under way', async () => {
    const results = await Promise.all(Array.from({ length: 500 }, (_, i) => pool.apply(multiply, [i, 2])));
    assert.deepEqual(
      results,
      Array.from({ length: 500 }, (_, i) => 2 * i),
    );
  });
});

/** Waits until two workers are in here. */
function meet(pool: Pool, meeting: SharedArray<'int32'>): Promise<boolean> {
  return pool.apply(
    ({ view: there }: SharedArray<'int32'>) => {
      Atomics.add(there, 0, 1);
      const until = Date.now() + 5000;
      while (Atomics.load(there, 0) < 2 && Date.now() < until);
      return Atomics.load(there, 0) === 2;
    },
    [meeting],
  );
}
