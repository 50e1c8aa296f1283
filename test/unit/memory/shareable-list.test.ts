import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { ProcessError, ShareableList, SharedMemory, SharedMemoryError, type ShareableValue } from 'allcores';

describe('ShareableList', () => {
  const made: ShareableList[] = [];
  const listOf = (...values: ShareableValue[]): ShareableList => {
    const list = new ShareableList(values);
    made.push(list);
    return list;
  };
  afterEach(() => {
    for (const { shm } of made.splice(0)) {
      shm.close();
      shm.unlink();
    }
  });

  const values: readonly (readonly ShareableValue[])[] = [
    [0, 1, -1, 2 ** 53 - 1, -(2 ** 53) + 1],
    [-0, 0.5, -273.154, NaN, Infinity, -Infinity, 2 ** 53, -(2 ** 53), 5e-324, Number.MAX_VALUE],
    [0n, 1n, -1n, 2n ** 63n - 1n, -(2n ** 63n)],
    [true, false, null],
    ['', 'howdy', 'eight888', 'zero\0 inside and at the end\0', 'Ünïcödé 🎉', 'x'.repeat(1000)],
    [new Uint8Array(0), Uint8Array.of(0, 1, 0), new Uint8Array(1000).fill(255)],
  ];
  const VALUES = values.flat();

  it('gives each value back as what it was', () => {
    const list = listOf(...VALUES);
    assert.equal(list.length, VALUES.length);
    VALUES.forEach((value, i) => assert.deepEqual(list.at(i), value));
    assert.deepEqual([...list], VALUES);
    for (const nothing of [undefined, null]) {
      const attached = new ShareableList(nothing, { name: list.shm.name });
      assert.deepEqual([...attached], VALUES);
      attached.shm.close();
    }
  });

  it('lets every slot take every type that fits', () => {
    const list = listOf('a slot for sixteen', 1, null);
    for (const value of VALUES) {
      const bytes =
        typeof value === 'string' ? Buffer.byteLength(value) : value instanceof Uint8Array ? value.length : 8;
      if (bytes > 24) continue;
      list.set(0, value);
      assert.deepEqual(list.at(0), value);
    }
    assert.deepEqual([list.at(1), list.at(2)], [1, null]);
  });

  it('takes text and bytes as long as there is room, which is more than the first value had', () => {
    const list = listOf('howdy', 'eight888', 1, Uint8Array.of(1));
    for (const [slot, room] of [8, 16, 8, 8].entries()) {
      list.set(slot, 'x'.repeat(room));
      for (const long of ['x'.repeat(room + 1), new Uint8Array(room + 1), `${'x'.repeat(room - 1)}é`]) {
        assert.throws(() => list.set(slot, long), {
          name: 'RangeError',
          message: `value must have at most ${room} bytes in slot ${slot}, got ${room + 1}`,
        });
      }
    }
    assert.deepEqual([...list], ['x'.repeat(8), 'x'.repeat(16), 'x'.repeat(8), 'x'.repeat(8)]);
  });

  it('is read and written by index, from either end, within its bounds', () => {
    const list = listOf(1, 2, 3);
    assert.deepEqual(
      [list.at(0), list.at(-1), list.at(3), list.at(-4), list.at(0.5)],
      [1, 3, undefined, undefined, undefined],
    );
    list.set(-1, 'three');
    assert.deepEqual([...list], [1, 2, 'three']);
    for (const index of [3, -4, 0.5, NaN]) {
      assert.throws(() => list.set(index, 1), {
        name: 'RangeError',
        message: `index must be an integer from -3 to 2, got ${index}`,
      });
    }
  });

  it('refuses what it cannot hold, by name, and remains as it was', () => {
    const list = listOf(1);
    for (const bad of [undefined, {}, [], () => 1, Symbol('s'), new Uint16Array(1), new Date(0)]) {
      const message = `must be a number, bigint, boolean, string, Uint8Array or null, got ${inspect(bad, { depth: 0 })}`;
      assert.throws(() => list.set(0, bad as never), { name: 'TypeError', message: `value ${message}` });
      assert.throws(() => new ShareableList([1, bad as never]), { name: 'TypeError', message: `values[1] ${message}` });
    }
    for (const bad of [2n ** 63n, -(2n ** 63n) - 1n]) {
      assert.throws(() => list.set(0, bad), { name: 'RangeError', message: /^value must have at most 64 bits/ });
    }
    assert.throws(() => list.set(0, '\ud800'), { name: 'TypeError', message: /lone surrogates/ });
    assert.throws(() => new ShareableList(5 as never), {
      name: 'TypeError',
      message: 'values must be an iterable, got 5',
    });
    assert.throws(() => new ShareableList([], { name: 'a/b' }), { code: 'EINVAL' });
    assert.deepEqual([...list], [1]);
  });

  it('counts and finds values: bytes by content, numbers as Object.is has it', () => {
    const list = listOf(1, '1', 1n, -0, NaN, Uint8Array.of(1), true, null, 1);
    assert.deepEqual([list.count(1), list.count('1'), list.count(1n), list.count(0), list.count(-0)], [2, 1, 1, 0, 1]);
    assert.deepEqual(
      [list.count(NaN), list.count(Buffer.of(1)), list.count(Buffer.of(2)), list.count(true)],
      [1, 1, 0, 1],
    );
    assert.deepEqual([list.index(1), list.index(NaN), list.index(Buffer.of(1)), list.index(null)], [0, 4, 5, 7]);
    assert.throws(() => list.index('no'), { name: 'RangeError', message: "'no' is not in the list" });
  });

  it('is made of any iterable, of nothing, and under a name', () => {
    const empty = new ShareableList();
    const name = `acm_list_${process.pid}`;
    const copy = new ShareableList(new Set(['a', 2]), { name });
    made.push(empty, copy);
    assert.deepEqual([empty.length, [...empty], empty.count(1)], [0, [], 0]);
    assert.deepEqual([copy.shm.name, [...copy]], [name, ['a', 2]]);
    assert.throws(() => new ShareableList([], { name }), { code: 'EEXIST' });
    const again = new ShareableList(copy);
    made.push(again);
    again.set(0, 'b');
    assert.deepEqual([copy.at(0), again.at(0)], ['a', 'b']);
  });

  it('is in memory of its own, and of no use once that is closed', () => {
    const list = listOf('a', 1);
    const { shm } = list;
    assert.ok(shm instanceof SharedMemory);
    assert.equal(inspect(list), `ShareableList('${shm.name}') [ 'a', 1 ]`);
    list[Symbol.dispose]();
    const closed = { constructor: ProcessError, message: `Shared memory '${shm.name}' is closed here` };
    for (const use of [
      () => list.at(0),
      () => list.set(0, 1),
      () => [...list],
      () => list.count(1),
      () => list.index(1),
    ]) {
      assert.throws(use, closed);
    }
    assert.equal(list.length, 2);
    assert.equal(inspect(list), `ShareableList('${shm.name}') (closed)`);
  });

  it('attaches to nothing but lists, whatever is in the memory', () => {
    const memory = new SharedMemory({ create: true, size: 100 });
    const attach = (): ShareableList => new ShareableList(undefined, { name: memory.name });
    const none = {
      constructor: SharedMemoryError,
      code: 'EINVAL',
      message: `name must be that of a ShareableList, got '${memory.name}', which holds something else`,
    };
    try {
      assert.throws(attach, none);
      // A beginning that is right, and then each word that a reader has to rely on, wrong.
      const words = new Uint32Array(memory.buf.buffer);
      const whole = new Uint32Array(listOf(1, 'text').shm.buf.buffer);
      words.set(whole);
      attach().shm.close();
      const wrong: readonly (readonly [number, ...number[]])[] = [
        [0, 1],
        [1, 100, 2 ** 32 - 1],
        [2, 1, 96, 2 ** 32 - 8],
        [3, 0, 4, 2 ** 32 - 8],
      ];
      for (const [word, value] of wrong.flatMap(([at, ...each]) => each.map((bad) => [at, bad] as const))) {
        words.set(whole);
        words[word] = value;
        assert.throws(attach, none, `word ${word}: ${value}`);
      }
      // What can change at any time is not trusted later either.
      words.set(whole);
      const list = attach();
      words[9] = 2 ** 32 - 1;
      assert.equal((list.at(1) as string).length, 8);
      words[8] = 77;
      assert.throws(() => list.at(1), { code: 'EINVAL', message: 'Slot 1 is damaged: its type is 77' });
      list.shm.close();
    } finally {
      memory.close();
      memory.unlink();
    }
  });
});
