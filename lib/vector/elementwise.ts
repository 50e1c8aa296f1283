import { shown } from '../base/validate.js';
import { count, type Call, type Scalar } from './host.js';
import type { DType } from '../memory/dtype.js';
import type { NumberVector } from '../memory/number-vector.js';
import { isFloat, isVector, placeOf, requireVector, type Vector } from './vectors.js';

/** What can be done to each element, and how many operands that has. In the order of native/kernel/elementwise.h. */
const OPERANDS = {
  add: 1,
  sub: 1,
  mul: 1,
  div: 1,
  mod: 1,
  pow: 1,
  min: 1,
  max: 1,
  abs: 0,
  neg: 0,
  sqrt: 0,
  exp: 0,
  log: 0,
  sin: 0,
  cos: 0,
  tan: 0,
  tanh: 0,
  floor: 0,
  ceil: 0,
  round: 0,
  clamp: 2,
  where: 2,
} as const;

/**
 * What is done to each element: `abs neg sqrt exp log sin cos tan tanh floor ceil round` by themselves, `add sub mul div mod pow
 * min max` with an operand, and with two of them `clamp` (the least and the greatest value) and `where` (a mask, and what is taken
 * where it is 0).
 */
export type Operation = keyof typeof OPERANDS;
/** A number for all elements, or a vector with one for each. */
export type Operand = number | bigint | NumberVector<DType>;
/** One step of several: an operation that needs no operand, or one with its operands. */
export type Step = Operation | readonly [operation: Operation, ...operands: readonly Operand[]];

const NAMES = Object.keys(OPERANDS) as readonly Operation[];
const OF_FLOATS: ReadonlySet<Operation> = new Set([
  'sqrt',
  'exp',
  'log',
  'sin',
  'cos',
  'tan',
  'tanh',
  'floor',
  'ceil',
  'round',
]);
const MOST_STEPS = 20;
const MOST_VECTORS = 14;

/** Kinds of an operand: native/kernel/elementwise.h. */
const [NOTHING, NUMBER, VECTOR] = [0n, 1n, 2n];

/**
 * Does each step to each element, in order, without anything in between lying in memory.
 * @throws {TypeError | RangeError} for what is no step, and for an operand that does not fit
 */
export function mapCall(vector: Vector, steps: readonly unknown[], out: Vector): Call {
  if (steps.length > MOST_STEPS) throw new RangeError(`A map has at most ${MOST_STEPS} steps, got ${steps.length}`);
  const inputs = [vector];
  const numbers: Scalar[] = [];
  steps.forEach((step, i) => {
    const [name, ...operands] = (Array.isArray(step) ? step : [step]) as unknown[];
    const where = steps.length === 1 ? 'op' : `op[${i}]`;
    numbers.push(count(operationOf(where, name, operands.length, out.dtype)));
    for (let k = 0; k < 2; k++) {
      numbers.push(...operandOf(`${where}: operand ${k + 1}`, operands[k], k >= operands.length, inputs, out));
    }
  });
  return { kernel: 'map', inputs: inputs.map(placeOf), outputs: [placeOf(out)], numbers };
}

function operationOf(where: string, name: unknown, operands: number, dtype: DType): number {
  const number = NAMES.indexOf(name as Operation);
  if (number < 0) throw new TypeError(`${where} must be one of ${NAMES.join(', ')}, got ${shown(name)}`);
  const operation = name as Operation;
  if (operands !== OPERANDS[operation]) {
    throw new TypeError(`${where}: ${operation} takes ${OPERANDS[operation]} operands, got ${operands}`);
  }
  if (OF_FLOATS.has(operation) && !isFloat(dtype)) {
    throw new TypeError(
      `${where}: ${operation} gives floats: let out be a SharedArray of float64 or float32, not of ${dtype}`,
    );
  }
  return number;
}

function operandOf(name: string, operand: unknown, missing: boolean, inputs: Vector[], out: Vector): [Scalar, Scalar] {
  if (missing) return [NOTHING, 0n];
  if (isVector(operand)) {
    requireVector(name, operand, { length: inputs[0]!.length });
    if (inputs.length > MOST_VECTORS) throw new RangeError(`A map has at most ${MOST_VECTORS} vectors as operands`);
    inputs.push(operand);
    return [VECTOR, count(inputs.length - 1)];
  }
  return [NUMBER, scalarOf(name, operand, out.dtype)];
}

/** @throws {TypeError} for what is no number, or not an integer among integers */
export function scalarOf(name: string, value: unknown, dtype: DType): Scalar {
  if (isFloat(dtype)) {
    if (typeof value === 'number' || typeof value === 'bigint') return Number(value);
    throw new TypeError(`${name} must be a number or a SharedArray, got ${shown(value)}`);
  }
  if (typeof value === 'bigint') return value;
  if (Number.isInteger(value)) return BigInt(value as number);
  throw new TypeError(`${name} must be an integer, a bigint or a SharedArray for ${dtype}, got ${shown(value)}`);
}
