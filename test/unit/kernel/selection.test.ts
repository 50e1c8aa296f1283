import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { SharedArray } from 'allcores';
import { both, dtypes, numbers, values, vectorOf } from './support.js';

type Any = number | bigint;
const same = (a: SharedArray<never>, b: SharedArray<never>): void => assert.deepEqual(values(a), values(b));
/* oxlint-disable eslint/eqeqeq -- of a bigint and a number, by their values */
const comparisons = {
  lt: (a: Any, b: Any) => a < b,
  le: (a: Any, b: Any) => a <= b,
  gt: (a: Any, b: Any) => a > b,
  ge: (a: Any, b: Any) => a >= b,
  eq: (a: Any, b: Any) => a == b,
  ne: (a: Any, b: Any) => a != b,
} as const;
/* oxlint-enable eslint/eqeqeq */
type Name = keyof typeof comparisons;

describe('choosing elements by native threads', () => {
  for (const dtype of dtypes) {
    it(`compares and filters ${dtype}`, () =>
      fc.assert(
        fc.asyncProperty(numbers, fc.constantFrom(0, -1, 2.5, 1e300, -1e300, NaN, 100), async (given, threshold) => {
          const vector = vectorOf(dtype, given);
          const plain = values(vector) as Any[];
          for (const [name, holds] of Object.entries(comparisons)) {
            const mask = vector.compareSync(name as Name, threshold);
            // JavaScript compares bigints with numbers by their exact values, too.
            assert.deepEqual(
              values(mask),
              plain.map((value) => Number(holds(value, threshold))),
              `${name} ${threshold}`,
            );
            const kept = await both(
              () => vector.filterSync(mask),
              () => vector.filter(mask),
              same as never,
            );
            assert.deepEqual(
              values(kept),
              plain.filter((value) => holds(value, threshold)),
            );
            assert.equal(mask.countSync(), kept.length);
          }
          const self = await vector.compare('eq', vector);
          assert.equal(await self.count(), plain.length);
        }),
        { numRuns: 10 },
      ));

    it(`gathers, scatters and copies ${dtype}`, () =>
      fc.assert(
        fc.asyncProperty(
          numbers.filter((given) => given.length > 0),
          async (given) => {
            const vector = vectorOf(dtype, given);
            const order = new SharedArray(
              'uint32',
              given.map((_, i) => (i * 7 + 3) % given.length),
            );
            const gathered = await both(
              () => vector.gatherSync(order),
              () => vector.gather(order),
              same as never,
            );
            assert.deepEqual(
              values(gathered),
              Array.from(order.view, (i) => vector.at(i)),
            );
            const reversed = new SharedArray(
              'int64',
              given.map((_, i) => BigInt(given.length - 1 - i)),
            );
            const target = new SharedArray(dtype, given.length);
            assert.equal(await target.scatter(reversed, vector), target);
            assert.deepEqual(values(target).reverse(), values(vector));
            assert.equal(target.copyFromSync(vector as never), target);
            assert.deepEqual(values(target), values(vector));
          },
        ),
        { numRuns: 10 },
      ));
  }

  it('compares with bigints exactly', () => {
    const vector = new SharedArray('int64', [2n ** 53n, 2n ** 53n + 1n, -1n]);
    assert.deepEqual(values(vector.compareSync('gt', 2 ** 53)), [0, 1, 0]);
    assert.deepEqual(values(vector.compareSync('eq', 2n ** 53n + 1n)), [0, 1, 0]);
    assert.deepEqual(values(new SharedArray('uint64', [2n ** 64n - 1n]).compareSync('gt', -1n)), [1]);
  });

  it('copies between types as typed arrays convert', () => {
    const source = [1.9, -1.9, 300.7, -129.5, NaN, Infinity, 2 ** 40 + 5.5];
    for (const dtype of ['int8', 'uint8', 'int16', 'uint32', 'int32', 'float32'] as const) {
      const target = new SharedArray(dtype, source.length);
      target.copyFromSync(new SharedArray('float64', source) as never);
      const expected = target.slice();
      expected.set(source);
      assert.deepEqual(target.slice(), expected, dtype);
    }
  });

  it('refuses indices that are outside, and changes nothing then', async () => {
    const vector = vectorOf(
      'float64',
      Array.from({ length: 5000 }, (_, i) => i),
    );
    const indices = new SharedArray('int32', 5000);
    indices.set(4000, 5000);
    indices.set(4500, -1);
    const wrong = { name: 'RangeError', message: 'indices[4000] must be the index of an element, got 5000' };
    assert.throws(() => vector.gatherSync(indices), wrong);
    await assert.rejects(vector.gather(indices), wrong);
    const before = values(vector);
    await assert.rejects(vector.scatter(indices, new SharedArray('float64', 5000)), wrong);
    assert.deepEqual(values(vector), before);
    assert.throws(() => vector.gatherSync(new SharedArray('float64', 1) as never), {
      name: 'TypeError',
      message: /integers/,
    });
  });

  it('refuses a mask that does not fit', async () => {
    const vector = new SharedArray('float64', 3);
    await assert.rejects(vector.filter(new SharedArray('uint8', 2)), {
      name: 'RangeError',
      message: /mask must have 3/,
    });
    assert.throws(() => vector.filterSync(new SharedArray('int8', 3) as never), {
      name: 'TypeError',
      message: /uint8/,
    });
    assert.throws(() => vector.compareSync('<' as never, 1), {
      name: 'TypeError',
      message: /comparison must be one of lt/,
    });
    assert.throws(() => vector.compareSync('lt', 'x' as never), {
      name: 'TypeError',
      message: /operand must be a number/,
    });
  });
});

