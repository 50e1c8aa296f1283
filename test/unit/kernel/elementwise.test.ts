import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { SharedArray, type Operation, type Step } from 'allcores';
import { both, floats, numbers, values, vectorOf } from './support.js';

const nearestEven = (x: number): number => {
  const floor = Math.floor(x);
  const rest = x - floor;
  if (rest !== 0.5) return Math.round(x);
  return floor % 2 === 0 ? floor : floor + 1;
};
const unary: Partial<Record<Operation, (x: number) => number>> = {
  abs: Math.abs,
  neg: (x) => -x,
  sqrt: Math.sqrt,
  exp: Math.exp,
  log: Math.log,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  tanh: Math.tanh,
  floor: Math.floor,
  ceil: Math.ceil,
  round: nearestEven,
};
const binary: Partial<Record<Operation, (x: number, y: number) => number>> = {
  add: (x, y) => x + y,
  sub: (x, y) => x - y,
  mul: (x, y) => x * y,
  div: (x, y) => x / y,
  mod: (x, y) => x % y,
  pow: (x, y) => x ** y,
  min: Math.min,
  max: Math.max,
};

function near(actual: number, expected: number, relative: number): void {
  if (Object.is(actual, expected) || actual === expected) return;
  assert.ok(
    Math.abs(actual - expected) <= relative * Math.max(Math.abs(expected), 1e-300),
    `${actual}, not ${expected}`,
  );
}

describe('map by native threads', () => {
  for (const dtype of floats) {
    const relative = dtype === 'float64' ? 1e-14 : 1e-5;
    for (const [op, fn] of Object.entries(unary)) {
      it(`has ${op} for ${dtype}`, () =>
        fc.assert(
          fc.asyncProperty(numbers, async (given) => {
            const x = vectorOf(
              dtype,
              given.map((value) => (op === 'exp' || op === 'tan' ? value / 1e5 : value)),
            );
            const y = await both(
              () => x.mapSync(op as Operation),
              () => x.map(op as Operation),
              (a, b) => assert.deepEqual(values(a), values(b)),
            );
            x.view.forEach((value, i) =>
              near(y.view[i]!, fn(value), op === 'tan' || op === 'sin' || op === 'cos' ? 1e3 * relative : relative),
            );
          }),
          { numRuns: 10 },
        ));
    }
    for (const [op, fn] of Object.entries(binary)) {
      it(`has ${op} for ${dtype}, with a number and with a vector`, () =>
        fc.assert(
          fc.asyncProperty(numbers, async (given) => {
            const x = vectorOf(dtype, given);
            const y = vectorOf(
              dtype,
              given.map((value, i) => (i % 7) - 3 + value / 1e7),
            );
            const scalar = Math.fround(2.5);
            const byNumber = x.mapSync(op as Operation, scalar);
            const byVector = await x.map(op as Operation, y);
            x.view.forEach((value, i) => {
              near(
                byNumber.view[i]!,
                dtype === 'float32' ? Math.fround(fn(value, scalar)) : fn(value, scalar),
                relative,
              );
              const expected = fn(value, y.view[i]!);
              near(
                byVector.view[i]!,
                dtype === 'float32' ? Math.fround(expected) : expected,
                op === 'pow' || op === 'mod' ? 1e-3 : relative,
              );
            });
          }),
          { numRuns: 10 },
        ));
    }
  }

  it('computes with integers, which wrap around', () => {
    const x = new SharedArray('int8', [100, -100, 7, -7, 0]);
    assert.deepEqual(values(x.mapSync('add', 100)), [-56, 0, 107, 93, 100]);
    assert.deepEqual(values(x.mapSync('div', 2)), [50, -50, 3, -3, 0]);
    assert.deepEqual(values(x.mapSync('mod', 4)), [0, 0, 3, -3, 0]);
    assert.deepEqual(values(x.mapSync('div', 0)), [0, 0, 0, 0, 0]);
    const big = new SharedArray('uint64', [2n ** 63n, 3n]);
    assert.deepEqual(values(big.mapSync('mul', 2n)), [0n, 6n]);
    assert.deepEqual(values(big.mapSync('pow', 3)), [0n, 27n]);
  });

  it('does steps one after the other, with any operands', async () => {
    const x = vectorOf(
      'float64',
      Array.from({ length: 5000 }, (_, i) => i - 2500),
    );
    const y = vectorOf(
      'float64',
      Array.from({ length: 5000 }, (_, i) => (i % 3) - 1),
    );
    const steps: readonly Step[] = [['mul', x], ['add', y], 'abs', 'sqrt', ['clamp', 1, 50], ['where', y, -1]];
    const expected = Array.from(x.view, (value, i) => {
      const root = Math.sqrt(Math.abs(value * value + y.view[i]!));
      return y.view[i] === 0 ? -1 : Math.min(50, Math.max(1, root));
    });
    assert.deepEqual(values(await x.map(steps)), expected);
    assert.deepEqual(values(x.mapSync([])), values(x));
  });

  it('writes where it is told to, as that computes, and into itself', async () => {
    const x = vectorOf(
      'int32',
      Array.from({ length: 4000 }, (_, i) => i),
    );
    const out = new SharedArray('float64', 4000);
    assert.equal(await x.map('sqrt', undefined, { out }), out);
    assert.deepEqual(
      values(out),
      values(x).map((value) => Math.sqrt(value as number)),
    );
    assert.equal(x.mapSync('add', 1, { out: x }), x);
    assert.equal(x.at(-1), 4000);
  });

  it('has where as a method', async () => {
    const x = new SharedArray('float64', [1, 2, 3, 4]);
    const mask = x.compareSync('gt', 2);
    const expected = [0, 0, 3, 4];
    assert.deepEqual(
      values(
        await both(
          () => x.whereSync(mask, 0),
          () => x.where(mask, 0),
          (a, b) => assert.deepEqual(values(a), values(b)),
        ),
      ),
      expected,
    );
  });

  it('refuses what does not fit, and says what', () => {
    const x = new SharedArray('int32', 3);
    const refusals: [() => unknown, RegExp, string][] = [
      [() => x.mapSync('root' as never), /op must be one of add, .*got 'root'/, 'TypeError'],
      [() => x.mapSync('add'), /add takes 1 operands, got 0/, 'TypeError'],
      [() => x.mapSync('abs', 1), /abs takes 0 operands, got 1/, 'TypeError'],
      [() => x.mapSync('sqrt'), /sqrt gives floats: let out/, 'TypeError'],
      [() => x.mapSync('add', 1.5), /operand 1 must be an integer/, 'TypeError'],
      [() => x.mapSync('add', 'one' as never), /operand 1 must be an integer.*got 'one'/, 'TypeError'],
      [() => x.mapSync('add', new SharedArray('int32', 4)), /operand 1 must have 3 elements, got 4/, 'RangeError'],
      [() => x.mapSync([['add', 1], 'none' as never]), /op\[1\] must be one of/, 'TypeError'],
      [
        () => x.mapSync('add', 1, { out: new SharedArray('int32', 2) as never }),
        /out must have 3 elements/,
        'RangeError',
      ],
      [() => x.mapSync(['abs'], 1), /operand must be left out/, 'TypeError'],
      [() => x.mapSync(Array.from({ length: 21 }, () => 'abs' as const)), /at most 20 steps/, 'RangeError'],
    ];
    for (const [call, message, name] of refusals) assert.throws(call, { name, message });
  });
});
