import assert from 'node:assert/strict';
import { SharedArray } from 'allcores';

/** From 2^20 elements on several threads take part. */
const LENGTH = 2 ** 20 + 5;

describe('filling by native threads', () => {
  for (const [dtype, value] of [
    ['int8', 300],
    ['uint16', -1.5],
    ['int32', 2 ** 31],
    ['float32', 0.1],
    ['float64', -0],
    ['uint8', NaN],
  ] as const) {
    it(`converts ${value} as an array of ${dtype} does, in any range`, () => {
      for (const [start, end] of [[], [2], [-(LENGTH - 3)], [1, -1], [0, 1e12], [5, 5]] as const) {
        const vector = new SharedArray(dtype, LENGTH).fill(1).fill(value, start, end);
        const Plain = vector.view.constructor as new (length: number) => typeof vector.view;
        assert.deepEqual(vector.view, new Plain(LENGTH).fill(1).fill(value, start, end));
      }
    });
  }

  it('takes bigints where elements are', () => {
    const vector = new SharedArray('int64', LENGTH).fill(2n ** 63n);
    assert.equal(vector.view[LENGTH - 1], -(2n ** 63n));
    assert.equal(vector.fill(-1).view[LENGTH - 1], -1n);
    assert.throws(() => vector.fill(1.5), {
      name: 'TypeError',
      message: 'value must be a bigint or a safe integer for int64, got 1.5',
    });
    assert.throws(() => new SharedArray('int32', LENGTH).fill(1n as never), TypeError);
  });
});
