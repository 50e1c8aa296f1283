import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { currentTask, Pool, SharedArray } from 'allcores';
import { drain, Endless } from '../../support/lazy.js';

type Flags = SharedArray<'int32'>;

function refuseFives(x: number): number {
  if (x % 5 === 0) throw new RangeError(`no ${x}`);
  return x;
}

function awaitFlag(flags: Flags, index: number): void {
  const nap = new Int32Array(new SharedArrayBuffer(4));
  while (Atomics.load(flags.view, index) === 0) Atomics.wait(nap, 0, 0, 1);
}

async function raised(flags: Flags, index: number): Promise<void> {
  while (Atomics.load(flags.view, index) === 0) await sleep(1);
}

describe('failFast of imap', () => {
  let pool: Pool;
  before(() => (pool = new Pool(2)));
  after(() => pool.terminate());

  for (const chunksize of [1, 2, 3, 5, 7]) {
    it(`the first error in order is the end, chunksize ${chunksize}`, async () => {
      const options = { failFast: true, chunksize };
      const items = Array.from({ length: 100 }, (_, i) => i + 1);
      assert.deepEqual(await drain(pool.imap(refuseFives, items, options)), [1, 2, 3, 4, 'no 5']);
      for (const form of ['sync', 'async'] as const) {
        const source = new Endless();
        assert.deepEqual(await drain(pool.imap(refuseFives, source[form](), options)), [1, 2, 3, 4, 'no 5']);
        while (source.closed === 0) await sleep(1); // an asynchronous source closes once it has answered
        const { read } = source;
        assert.equal(await pool.apply(refuseFives, [1]), 1);
        assert.equal(source.read, read);
      }
    });

    it(`the first error that comes is the end of imapUnordered, chunksize ${chunksize}`, async () => {
      for (const form of ['sync', 'async'] as const) {
        const source = new Endless();
        const all = await drain(pool.imapUnordered(refuseFives, source[form](), { failFast: true, chunksize }));
        assert.match(String(all.at(-1)), /^no \d*[05]$/);
        assert.ok(all.slice(0, -1).every((value) => typeof value === 'number'));
        while (source.closed === 0) await sleep(1);
      }
    });
  }

  it('ends a loop, and the iterator stays at its end', async () => {
    const source = new Endless();
    const iterator = pool.imap(refuseFives, source[Symbol.iterator](), { failFast: true });
    const seen: number[] = [];
    await assert.rejects(
      async () => {
        for await (const value of iterator) seen.push(value);
      },
      { name: 'RangeError', message: 'no 5' },
    );
    assert.deepEqual([seen, source.closed], [[1, 2, 3, 4], 1]);
    assert.deepEqual(await iterator.next(), { done: true, value: undefined });
    assert.deepEqual(await iterator.return?.(), { done: true, value: undefined });
  });

  it('cancels what is under way', async () => {
    const flags = new SharedArray('int32', 2);
    const fn = (there: Flags): void => {
      const task = currentTask()!;
      if (Atomics.compareExchange(there.view, 0, 0, 1) === 0) {
        while (!task.aborted);
        Atomics.store(there.view, 1, 1);
      } else {
        throw new RangeError('the other one');
      }
    };
    const iterator = pool.imapUnordered(fn, [flags, flags], { failFast: true, grace: 60_000 });
    assert.deepEqual(await drain(iterator), ['the other one']);
    await raised(flags, 1);
  });

  it('gives way to an earlier item that fails later', async () => {
    const flags = new SharedArray('int32', 1);
    const fn = ([there, i]: readonly [Flags, number]): number => {
      if (i === 1) awaitFlag(there, 0);
      if (i === 2) Atomics.store(there.view, 0, 1);
      if (i > 0) throw new RangeError(`no ${i}`);
      return i;
    };
    const items = Array.from({ length: 10 }, (_, i) => [flags, i] as const);
    assert.deepEqual(await drain(pool.imap(fn, items, { failFast: true })), [0, 'no 1']);
  });

  it('holds for items that cannot travel, and does not wait for a source that is silent', async () => {
    async function* silent(): AsyncGenerator<unknown> {
      yield 1;
      yield Symbol('no');
      await new Promise(() => {});
    }
    const kind = (x: unknown): string => typeof x;
    for (const chunksize of [1, 2]) {
      const all = await drain(pool.imap(kind, silent(), { failFast: true, chunksize }));
      assert.match(String(all.at(-1)), /^items\[1\] cannot be copied/);
      assert.deepEqual(all.slice(0, -1), ['number']);
    }
  });

  it('leaves an error of the source the last one', async () => {
    function* broken(): Generator<number> {
      yield 1;
      yield 2;
      throw new EvalError('the source broke');
    }
    assert.deepEqual(await drain(pool.imap(refuseFives, broken(), { failFast: true })), [1, 2, 'the source broke']);
    function* late(): Generator<number> {
      yield 5;
      throw new EvalError('the source broke');
    }
    assert.deepEqual(await drain(pool.imap(refuseFives, late(), { failFast: true, chunksize: 2 })), ['no 5']);
  });

  it('lets a closed pool come to its end', async () => {
    const other = new Pool(1);
    const iterator = other.imap(refuseFives, new Endless()[Symbol.iterator](), { failFast: true });
    assert.equal((await iterator.next()).value, 1);
    other.close();
    assert.deepEqual(await drain(iterator), [2, 3, 4, 'no 5']);
    await other.join();
  });
});
