import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { SharedArray } from 'allcores';
import { both, dtypes, numbers, values, vectorOf } from './support.js';

describe('sorting by native threads', () => {
  for (const dtype of dtypes) {
    it(`orders ${dtype} as typed arrays do`, () =>
      fc.assert(
        fc.asyncProperty(numbers, async (given) => {
          const vector = vectorOf(dtype, given);
          const expected = Array.from(vector.slice().sort() as Iterable<unknown>);
          const order = await both(
            () => values(vector.argsortSync()),
            async () => values(await vector.argsort()),
          );
          assert.deepEqual(
            order.map((i) => vector.at(i as number)),
            expected,
          );
          const again = vectorOf(dtype, given);
          assert.equal(vector.sortSync(), vector);
          assert.equal(await again.sort({ stable: true }), again);
          assert.deepEqual(values(vector), expected);
          assert.deepEqual(values(again), expected);
        }),
        { numRuns: 20 },
      ));
  }

  it('has -0 before 0, and NaN last', () => {
    for (const dtype of ['float32', 'float64'] as const) {
      const vector = new SharedArray(dtype, [NaN, 0, Infinity, -0, -Infinity, NaN, 1, -1]);
      assert.deepEqual(values(vector.sortSync()), [-Infinity, -1, -0, 0, 1, Infinity, NaN, NaN]);
    }
  });

  it('orders many, whatever they are like', async () => {
    const length = 300_000;
    const shapes: Record<string, (i: number) => number> = {
      random: (i) => Math.sin(i * 12.9898) * 43_758.5453,
      ascending: (i) => i,
      descending: (i) => -i,
      equal: () => 7,
      few: (i) => i % 5,
      huge: (i) => (i % 2 === 0 ? 1 : -1) * 10 ** (((i * 31) % 600) - 300),
    };
    for (const [name, at] of Object.entries(shapes)) {
      const vector = vectorOf(
        'float64',
        Array.from({ length }, (_, i) => at(i)),
      );
      const expected = vector.slice().sort();
      await vector.sort();
      assert.deepEqual(vector.slice(), expected, name);
    }
  });

  it('keeps equal elements in their order by argsort', async () => {
    const vector = vectorOf(
      'int32',
      Array.from({ length: 50_000 }, (_, i) => (i * 7919) % 13),
    );
    const order = Array.from((await vector.argsort()).view);
    const expected = Array.from(vector.view.keys()).sort((a, b) => vector.view[a]! - vector.view[b]! || a - b);
    assert.deepEqual(order, expected);
  });
});
