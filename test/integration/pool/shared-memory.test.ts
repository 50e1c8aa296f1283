import assert from 'node:assert/strict';
import { Pool, SharedArray } from 'allcores';
import { itWith } from '../../support/kinds.js';

const kept: Int32Array[] = [];

function raise(view: Int32Array, by: number): void {
  Atomics.add(view, 0, by);
}

function makeShared(value: number): { inner: SharedArrayBuffer } {
  const view = new Int32Array(new SharedArrayBuffer(8));
  view[0] = value;
  kept.push(view);
  return { inner: view.buffer };
}

function lastKept(): number {
  return kept.at(-1)![0]!;
}

describe('shared memory as a value', () => {
  let pool: Pool;
  before(() => (pool = new Pool(2)));
  after(() => pool.terminate());

  itWith('thread', 'a SharedArrayBuffer arrives as the same memory', async () => {
    const view = new Int32Array(new SharedArrayBuffer(4));
    await Promise.all(Array.from({ length: 500 }, () => pool.apply(raise, [view, 2])));
    assert.equal(view[0], 1000);
  });

  itWith('thread', 'a SharedArrayBuffer that a worker made comes back as the same memory', async () => {
    const single = new Pool(1);
    try {
      const { inner } = await single.apply(makeShared, [41]);
      const view = new Int32Array(inner);
      assert.equal(view[0], 41);
      view[0] = 42;
      assert.equal(await single.apply(lastKept), 42);
    } finally {
      await single.terminate();
    }
  });

  itWith(
    'thread',
    'SharedArrayBuffers of several workers are not confused, even of workers that are gone',
    async () => {
      const recycled = new Pool(2, { maxTasksPerChild: 1 });
      try {
        const boxes = await Promise.all(Array.from({ length: 12 }, (_, i) => recycled.apply(makeShared, [i])));
        assert.deepEqual(
          boxes.map(({ inner }) => new Int32Array(inner)[0]),
          Array.from({ length: 12 }, (_, i) => i),
        );
      } finally {
        await recycled.terminate();
      }
      const many = await pool.map(makeShared, Array.from({ length: 500 }).keys());
      assert.deepEqual(
        many.map(({ inner }) => new Int32Array(inner)[0]),
        Array.from({ length: 500 }, (_, i) => i),
      );
    },
  );

  itWith('thread', 'a SharedArrayBuffer that goes there and back is the same object', async () => {
    const buffer = new SharedArrayBuffer(16);
    const back = await pool.apply((value: { list: SharedArrayBuffer[] }) => value, [{ list: [buffer, buffer] }]);
    assert.equal(back.list[0], buffer);
    assert.equal(back.list[1], buffer);
  });

  itWith('thread', 'a worker that comes later knows it too', async () => {
    const fresh = new Pool(1, { maxTasksPerChild: 1 });
    try {
      const view = new Int32Array(new SharedArrayBuffer(4));
      for (let i = 0; i < 3; i++) await fresh.apply(raise, [view, 1]);
      assert.equal(view[0], 3);
    } finally {
      await fresh.terminate();
    }
  });

  itWith('thread', 'views on a part of a SharedArrayBuffer stay views on that part', async () => {
    const whole = new Uint8Array(new SharedArrayBuffer(10));
    await pool.apply((part: Uint8Array) => void part.fill(7), [whole.subarray(3, 5)]);
    assert.deepEqual([...whole], [0, 0, 0, 7, 7, 0, 0, 0, 0, 0]);
  });

  itWith(
    'process',
    'a SharedArrayBuffer does not reach another process: SerializationError, with its path',
    async () => {
      const refused = (path: string): object => ({
        name: 'SerializationError',
        path,
        message: `${path} cannot be copied to another worker: it is a SharedArrayBuffer; the other worker is a process, which cannot reach it: use a SharedArray`,
      });
      const view = new Int32Array(new SharedArrayBuffer(4));
      const keep = (...values: unknown[]): number => values.length;
      await assert.rejects(pool.apply(keep, [1, { a: [view.buffer] }]), refused('args[1].a[0]'));
      await assert.rejects(pool.apply(keep, [view]), refused('args[0]'));
      await assert.rejects(pool.apply(makeShared, [1]), refused('result.inner'));
      assert.equal(await pool.apply(keep, [1, 2]), 2);
    },
  );

  it('a SharedArray arrives as a live handle, nested too', async () => {
    const vector = new SharedArray('float64', 4);
    const seen = await pool.apply(
      (box: { vector: SharedArray<'float64'> }, value: number) => {
        box.vector.set(2, value);
        return [box.vector.length, box.vector.dtype, [...box.vector]];
      },
      [{ vector }, 1.5],
    );
    assert.deepEqual(seen, [4, 'float64', [0, 0, 1.5, 0]]);
    assert.equal(vector.at(2), 1.5);
  });

  it('a SharedArray that a worker made outlives the worker', async () => {
    await using single = new Pool(1, { maxTasksPerChild: 1 });
    const vector = await single.apply(() => new SharedArray('int16', [1, 2, 3]));
    assert.ok(vector instanceof SharedArray);
    assert.deepEqual([...vector], [1, 2, 3]);
  });
});

