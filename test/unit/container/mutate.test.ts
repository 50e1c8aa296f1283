import assert from 'node:assert/strict';
import { SharedDict } from 'allcores';

describe('SharedDict.mutate', () => {
  it('replaces a value by what the function makes of it, and gives that', () => {
    const dict = new SharedDict<string, number[]>({ a: [1] });
    assert.deepEqual(
      dict.mutate('a', (value) => [...value!, 2]),
      [1, 2],
    );
    assert.deepEqual(
      dict.mutate('b', (value = []) => [...value, 3]),
      [3],
    );
    assert.deepEqual(dict.toObject(), { a: [1, 2], b: [3] });
  });

  it('sets undefined when that is given', () => {
    const dict = new SharedDict<string, unknown>({ a: 1 });
    dict.mutate('a', () => undefined);
    assert.deepEqual(dict.entries(), [['a', undefined]]);
  });

  it('changes nothing when the function throws, is none, or is asynchronous', () => {
    const dict = new SharedDict<string, unknown>({ a: 1 });
    assert.throws(() => dict.mutate('a', () => { throw new Error('no'); }), /^Error: no$/); // prettier-ignore
    assert.throws(() => dict.mutate('a', async () => Promise.reject(new Error('late'))), {
      name: 'TypeError',
      message: /asynchronous/,
    });
    assert.throws(() => dict.mutate('a', 1 as never), { name: 'TypeError', message: /^fn must be a function, got 1/ });
    assert.deepEqual(dict.toObject(), { a: 1 });
  });

  it('calls the function again when somebody else was faster', () => {
    const dict = new SharedDict<string, number>({ a: 1 });
    const seen: unknown[] = [];
    dict.mutate('a', (value) => {
      seen.push(value);
      if (seen.length === 1) dict.set('a', 10);
      if (seen.length === 2) dict.delete('a');
      return (value ?? 100) + 1;
    });
    assert.deepEqual(seen, [1, 10, undefined]);
    assert.equal(dict.get('a'), 101);
  });

  it('notices a key that was deleted and set again to the same value', () => {
    const dict = new SharedDict<string, number>({ a: 1 });
    let calls = 0;
    dict.mutate('a', (value) => {
      if (++calls === 1) {
        dict.delete('a');
        dict.set('a', 1);
      }
      return value! + 1;
    });
    assert.equal(calls, 2);
  });
});

describe('SharedDict.increment', () => {
  it('adds to numbers and bigints, and counts what is not there as 0', () => {
    const dict = new SharedDict<string, number | bigint>({ n: 1.5, b: 2n ** 70n });
    assert.deepEqual(
      [dict.increment('n'), dict.increment('n', -3), dict.increment('b', 1n), dict.increment('b')],
      [2.5, -0.5, 2n ** 70n + 1n, 2n ** 70n + 2n],
    );
    assert.deepEqual([dict.increment('x'), dict.increment('y', 5), dict.increment('z', 3n)], [1, 5, 3n]);
    assert.deepEqual(dict.toObject(), { n: -0.5, b: 2n ** 70n + 2n, x: 1, y: 5, z: 3n });
  });

  it('refuses values that are no numbers, and a bigint with a number', () => {
    const dict = new SharedDict<string, unknown>({ s: '1', u: undefined, n: 1, b: 1n });
    for (const key of ['s', 'u']) {
      assert.throws(() => dict.increment(key), {
        name: 'TypeError',
        message: /to be incremented, got ('1'|undefined)$/,
      });
    }
    assert.throws(() => dict.increment('n', 1n), { name: 'TypeError', message: /must be a bigint .* got 1$/ });
    assert.throws(() => dict.increment('b', 1), { name: 'TypeError', message: /must be a number .* got 1n$/ });
    assert.throws(() => dict.increment('n', '1' as never), {
      name: 'TypeError',
      message: /^by must be a number or a bigint, got '1'/,
    });
    assert.deepEqual(dict.toObject(), { s: '1', u: undefined, n: 1, b: 1n });
  });
});
