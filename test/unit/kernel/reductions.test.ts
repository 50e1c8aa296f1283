import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { SharedArray } from 'allcores';
import { bigIntegers, both, dtypes, floats, numbers, smallIntegers, vectorOf } from './support.js';

const close = (actual: number, expected: number, scale: number): void =>
  assert.ok(Math.abs(actual - expected) <= 1e-12 * scale, `${actual} instead of ${expected}`);

describe('what native threads tell about a vector', () => {
  for (const dtype of smallIntegers) {
    const modulo = (sum: bigint): number => Number((dtype.startsWith('u') ? BigInt.asUintN : BigInt.asIntN)(64, sum));
    it(`is exact for ${dtype}`, () =>
      fc.assert(
        fc.asyncProperty(numbers, async (given) => {
          const vector = vectorOf(dtype, given);
          const plain = Array.from(vector.view);
          const sum = plain.reduce((a, b) => a + b, 0);
          assert.equal(
            await both(
              () => vector.sumSync(),
              () => vector.sum(),
            ),
            sum,
          );
          assert.equal(
            await both(
              () => vector.dotSync(vector),
              () => vector.dot(vector),
            ),
            modulo(plain.reduce((a, b) => a + BigInt(b) ** 2n, 0n)),
          );
          assert.equal(
            await both(
              () => vector.countSync(),
              () => vector.count(),
            ),
            plain.filter((x) => x !== 0).length,
          );
          if (plain.length === 0) return;
          assert.equal(
            await both(
              () => vector.meanSync(),
              () => vector.mean(),
            ),
            sum / plain.length,
          );
          const [least, most] = [plain.reduce((a, b) => Math.min(a, b)), plain.reduce((a, b) => Math.max(a, b))];
          assert.equal(
            await both(
              () => vector.minSync(),
              () => vector.min(),
            ),
            least,
          );
          assert.equal(
            await both(
              () => vector.maxSync(),
              () => vector.max(),
            ),
            most,
          );
          assert.equal(
            await both(
              () => vector.argminSync(),
              () => vector.argmin(),
            ),
            plain.indexOf(least),
          );
          assert.equal(
            await both(
              () => vector.argmaxSync(),
              () => vector.argmax(),
            ),
            plain.indexOf(most),
          );
        }),
        { numRuns: 25 },
      ));
  }

  for (const dtype of bigIntegers) {
    it(`is exact modulo 2^64 for ${dtype}`, async () => {
      const wrap = dtype === 'int64' ? BigInt.asIntN : BigInt.asUintN;
      const values = Array.from({ length: 5000 }, (_, i) => wrap(64, 0x9e37_79b9_7f4a_7c15n * BigInt(i + 1)));
      const vector = new SharedArray(dtype, values);
      const sum = values.reduce((a, b) => a + b);
      assert.equal(
        await both(
          () => vector.sumSync(),
          () => vector.sum(),
        ),
        wrap(64, sum),
      );
      assert.equal(
        vector.dotSync(vector),
        wrap(
          64,
          values.reduce((a, b) => a + b * b, 0n),
        ),
      );
      assert.equal(
        vector.minSync(),
        values.reduce((a, b) => (a < b ? a : b)),
      );
      assert.equal(
        vector.maxSync(),
        values.reduce((a, b) => (a > b ? a : b)),
      );
      assert.equal(vector.meanSync(), Number(sum) / 5000);
    });
  }

  for (const dtype of floats) {
    it(`is as good as double precision for ${dtype}`, () =>
      fc.assert(
        fc.asyncProperty(numbers, async (given) => {
          const vector = vectorOf(dtype, given);
          const plain = Array.from(vector.view);
          const scale = plain.reduce((a, b) => a + Math.abs(b), 0);
          const sum = plain.reduce((a, b) => a + b, 0);
          close(
            await both(
              () => vector.sumSync(),
              () => vector.sum(),
            ),
            sum,
            scale,
          );
          close(
            vector.dotSync(vector),
            plain.reduce((a, b) => a + b * b, 0),
            scale * scale,
          );
          if (plain.length < 2) return;
          const mean = sum / plain.length;
          const squares = plain.reduce((a, b) => a + (b - mean) ** 2, 0);
          close(
            await both(
              () => vector.meanSync(),
              () => vector.mean(),
            ),
            mean,
            scale,
          );
          close(
            await both(
              () => vector.varianceSync(),
              () => vector.variance(),
            ),
            squares / plain.length,
            scale * scale,
          );
          close(vector.varianceSync({ ddof: 1 }), squares / (plain.length - 1), scale * scale);
        }),
        { numRuns: 25 },
      ));

    it(`finds NaN and tells -0 from 0 in ${dtype}`, () => {
      const vector = new SharedArray(dtype, [3, NaN, -1, NaN, 7]);
      assert.deepEqual(
        [vector.minSync(), vector.maxSync(), vector.argminSync(), vector.argmaxSync()],
        [NaN, NaN, 1, 1],
      );
      assert.equal(vector.countSync(), 5);
      const zeroes = new SharedArray(dtype, [0, -0, 0]);
      assert.deepEqual([zeroes.minSync(), zeroes.maxSync()], [-0, 0]);
      assert.deepEqual(new SharedArray(dtype, [Infinity, 1]).sumSync(), Infinity);
      assert.deepEqual(new SharedArray(dtype, [Infinity, -Infinity]).sumSync(), NaN);
    });
  }

  it('is the same bits again and again, whoever takes part', async () => {
    const vector = vectorOf(
      'float64',
      Array.from({ length: 300_000 }, (_, i) => Math.sin(i) * 1e6),
    );
    const first = vector.sumSync();
    for (let i = 0; i < 20; i++) assert.equal(await vector.sum(), first);
  });

  it('has an answer for no elements, or says that there is none', () => {
    for (const dtype of dtypes) {
      const none = new SharedArray(dtype, 0);
      assert.equal(none.sumSync(), dtype.endsWith('int64') || dtype === 'uint64' ? 0n : 0);
      assert.deepEqual([none.meanSync(), none.varianceSync(), none.countSync()], [NaN, NaN, 0]);
      for (const name of ['minSync', 'maxSync', 'argminSync', 'argmaxSync'] as const) {
        assert.throws(() => none[name](), { name: 'RangeError', message: /without elements/ });
      }
    }
    assert.deepEqual(new SharedArray('float64', [5]).varianceSync({ ddof: 1 }), NaN);
  });

  it('refuses what does not fit', () => {
    const vector = new SharedArray('float64', 3);
    assert.throws(() => vector.varianceSync({ ddof: -1 }), { name: 'RangeError', message: /ddof/ });
    assert.throws(() => vector.dotSync(new SharedArray('float64', 4)), {
      name: 'RangeError',
      message: /other must have 3/,
    });
    assert.throws(() => vector.dotSync(new SharedArray('int32', 3) as never), {
      name: 'TypeError',
      message: /float64.*int32/,
    });
    assert.throws(() => vector.dotSync([1, 2, 3] as never), {
      name: 'TypeError',
      message: /other must be a SharedArray/,
    });
  });
});