describe('transfer', () => {
  let pool: Pool;
  before(() => (pool = new Pool(1)));
  after(() => pool.terminate());

  it('detaches buffers here; the task has their contents', async () => {
    for (const size of [16, 3 << 20]) {
      const bytes = new Uint8Array(size).fill(3);
      const result = pool.apply((there: Uint8Array) => [there.length, there.at(-1)], [bytes], {
        transfer: [bytes.buffer],
      });
      assert.equal(bytes.byteLength, 0);
      assert.deepEqual(await result, [size, 3]);
    }
  });

  it('leaves buffers alone that are not named', async () => {
    const [given, spared] = [new Uint8Array(8), new Uint8Array(8)];
    await pool.apply((a: Uint8Array, b: Uint8Array) => a.length + b.length, [given, spared], {
      transfer: [given.buffer],
    });
    assert.deepEqual([given.byteLength, spared.byteLength], [0, 8]);
  });

  it('of a map detaches buffers once all items were copied', async () => {
    const lengthOf = (there: Uint8Array): number => there.length + there[0]!;
    const make = (): Uint8Array<ArrayBuffer>[] =>
      Array.from({ length: 20 }, (_, i) => new Uint8Array(1000 + i).fill(i));
    const expected = make().map(lengthOf);
    const [mapped, starred, few] = [make(), make(), make().slice(0, 2)];
    const transferOf = (list: Uint8Array<ArrayBuffer>[]): ArrayBuffer[] => list.map(({ buffer }) => buffer);
    const options = { chunksize: 1, transfer: transferOf(mapped) };
    const result = pool.map(lengthOf, mapped, options);
    options.transfer.length = 0; // what counts is what it was at the call
    assert.equal(mapped.at(-1)!.byteLength, 1019); // not copied yet: only some chunks are submitted at one time
    assert.deepEqual(await result, expected);
    assert.ok(mapped.every(({ byteLength }) => byteLength === 0));
    const lists = starred.map((there) => [there] as const);
    assert.deepEqual(pool.starmapSync(lengthOf, lists, { transfer: transferOf(starred) }), expected);
    assert.ok(starred.every(({ byteLength }) => byteLength === 0));
    const [first] = few as [Uint8Array<ArrayBuffer>];
    const pending = pool.map(lengthOf, few, { chunksize: 2, transfer: [first.buffer, first.buffer] });
    assert.deepEqual([first.byteLength, few[1]!.byteLength], [0, 1001]);
    assert.deepEqual(await pending, expected.slice(0, 2));
  });

  it('of a map detaches nothing when an item was not copied', async () => {
    const bytes = new Uint8Array(8);
    const nothing = (_: unknown): void => {};
    await assert.rejects(pool.map(nothing, [Symbol('no'), bytes], { chunksize: 1, transfer: [bytes.buffer] }), {
      path: 'items[0]',
    });
    assert.equal(bytes.byteLength, 8);
  });

  it('detaches nothing when the task was not taken', () => {
    const bytes = new Uint8Array(8);
    assert.throws(() => pool.applySync((..._: unknown[]) => {}, [bytes, Symbol('no')], { transfer: [bytes.buffer] }));
    assert.equal(bytes.byteLength, 8);
  });

  it('is refused unless it is an array of ArrayBuffers', () => {
    const fn = (x: Uint8Array): number => x.length;
    for (const transfer of [new ArrayBuffer(1), [new Uint8Array(1)], [new SharedArrayBuffer(1)], [1]]) {
      assert.throws(() => pool.applySync(fn, [new Uint8Array(1)], { transfer: transfer as never }), {
        name: 'TypeError',
        message: /^transfer(\[0\])? must be an (array|ArrayBuffer), got /,
      });
    }
  });
});
