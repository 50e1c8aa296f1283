import { isBig, toElement } from '../memory/element.js';
import type { Call, Scalar } from './host.js';
import { placeOf, type Vector } from './vectors.js';

/** From so many elements on, one thread takes longer than several. */
const MANY = 2 ** 20;

/** Undefined for few elements. `start` and `end` as typed arrays take them. */
export function fillCall(vector: Vector, value: unknown, start?: number, end?: number): Call | undefined {
  const { view } = vector;
  const part = view.subarray(start, end);
  if (part.length < MANY) return undefined;
  // What its type makes of a value, a typed array knows best; but for those of bigints.
  const given = isBig(vector.dtype) ? toElement(vector.dtype, 'value', value) : value;
  const [element] = (view.slice(0, 1) as { fill(value: unknown): ArrayLike<Scalar> }).fill(given) as [Scalar];
  const place = { ...placeOf(vector), begin: part.byteOffset - view.byteOffset, length: part.length };
  return { kernel: 'fill', inputs: [], outputs: [place], numbers: [element] };
}