describe('sums and counts along a vector', () => {
  for (const dtype of dtypes) {
    it(`are those of a loop for ${dtype}`, () =>
      fc.assert(
        fc.asyncProperty(numbers, async (given) => {
          const vector = vectorOf(dtype, given.map(Math.trunc));
          const expected = vector.slice() as unknown as Any[];
          if (Object.is(expected[0], -0)) expected[0] = 0; // a sum begins with 0
          for (let i = 1; i < expected.length; i++) {
            expected[i] = ((expected[i - 1] as number) + (expected[i] as number)) as Any;
          }
          const sums = await both(
            () => vector.prefixSumSync(),
            () => vector.prefixSum(),
            same as never,
          );
          assert.deepEqual(values(sums), Array.from(expected));
        }),
        { numRuns: 10 },
      ));
  }

  it('fall into bins, edges as they are told', async () => {
    const vector = vectorOf('float64', [...Array.from({ length: 3000 }, (_, i) => i / 1000), NaN, -1, 3, 4]);
    const range = [0, 3] as const;
    const { counts, edges } = await vector.histogram({ bins: 3, range });
    assert.deepEqual(values(counts), [1000, 1000, 1001]);
    assert.deepEqual(Array.from(edges), [0, 1, 2, 3]);
    assert.deepEqual(values(vector.histogramSync({ bins: 3, range }).counts), values(counts));
    const whole = new SharedArray('int32', [5, 1, 3, 3]).histogramSync({ bins: 2 });
    assert.deepEqual(
      [values(whole.counts), Array.from(whole.edges)],
      [
        [1, 3],
        [1, 3, 5],
      ],
    );
    assert.deepEqual(Array.from(new SharedArray('int32', [4]).histogramSync({ bins: 1 }).edges), [3.5, 4.5]);
    assert.deepEqual(values(new SharedArray('int32', 0).histogramSync({ bins: 2 }).counts), [0, 0]);
    await assert.rejects(vector.histogram({ bins: 0 }), { name: 'RangeError', message: /bins/ });
    await assert.rejects(vector.histogram(), { name: 'RangeError', message: /range must be given/ });
    await assert.rejects(vector.histogram({ range: [1, 1] }), {
      name: 'RangeError',
      message: /range must be two finite/,
    });
  });
});

describe('products of matrices by native threads', () => {
  it('are those of a loop', () =>
    fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 70 }),
        fc.integer({ min: 1, max: 70 }),
        fc.integer({ min: 1, max: 70 }),
        async (rows, inner, columns) => {
          const a = vectorOf(
            'float64',
            Array.from({ length: rows * inner }, (_, i) => ((i * 31) % 17) - 8),
          );
          const b = vectorOf(
            'float64',
            Array.from({ length: inner * columns }, (_, i) => ((i * 13) % 11) - 5),
          );
          const expected = Array.from({ length: rows * columns }, (_, at) => {
            let sum = 0;
            for (let k = 0; k < inner; k++) {
              sum += a.view[Math.floor(at / columns) * inner + k]! * b.view[k * columns + (at % columns)]!;
            }
            return sum;
          });
          const product = await both(
            () => a.matmulSync(b, { rows }),
            () => a.matmul(b, { inner }),
            same as never,
          );
          assert.deepEqual(values(product), expected);
        },
      ),
      { numRuns: 20 },
    ));

  it('refuse shapes that do not fit', () => {
    const a = new SharedArray('float32', 6);
    assert.throws(() => a.matmulSync(a), { name: 'RangeError', message: /shape must fit 6 and 6/ });
    assert.throws(() => a.matmulSync(a, { rows: 4 }), { name: 'RangeError' });
    assert.throws(() => a.matmulSync(a, { rows: 0 }), { name: 'RangeError', message: /shape.rows/ });
    const integers = new SharedArray('int32', 4);
    assert.throws(() => integers.matmulSync(integers), { name: 'TypeError', message: /float64 or float32/ });
    assert.deepEqual(values(a.matmulSync(a, { rows: 2, columns: 2 })), [0, 0, 0, 0]);
  });
});
