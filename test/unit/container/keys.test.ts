import assert from 'node:assert/strict';
import { SharedDict, SharedSet } from 'allcores';

describe('keys of a SharedDict', () => {
  it('may be anything that can be copied, and come back as they were', () => {
    const texts = ['', 'a', 'x'.repeat(31), 'x'.repeat(32), 'x'.repeat(41), 'é', '€', '\ud800', '0'];
    const numbers = [0, 1, 127, 128, -1, -129, 70_000, 2 ** 31, 0.5, NaN, Infinity, 0n, 1n, -(2n ** 80n)];
    const others = [true, false, null, undefined, [], [1], [1, [2]], {}, { a: 1 }, new Date(5), new Map([[1, 2]])];
    const keys = [...texts, ...numbers, ...others];
    const dict = new SharedDict<unknown, number>(keys.map((key, i) => [key, i] as const));
    assert.equal(dict.size, keys.length);
    assert.deepEqual(dict.keys(), keys);
    keys.forEach((key, i) => assert.equal(dict.get(structuredClone(key)), i));
    keys.forEach((key) => assert.ok(dict.delete(key)));
  });

  it('are told apart by type, and by the order of properties', () => {
    const dict = new SharedDict<unknown, string>([[1, 'number'], ['1', 'string'], [1n, 'bigint'], [true, 'boolean']]); // prettier-ignore
    assert.deepEqual(
      [dict.get(1), dict.get('1'), dict.get(1n), dict.get(true)],
      ['number', 'string', 'bigint', 'boolean'],
    );
    dict.set({ a: 1, b: 2 }, 'object');
    assert.deepEqual([dict.get({ a: 1, b: 2 }), dict.get({ b: 2, a: 1 })], ['object', undefined]);
  });

  it('0 and -0 are one, and every NaN', () => {
    const dict = new SharedDict<number, string>([[-0, 'zero']]);
    assert.equal(dict.get(0), 'zero');
    assert.ok(Object.is(dict.keys()[0], 0));
    const [odd] = new Float64Array(new BigUint64Array([0x7ff8_0000_0000_0001n]).buffer);
    dict.set(odd!, 'nan');
    assert.equal(dict.get(NaN), 'nan');
  });

  it('of more than 8 KiB are refused', () => {
    const dict = new SharedDict<unknown, number>();
    dict.set('k'.repeat(8000), 1);
    assert.equal(dict.get('k'.repeat(8000)), 1);
    for (const key of ['k'.repeat(8192), ['k'.repeat(8192)], new Uint8Array(100_000), '€'.repeat(50_000)]) {
      for (const use of [() => dict.set(key, 1), () => dict.get(key), () => dict.update([[key, 1]])]) {
        assert.throws(use, { name: 'RangeError', message: /^key must take at most 8192 bytes, got \d+ for / });
      }
    }
    assert.equal(dict.size, 1);
  });

  it('may have getters that use shared objects themselves', () => {
    const other = new SharedDict<unknown, unknown>();
    const key = () => ({ get a() { other.set('some other key', 'some other value that is long'); return 1; } }); // prettier-ignore
    const dict = new SharedDict<unknown, unknown>();
    dict.set(key(), key());
    assert.deepEqual(dict.entries(), [[{ a: 1 }, { a: 1 }]]);
    dict.update([[key(), 2]]);
    assert.deepEqual(dict.get({ a: 1 }), 2);
  });
});

describe('SharedSet', () => {
  it('has each member once, in the order in which they were added', () => {
    const set = new SharedSet<unknown>(['b', 'a', [1], 'b', [1]]);
    set.add('c').add('a');
    assert.deepEqual(set.values(), ['b', 'a', [1], 'c']);
    assert.deepEqual([...set], set.values());
    assert.equal(set.size, 4);
    assert.deepEqual([set.has([1]), set.has([2])], [true, false]);
  });

  it('delete tells whether it was a member; clear takes all out', () => {
    const set = new SharedSet([1, 2]);
    assert.deepEqual([set.delete(1), set.delete(1)], [true, false]);
    set.update([3, 4]);
    set.clear();
    assert.deepEqual([set.size, set.values()], [0, []]);
  });

  it('refuses what is no iterable, and members that cannot be copied', () => {
    assert.throws(() => new SharedSet(5 as never), { name: 'TypeError', message: /^values must be an iterable/ });
    assert.throws(() => new SharedSet().add(() => 1), { name: 'SerializationError' });
  });
});
