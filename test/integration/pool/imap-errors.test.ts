import assert from 'node:assert/strict';
import { Pool } from 'allcores';
import { drain } from '../../support/lazy.js';

function refuseThrees(x: number): number {
  if (x % 3 === 0) throw new RangeError(`no ${x}`);
  return x;
}

function* failing(after: number): Generator<number> {
  for (let i = 1; i <= after; i++) yield i;
  throw new EvalError('the source broke');
}

async function* failingLater(after: number): AsyncGenerator<number> {
  await Promise.resolve();
  yield* failing(after);
}

describe('errors of imap', () => {
  let pool: Pool;
  before(() => (pool = new Pool(2)));
  after(() => pool.terminate());

  for (const chunksize of [1, 2, 4, 10]) {
    it(`an error of an item is thrown at its place and iteration goes on, chunksize ${chunksize}`, async () => {
      const items = [1, 2, 3, 4, 5, 6, 7];
      assert.deepEqual(await drain(pool.imap(refuseThrees, items, { chunksize })), [1, 2, 'no 3', 4, 5, 'no 6', 7]);
    });
  }

  it('imapUnordered gives each error once as well', async () => {
    for (const chunksize of [1, 3]) {
      const outcomes = await drain(pool.imapUnordered(refuseThrees, [1, 2, 3, 4, 5, 6, 7], { chunksize }));
      assert.deepEqual(outcomes.map(String).sort(), ['1', '2', '4', '5', '7', 'no 3', 'no 6']);
    }
  });

  it('errors of asynchronous functions stand at their place', async () => {
    const later = async (x: number): Promise<number> => {
      await Promise.resolve();
      return refuseThrees(x);
    };
    assert.deepEqual(await drain(pool.imap(later, [1, 3, 5, 6], { chunksize: 2 })), [1, 'no 3', 5, 'no 6']);
  });

  it('an error of the source comes after all results before it and is the end', async () => {
    for (const chunksize of [1, 2, 4, 8]) {
      for (const source of [failing(5), failingLater(5)]) {
        assert.deepEqual(await drain(pool.imap((x: number) => x, source, { chunksize })), [
          1,
          2,
          3,
          4,
          5,
          'the source broke',
        ]);
      }
    }
  });

  it('an error of the source at its very start', async () => {
    assert.deepEqual(await drain(pool.imap(refuseThrees, failing(0))), ['the source broke']);
    assert.deepEqual(await drain(pool.imapUnordered(refuseThrees, failing(0))), ['the source broke']);
  });

  it('imapUnordered gives an error of the source in the end of all', async () => {
    const outcomes = await drain(pool.imapUnordered((x: number) => x, failing(5)));
    assert.deepEqual(outcomes.slice(0, 5).sort(), [1, 2, 3, 4, 5]);
    assert.deepEqual(outcomes.slice(5), ['the source broke']);
  });

  it('an item that cannot travel fails at its place', async () => {
    const outcomes = await drain(pool.imap((x: unknown) => typeof x, [1, Symbol('no'), 'a']));
    assert.equal(outcomes[0], 'number');
    assert.match(String(outcomes[1]), /symbol/);
    assert.equal(outcomes[2], 'string');
  });

  it('a worker that dies costs its item', async () => {
    const die = (x: number): number => (x === 2 ? process.exit(9) : x);
    const outcomes = await drain(pool.imap(die, [1, 2, 3]));
    assert.deepEqual([outcomes[0], outcomes[2]], [1, 3]);
    assert.match(String(outcomes[1]), /exited with code 9/);
  });

  it('what is no iterable is refused at the call', () => {
    assert.throws(() => pool.imap(refuseThrees, 5 as never), {
      name: 'TypeError',
      message: 'items must be an iterable or an async iterable, got 5',
    });
  });
});
