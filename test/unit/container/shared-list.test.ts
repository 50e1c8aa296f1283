import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { SerializationError, SharedList } from 'allcores';

describe('SharedList', () => {
  it('begins empty, or with the values of any iterable', () => {
    assert.deepEqual(new SharedList().toArray(), []);
    assert.deepEqual(new SharedList(new Set([1, 'a', null])).toArray(), [1, 'a', null]);
    assert.deepEqual(new SharedList(new SharedList([1, 2])).toArray(), [1, 2]);
    assert.deepEqual(new SharedList('a€').toArray(), ['a', '€']);
  });

  for (const values of [3, {}, null]) {
    it(`refuses ${inspect(values)} for its values`, () => {
      assert.throws(() => new SharedList(values as never), {
        name: 'TypeError',
        message: /^values must be an iterable, got /,
      });
    });
  }

  it('copies every kind of value in and out', () => {
    const scalars = [0, -0, 1.5, NaN, -Infinity, 2 ** 31, 123n, -(2n ** 70n), '', 'é', '€', '\ud800', 'x'.repeat(5000)];
    const objects = [
      true,
      false,
      null,
      undefined,
      [1, [2]],
      { a: { b: 1 } },
      new Map([[1, 2]]),
      new Set([3]),
      new Date(5),
      /x/g,
    ];
    const long = [new Uint8Array([1, 2]), Buffer.from('abc'), new Float64Array(100_000).fill(1.5), 'y'.repeat(100_000)];
    const values = [...scalars, ...objects, ...long];
    const list = new SharedList<unknown>(values);
    for (const value of values) list.append(value);
    assert.deepEqual(list.toArray(), [...values, ...values]);
    values.forEach((value, i) => assert.deepEqual(list.at(i), value));
  });

  it('gives copies: to change a value, set it', () => {
    const list = new SharedList([{ n: 1 }]);
    list.at(0)!.n = 2;
    assert.deepEqual(list.at(0), { n: 1 });
    list.set(0, { n: 2 });
    assert.deepEqual(list.at(0), { n: 2 });
  });

  it('at counts negative indices from the end, and gives undefined outside', () => {
    const list = new SharedList(['a', 'b', 'c']);
    assert.deepEqual(
      [0, 2, -1, -3, 3, -4].map((index) => list.at(index)),
      ['a', 'c', 'c', 'a', undefined, undefined],
    );
  });

  it('set refuses an index outside, and changes nothing', () => {
    const list = new SharedList(['a', 'b']);
    list.set(-1, 'z');
    for (const index of [2, -3]) {
      assert.throws(() => list.set(index, 'x'), { name: 'RangeError', message: new RegExp(`${index}`) });
    }
    assert.deepEqual(list.toArray(), ['a', 'z']);
  });

  for (const index of [1.5, NaN, Infinity, '0', undefined]) {
    it(`refuses ${inspect(index)} for an index`, () => {
      const list = new SharedList([1]);
      for (const use of [
        () => list.at(index as never),
        () => list.set(index as never, 1),
        () => list.insert(index as never, 1),
      ]) {
        assert.throws(use, /^(TypeError|RangeError): index must be an integer/);
      }
    });
  }

  it('push appends all and gives the length', () => {
    const list = new SharedList([1]);
    assert.equal(list.push(2), 2);
    assert.equal(list.push(3, 4), 4);
    assert.equal(list.push(), 4);
    assert.deepEqual(list.toArray(), [1, 2, 3, 4]);
  });

  it('extend takes any iterable, itself included', () => {
    const list = new SharedList([1, 2]);
    list.extend(list);
    list.extend([]);
    list.extend((function* () { yield 3; })()); // prettier-ignore
    assert.deepEqual(list.toArray(), [1, 2, 1, 2, 3]);
  });

  it('pop takes the last one, or that of an index', () => {
    const list = new SharedList(['a', 'b', 'c', 'd']);
    assert.deepEqual([list.pop(), list.pop(0), list.pop(-2)], ['d', 'a', 'b']);
    assert.deepEqual(list.toArray(), ['c']);
  });

  it('pop refuses an empty list and an index outside', () => {
    const list = new SharedList(['a']);
    for (const index of [1, -2]) {
      assert.throws(() => list.pop(index), { name: 'RangeError', message: /outside of the list/ });
    }
    list.pop();
    assert.throws(() => list.pop(), { name: 'RangeError', message: 'pop from an empty list' });
  });

  it('insert takes an index outside for the nearer end', () => {
    const list = new SharedList(['m']);
    list.insert(0, 'a');
    list.insert(-1, 'b');
    list.insert(100, 'z');
    list.insert(-100, '0');
    assert.deepEqual(list.toArray(), ['0', 'a', 'b', 'm', 'z']);
  });

  it('finds, counts and removes by content', () => {
    const list = new SharedList<unknown>([NaN, { a: [1] }, 'x', { a: [1] }, 0]);
    assert.equal(list.index({ a: [1] }), 1);
    assert.equal(list.index({ a: [1] }, 2), 3);
    assert.equal(list.index(NaN), 0);
    assert.equal(list.index(0, -1), 4);
    assert.equal(list.count({ a: [1] }), 2);
    list.remove({ a: [1] });
    assert.deepEqual(list.toArray(), [NaN, 'x', { a: [1] }, 0]);
  });

  it('index and remove refuse a value that is not there', () => {
    const list = new SharedList([1, 2, 3]);
    assert.throws(() => list.index(4), { name: 'RangeError', message: '4 is not in the list' });
    assert.throws(() => list.index(1, 1), RangeError);
    assert.throws(() => list.index(3, 0, 2), RangeError);
    assert.throws(() => list.remove(4), RangeError);
    assert.equal(list.length, 3);
  });

  it('tells shared objects in it apart by what they are, not by their content', () => {
    const [a, b] = [new SharedList([1]), new SharedList([1])];
    const list = new SharedList([a, b]);
    assert.equal(list.index(b), 1);
    list.remove(b);
    list.at(0)!.append(2);
    assert.deepEqual([a.length, b.length], [2, 1]);
  });

  it('reverse and clear', () => {
    const list = new SharedList([1, 2, 3]);
    assert.deepEqual(list.reverse().toArray(), [3, 2, 1]);
    list.clear();
    assert.equal(list.length, 0);
    assert.deepEqual(list.reverse().toArray(), []);
  });

  it('slice has the ends of arrays', () => {
    const values = [0, 1, 2, 3, 4];
    const list = new SharedList(values);
    for (const [start, stop] of [[1, 3], [-2, undefined], [0, -1], [3, 1], [-100, 100], [undefined, undefined]]) {
      assert.deepEqual(list.slice(start, stop), values.slice(start, stop), `${start}, ${stop}`);
    } // prettier-ignore
    assert.throws(() => list.slice(0.5), { name: 'RangeError', message: /^start must be an integer/ });
  });

  it('iterates over the elements as they were at the beginning', () => {
    const list = new SharedList([1, 2]);
    const seen: number[] = [];
    for (const value of list) {
      seen.push(value);
      list.append(value);
    }
    assert.deepEqual(seen, [1, 2]);
    assert.equal(list.length, 4);
  });

  it('stores nothing of values of which one cannot be copied', () => {
    const list = new SharedList<unknown>([1]);
    const bad = [2, { f: () => 1 }];
    for (const use of [() => list.extend(bad), () => list.push(...bad), () => list.append(Symbol('s')), () => list.set(0, bad), () => list.insert(0, bad)]) {
      assert.throws(use, SerializationError);
    } // prettier-ignore
    assert.throws(() => new SharedList(bad), { name: 'SerializationError', path: 'values[1].f' });
    assert.deepEqual(list.toArray(), [1]);
  });

  it('keeps what it holds apart from what a getter among the values does to other lists', () => {
    const [list, other] = [new SharedList<unknown>(), new SharedList<unknown>()];
    const inner = new SharedList([1]);
    const meddler = {
      inner,
      get x() {
        other.append([inner, 'a text that is longer than one that is stored inline']);
        return 'x';
      },
    };
    list.append(meddler);
    assert.deepEqual((list.at(0) as typeof meddler).x, 'x');
    assert.deepEqual((list.at(0) as typeof meddler).inner.toArray(), [1]);
    assert.equal(other.length, 1);
    const nesting = { get x() { other.extend([1, 2]); return 1; } }; // prettier-ignore
    assert.throws(() => list.extend([1, nesting]), {
      name: 'ProcessError',
      message: /reading its properties changed another/,
    });
    assert.equal(list.length, 1);
  });

  it('prints its contents, to the depth that is asked for', () => {
    assert.equal(inspect(new SharedList([1, [2]])), 'SharedList [ 1, [ 2 ] ]');
    assert.equal(inspect([[[new SharedList([1])]]]), '[ [ [ SharedList [Array] ] ] ]');
    assert.equal(JSON.stringify({ list: new SharedList([1, 'a']) }), '{"list":[1,"a"]}');
  });
});
