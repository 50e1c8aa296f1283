import assert from 'node:assert/strict';
import { Pool, SerializationError, SharedArray, type MapOptions } from 'allcores';

const BAD = 7;
const COUNT = 11;

/** Items that fit into a record, that need the arena, and a segment of their own. */
const paddings = { short: 0, long: 1000, huge: 17 << 20 };

function* itemsOf(bad: number, padding: string): Generator<{ x: number; a: unknown; padding: string }> {
  for (let x = 0; x < COUNT; x++) yield { x, a: x === bad ? [0, Symbol('no')] : 0, padding };
}

async function* later<T>(items: Iterable<T>): AsyncGenerator<T> {
  await Promise.resolve();
  yield* items;
}

function nothing(): void {}

/** What cannot be sent back, for one item. */
function unsendable(x: number): unknown {
  return x === 7 ? { b: { fn: (): number => 1 } } : { x };
}

async function unsendableLater(x: number): Promise<unknown> {
  await Promise.resolve();
  return unsendable(x);
}

async function pathOf(promise: PromiseLike<unknown>): Promise<string> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof SerializationError, String(error));
  assert.ok(error.message.startsWith(`${error.path} `), error.message);
  return error.path;
}

async function pathsOf(iterator: AsyncIterator<unknown>): Promise<string[]> {
  const paths = new Set<string>();
  for (;;) {
    const step = await iterator.next().catch((error: unknown) => error);
    if (step instanceof Error) paths.add((step as SerializationError).path);
    else if ((step as IteratorResult<unknown>).done === true) return [...paths];
  }
}

describe('paths of items that cannot travel', () => {
  let pool: Pool;
  before(() => (pool = new Pool(2)));
  after(() => pool.terminate());

  for (const chunksize of [undefined, 1, 2, 3, 4, 8, 100]) {
    const options: MapOptions = chunksize === undefined ? {} : { chunksize };

    it(`tell the item of the items, chunksize ${chunksize}`, async () => {
      const items = [...itemsOf(BAD, '')];
      assert.equal(await pathOf(pool.map(nothing, items, options)), 'items[7].a[1]');
      assert.equal(await pathOf(pool.map(nothing, itemsOf(BAD, ''), options)), 'items[7].a[1]');
      assert.equal(await pathOf(pool.mapAsync(nothing, items, options)), 'items[7].a[1]');
      assert.throws(() => pool.mapSync(nothing, items, options), { path: 'items[7].a[1]' });
      const lists = items.map((item) => [item.x, item] as const);
      assert.equal(await pathOf(pool.starmap(nothing as never, lists as never, options)), 'items[7][1].a[1]');
      assert.deepEqual(await pathsOf(pool.imap(nothing, items, options)), ['items[7].a[1]']);
      assert.deepEqual(await pathsOf(pool.imapUnordered(nothing, items, options)), ['items[7].a[1]']);
      assert.deepEqual(await pathsOf(pool.imap(nothing, later(items), options)), ['items[7].a[1]']);
    });

    it(`tell the item of the results, chunksize ${chunksize}`, async () => {
      const items = Array.from({ length: COUNT }, (_, i) => i);
      const path = 'result[7].b.fn';
      for (const fn of [unsendable, unsendableLater]) {
        assert.equal(await pathOf(pool.map(fn, items, options)), path);
        assert.equal(await pathOf(pool.starmap(fn, items.map((x) => [x] as [number]), options)), path); // prettier-ignore
        assert.equal(await pathOf(pool.map(fn, new Int32Array(items), options)), path);
        assert.equal(await pathOf(pool.map(fn, new Set(items), options)), path);
        assert.throws(() => pool.mapSync(fn, items, options), { path });
        assert.deepEqual(await pathsOf(pool.imap(fn, items, options)), [path]);
        assert.deepEqual(await pathsOf(pool.imapUnordered(fn, later(items), options)), [path]);
      }
    });
  }

  for (const [size, length] of Object.entries(paddings)) {
    it(`wherever the arguments lie: ${size} ones`, async () => {
      const give = ({ x }: { x: number }): unknown => (x === 7 ? { b: Symbol('no') } : 0);
      const padding = 'x'.repeat(length);
      const items = [...itemsOf(-1, '')].map((item) => (item.x === 7 ? { ...item, padding } : item));
      for (const chunksize of [1, 3, 6]) {
        assert.equal(await pathOf(pool.map(give, items, { chunksize })), 'result[7].b');
        assert.deepEqual(await pathsOf(pool.imap(give, items, { chunksize })), ['result[7].b']);
      }
    });
  }

  it('of imap with items that need no codec', async () => {
    const give = (x: unknown): unknown => (x === 'f' || x === null ? { x, fn: (): number => 1 } : x);
    assert.deepEqual(await pathsOf(pool.imap(give, [1, true, undefined, null, 'a', 'f'])), [
      'result[3].fn',
      'result[5].fn',
    ]);
  });

  it('of a map, whose other chunks run', async () => {
    const ran = new SharedArray('int32', 1);
    const run = ([counter, x]: readonly [SharedArray<'int32'>, unknown]): unknown => {
      Atomics.add(counter.view, 0, 1);
      return x === 5 ? Symbol('no') : x;
    };
    const items = [0, 1, Symbol('no'), 3, 4, 5, 6].map((x) => [ran, x] as const);
    assert.equal(await pathOf(pool.map(run, items, { chunksize: 2 })), 'items[2][1]');
    assert.equal(Atomics.load(ran.view, 0), 5);
    assert.equal(await pathOf(pool.map(run, items.slice(3), { chunksize: 2 })), 'result[2]');
  });

  it('of many numbers, which lie in a column', async () => {
    const give = (x: number): unknown => (x === 700 ? { fn: (): number => 1 } : x);
    for (const chunksize of [100, 333, 1000]) {
      assert.equal(await pathOf(pool.map(give, Array.from({ length: 1000 }).keys(), { chunksize })), 'result[700].fn');
    }
  });

  it('of a function that cannot travel', async () => {
    const captured = 1;
    const items = [...itemsOf(-1, '')].map((item) => ({ ...item, a: item.x === 7 ? (): number => captured : 0 }));
    for (const chunksize of [1, 3]) {
      await assert.rejects(pool.map(nothing, items, { chunksize }), /function items\[7\]\.a \(.*"captured"/);
    }
  });

  it('are those of the arguments and the result elsewhere', async () => {
    assert.equal(await pathOf(pool.apply(nothing as never, [[{ a: Symbol('no') }]] as never)), 'args[0][0].a');
    assert.equal(await pathOf(pool.apply(unsendable, [7])), 'result.b.fn');
    assert.equal(await pathOf(pool.broadcast(unsendable, [7])), 'result.b.fn');
  });
});
