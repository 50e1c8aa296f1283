import assert from 'node:assert/strict';
import { Lock, Pool, SerializationError } from 'allcores';
import { drain as drainWith } from '../../support/lazy.js';

/** Values, and of errors the path, else the message, in the order in which they are given. */
function drain(iterator: AsyncIterator<unknown> | Iterator<unknown>): Promise<unknown[]> {
  return drainWith(iterator, (error) => (error instanceof SerializationError ? error.path : (error as Error).message));
}

function kind(x: unknown): string {
  return typeof x;
}

/** What cannot be sent back, for some items; and what cannot be thrown, for one. */
function odd(x: number): unknown {
  // oxlint-disable-next-line typescript/only-throw-error -- what is tested
  if (x === 5) throw { thrown: Symbol('no') };
  if (x === 3) throw new RangeError('no 3');
  return x === 1 || x === 6 ? { at: [Symbol('no')] } : { x };
}

async function oddLater(x: number): Promise<unknown> {
  await Promise.resolve();
  return odd(x);
}

describe('an item of imap that cannot travel', () => {
  let pool: Pool;
  before(() => (pool = new Pool(2)));
  after(() => pool.terminate());

  for (const chunksize of [1, 2, 3, 4, 100]) {
    it(`costs no other one, chunksize ${chunksize}`, async () => {
      const items = [1, { a: Symbol('no') }, 'x', [[Symbol('no')]], true, null, 7];
      const expected = ['number', 'items[1].a', 'string', 'items[3][0][0]', 'boolean', 'object', 'number'];
      assert.deepEqual(await drain(pool.imap(kind, items, { chunksize })), expected);
      assert.deepEqual(await drain(pool.imapSync(kind, items, { chunksize })), expected);
      const unordered = await drain(pool.imapUnordered(kind, items, { chunksize }));
      assert.deepEqual(unordered.sort(), expected.toSorted());
    });

    it(`nor does its result, chunksize ${chunksize}`, async () => {
      const items = [0, 1, 2, 3, 4, 5, 6, 7];
      const expected = [{ x: 0 }, 'result[1].at[0]', { x: 2 }, 'no 3', { x: 4 }, 'error.thrown', 'result[6].at[0]', { x: 7 }]; // prettier-ignore
      for (const fn of [odd, oddLater]) {
        assert.deepEqual(await drain(pool.imap(fn, items, { chunksize })), expected);
        assert.deepEqual(await drain(pool.imapSync(fn, items, { chunksize })), expected);
        const unordered = await drain(pool.imapUnordered(fn, items, { chunksize }));
        assert.deepEqual(unordered.map(String).sort(), expected.map(String).sort());
      }
    });

    it(`is the last one with failFast, chunksize ${chunksize}`, async () => {
      const items = [1, 2, Symbol('no'), 4];
      const options = { chunksize, failFast: true };
      assert.deepEqual(await drain(pool.imap(kind, items, options)), ['number', 'number', 'items[2]']);
      assert.deepEqual(await drain(pool.imapSync(odd, [0, 1, 2], options)), [{ x: 0 }, 'result[1].at[0]']);
    });
  }

  it('counts as one in reports of progress', async () => {
    const done: number[] = [];
    const items = [1, Symbol('no'), 3, 4, 5];
    const iterator = pool.imap(kind, items, { chunksize: 3, onProgress: (progress) => done.push(progress.done) });
    await drain(iterator);
    // First the one that cannot be sent; then, as they come, two items by themselves and the other chunk; then the end.
    const steps = done.map((value, i) => value - (done[i - 1] ?? 0));
    assert.deepEqual([steps[0], steps.slice(1, -1).sort(), steps.at(-1)], [1, [1, 1, 2], 0]);
  });

  it('takes nothing of shared objects along that stand beside it', async () => {
    const make = (x: number): unknown => (x === 1 ? Symbol('no') : new Lock());
    for (let i = 0; i < 20; i++) {
      const all = await drain(pool.imap(make, [0, 1, 2], { chunksize: 3 }));
      assert.equal(all[1], 'result[1]');
      for (const lock of [all[0], all[2]] as Lock[]) {
        assert.equal(lock.acquireSync(), true);
        lock.release();
      }
    }
  });

  it('too deep only within its chunk is found as well', async () => {
    const nest = (depth: number): unknown => {
      let value: unknown = 0;
      for (let i = 0; i < depth; i++) value = [value];
      return value;
    };
    for (const depth of [997, 998, 999, 1000, 1001, 1002]) {
      const all = await drain(pool.imap(nest, [1, depth, 2], { chunksize: 3 }));
      assert.deepEqual([all[0], all[2], all.length], [[0], [[0]], 3], String(depth));
    }
  });
});
