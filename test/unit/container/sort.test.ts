import assert from 'node:assert/strict';
import { SharedList } from 'allcores';
import { orderOf } from '#lib/container/order.js';

const sorted = <T>(values: T[], compare?: (a: T, b: T) => number) => new SharedList(values).sort(compare).toArray();

describe('SharedList.sort', () => {
  it('sorts numbers by size', () => {
    assert.deepEqual(sorted([10, 9, 1, -5, 2.5, NaN, Infinity, 100]), [-5, 1, 2.5, 9, 10, 100, Infinity, NaN]);
    assert.deepEqual(sorted([10n, 9n, 2, -1n, 1.5]), [-1n, 1.5, 2, 9n, 10n]);
  });

  it('sorts strings by code points', () => {
    assert.deepEqual(sorted(['b', 'a', 'B', '', 'aa']), ['', 'B', 'a', 'aa', 'b']);
    // By units of UTF-16 the first would come before the second.
    assert.deepEqual(sorted(['\u{10000}', '\uffff', 'z', '\u{10000}a', '\ue000']), [
      'z',
      '\ue000',
      '\uffff',
      '\u{10000}',
      '\u{10000}a',
    ]);
  });

  it('sorts a mixture as arrays do, undefined last', () => {
    const values = [10, '9', null, undefined, { a: 1 }, 1n, undefined, true];
    assert.deepEqual(sorted([...values]), [...values].sort());
  });

  it('takes an order, keeps that of equals, and never asks it about undefined', () => {
    const values = [
      { n: 2, at: 0 },
      { n: 1, at: 1 },
      { n: 2, at: 2 },
      { n: 1, at: 3 },
    ];
    assert.deepEqual(
      sorted(values, (a, b) => b.n - a.n).map(({ at }) => at),
      [0, 2, 1, 3],
    );
    assert.deepEqual(
      sorted([3, undefined, 1], (a, b) => a! - b!),
      [1, 3, undefined],
    );
  });

  it('leaves the list as it is when the order throws, or is none', () => {
    const list = new SharedList([2, 1]);
    assert.throws(() => list.sort(() => { throw new Error('no'); }), /^Error: no$/); // prettier-ignore
    assert.throws(() => list.sort(5 as never), { name: 'TypeError', message: /^compare must be a function, got 5/ });
    assert.throws(() => list.sort({ reverse: true } as never), {
      name: 'TypeError',
      message: /^compare must be a function \(.*sort\(\)\.reverse\(\).*\), got { reverse: true }$/,
    });
    assert.deepEqual(list.toArray(), [2, 1]);
  });

  it('begins anew when the list is changed meanwhile', () => {
    const list = new SharedList([3, 1, 2]);
    let meddled = false;
    list.sort((a, b) => {
      if (!meddled) list.append(0);
      meddled = true;
      return a - b;
    });
    assert.deepEqual(list.toArray(), [0, 1, 2, 3]);
  });

  it('orders as arrays do', () => {
    const values = Array.from({ length: 1000 }, (_, i) => (i * 7919) % 1009);
    assert.deepEqual(
      [...orderOf(values)].map((i) => values[i]),
      values.toSorted((a, b) => a - b),
    );
  });
});
