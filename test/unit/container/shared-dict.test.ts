import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { SerializationError, SharedDict, SharedList } from 'allcores';

describe('SharedDict', () => {
  it('begins empty, or with entries, a Map, an object or another dict', () => {
    const entries: [string, number][] = [['b', 1], ['a', 2]]; // prettier-ignore
    assert.equal(new SharedDict().size, 0);
    for (const init of [entries, new Map(entries), Object.fromEntries(entries), new SharedDict(entries)]) {
      assert.deepEqual(new SharedDict<string, number>(init).entries(), entries);
    }
  });

  for (const init of [5, 'ab', null, [1], [['a']], [['a', 1, 2]]]) {
    it(`refuses ${inspect(init)} for its entries`, () => {
      assert.throws(() => new SharedDict(init as never), { name: 'TypeError', message: /^entries must / });
      assert.throws(() => new SharedDict().update(init as never), { name: 'TypeError', message: /^entries must / });
    });
  }

  it('get gives the value, or the fallback, and tells undefined from absent', () => {
    const dict = new SharedDict<string, number | undefined>({ a: 1, u: undefined });
    assert.deepEqual([dict.get('a'), dict.get('x'), dict.get('x', 7), dict.get('u', 7)], [1, undefined, 7, undefined]);
    assert.deepEqual([dict.has('u'), dict.has('x')], [true, false]);
  });

  it('copies values in and out', () => {
    const value = { list: [1], big: new Uint8Array(200_000).fill(7), text: 'x'.repeat(50_000) };
    const dict = new SharedDict({ value });
    const copy = dict.get('value')!;
    assert.deepEqual(copy, value);
    copy.list.push(2);
    copy.big[0] = 1;
    assert.deepEqual(dict.get('value'), value);
    assert.deepEqual(dict.pop('value'), value);
  });

  it('keeps the order in which keys were first set', () => {
    const dict = new SharedDict<string, number>();
    dict.set('b', 1).set('a', 2).set('c', 3).set('b', 4);
    assert.deepEqual(dict.entries(), [['b', 4], ['a', 2], ['c', 3]]); // prettier-ignore
    dict.delete('b');
    dict.set('b', 5);
    assert.deepEqual(dict.keys(), ['a', 'c', 'b']);
    assert.deepEqual(dict.values(), [2, 3, 5]);
  });

  it('delete and pop tell whether the key was there', () => {
    const dict = new SharedDict({ a: 1, b: 2 });
    assert.deepEqual([dict.delete('a'), dict.delete('a')], [true, false]);
    assert.deepEqual([dict.pop('b'), dict.pop('b'), dict.pop('b', 'none')], [2, undefined, 'none']);
    assert.equal(dict.size, 0);
  });

  it('popItem takes the last entry', () => {
    const dict = new SharedDict<unknown, unknown>([['a', 1], [[2], { b: 2 }]]); // prettier-ignore
    assert.deepEqual(dict.popItem(), [[2], { b: 2 }]);
    assert.deepEqual(dict.popItem(), ['a', 1]);
    assert.equal(dict.popItem(), undefined);
  });

  it('setDefault sets only what is not there', () => {
    const dict = new SharedDict<string, number[]>();
    assert.deepEqual(dict.setDefault('a', [1]), [1]);
    assert.deepEqual(dict.setDefault('a', [2]), [1]);
  });

  it('update sets all of them; of a key that comes twice the last value counts', () => {
    const dict = new SharedDict<string, number>({ a: 1, b: 2 });
    dict.update({ b: 3, c: 4 });
    dict.update(new Map([['d', 5]]));
    dict.update([['e', 1], ['e', 6]]); // prettier-ignore
    dict.update([]);
    assert.deepEqual(dict.toObject(), { a: 1, b: 3, c: 4, d: 5, e: 6 });
  });

  it('iterates over the entries as they were at the beginning', () => {
    const dict = new SharedDict<string, number>({ a: 1, b: 2 });
    const seen: unknown[] = [];
    for (const [key, value] of dict) {
      seen.push([key, value]);
      dict.clear();
    }
    assert.deepEqual(seen, [['a', 1], ['b', 2]]); // prettier-ignore
  });

  it('toObject makes strings of keys and has no trouble with __proto__', () => {
    const object = new SharedDict<unknown, number>([[1, 1], ['__proto__', 2]]).toObject(); // prettier-ignore
    assert.deepEqual(Object.entries(object), [['1', 1], ['__proto__', 2]]); // prettier-ignore
    assert.equal(Object.getPrototypeOf(object), Object.prototype);
  });

  it('holds many entries', () => {
    const dict = new SharedDict<number, string>(Array.from({ length: 20_000 }, (_, i) => [i, `v${i}`] as const));
    assert.equal(dict.size, 20_000);
    for (let i = 0; i < 20_000; i += 2) dict.delete(i);
    assert.equal(dict.size, 10_000);
    assert.deepEqual(dict.keys().slice(0, 3), [1, 3, 5]);
    assert.equal(dict.get(19_999), 'v19999');
  });

  it('changes nothing when a key or a value cannot be copied', () => {
    const dict = new SharedDict<unknown, unknown>({ a: 1 });
    const f = (): void => {};
    for (const use of [
      () => dict.set('a', f),
      () => dict.set(f, 1),
      () => dict.set(Symbol('s'), 1),
      () => dict.get(new SharedList()),
      () => dict.setDefault('b', f),
      () => dict.update([['b', 1], ['c', f]]), // prettier-ignore
      () => dict.mutate('a', () => f),
    ]) {
      assert.throws(use, SerializationError);
    }
    assert.throws(() => dict.update({ b: { f } }), { path: 'entries.b.f' });
    assert.deepEqual(dict.toObject(), { a: 1 });
  });

  it('prints its contents', () => {
    assert.equal(inspect(new SharedDict({ a: { b: 1 } })), "SharedDict Map(1) { 'a' => { b: 1 } }");
    assert.equal(JSON.stringify(new SharedDict({ a: 1 })), '{"a":1}');
  });
});
