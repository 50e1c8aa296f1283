import assert from 'node:assert/strict';
import { Lock, ProcessError, RLock, SharedArray } from 'allcores';

describe('SharedArray', () => {
  it('is made of a length, zero at first, or of values', () => {
    assert.deepEqual([...new SharedArray('int16', 3)], [0, 0, 0]);
    assert.deepEqual([...new SharedArray('i', [1, 2, 3])], [1, 2, 3]);
    assert.deepEqual([...new SharedArray('q', new Set([1n, -2n]))], [1n, -2n]);
    assert.deepEqual([...new SharedArray('float32', Float64Array.of(0.5, 2))], [0.5, 2]);
    assert.deepEqual([...new SharedArray('uint8', Int32Array.of(255, 256, -1))], [255, 0, 255]);
    assert.deepEqual([...new SharedArray('d', new SharedArray('i', [4, 5]))], [4, 5]);
    assert.deepEqual([...new SharedArray('L', BigInt64Array.of(-1n))], [2n ** 64n - 1n]);
    assert.equal(new SharedArray('d', 0).length, 0);
    assert.equal(new SharedArray('d', []).length, 0);
  });

  it('refuses what it cannot be made of, by name', () => {
    for (const [make, error] of [
      [() => new SharedArray('d', -1), { name: 'RangeError', message: /^length must be an integer .* got -1$/ }],
      [() => new SharedArray('d', 1.5), { name: 'RangeError', message: /got 1.5$/ }],
      [() => new SharedArray('d', {} as never), { name: 'TypeError', message: /^lengthOrValues must be .* got {}$/ }],
      [() => new SharedArray('d', null as never), { name: 'TypeError', message: /got null$/ }],
      [() => new SharedArray('i', [1, '2'] as never), { message: "values[1] must be an integer for int32, got '2'" }],
      [
        () => new SharedArray('q', [1, 1.5]),
        { message: 'values[1] must be a bigint or a safe integer for int64, got 1.5' },
      ],
      [() => new SharedArray('q', Float64Array.of(2 ** 53)), { message: /^values\[0\] must be a bigint or a safe/ }],
      [() => new SharedArray('x' as never, 1), { name: 'TypeError', message: /^dtype must be one of/ }],
      [() => new SharedArray('d', 1, { lock: 1 as never }), { name: 'TypeError', message: /^lock must be/ }],
    ] as const) {
      assert.throws(make, error);
    }
  });

  it('takes safe integers where elements are bigints', () => {
    const array = new SharedArray('Q', [1, 2n, -1]);
    assert.deepEqual([...array], [1n, 2n, 2n ** 64n - 1n]);
    assert.deepEqual([...new SharedArray('int64', Int8Array.of(-1, 1))], [-1n, 1n]);
    array.set(1, 7);
    assert.deepEqual([...array.fill(9, 2)], [1n, 7n, 9n]);
    assert.deepEqual([...array.mapSync('add', 1)], [2n, 8n, 10n]);
    const refused = { name: 'TypeError', message: 'value must be a bigint or a safe integer for uint64, got 1.5' };
    assert.throws(() => array.set(0, 1.5), refused);
    assert.throws(() => array.fill(1.5), refused);
    assert.deepEqual([...array], [1n, 7n, 9n]);
  });

  it('is read and written by index, from either end, within its bounds', () => {
    const array = new SharedArray('int32', [1, 2, 3]);
    assert.deepEqual([array.at(0), array.at(-1), array.at(3), array.at(-4)], [1, 3, undefined, undefined]);
    array.set(0, 10);
    array.set(-1, 30);
    assert.deepEqual([...array], [10, 2, 30]);
    for (const index of [3, -4, 0.5, NaN]) {
      assert.throws(() => array.set(index, 1), {
        name: 'RangeError',
        message: `index must be an integer from -3 to 2, got ${index}`,
      });
    }
    assert.throws(() => array.set(0, '1' as never), { message: "value must be an integer for int32, got '1'" });
    assert.deepEqual([...array], [10, 2, 30]);
  });

  it('is copied by slice, and filled in place', () => {
    const array = new SharedArray('float64', [1, 2, 3, 4]);
    const part = array.slice(1, -1);
    assert.deepEqual(part, Float64Array.of(2, 3));
    part[0] = 100;
    assert.equal(array.at(1), 2);
    assert.equal(array.fill(9, 2), array);
    assert.deepEqual([...array], [1, 2, 9, 9]);
    array.view[0] = 5;
    assert.equal(array.at(0), 5);
  });

  it('has an RLock of its own, one that is given, or none', () => {
    const lock = new Lock();
    assert.ok(new SharedArray('i', 1).getLock() instanceof RLock);
    assert.equal(new SharedArray('i', 1, { lock }).getLock(), lock);
    assert.throws(() => new SharedArray('i', 1, { lock: false }).getLock(), {
      constructor: ProcessError,
      message: 'This SharedArray was made with lock: false',
    });
  });
});
