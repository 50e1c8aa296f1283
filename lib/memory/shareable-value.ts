import { shown } from '../base/validate.js';

/** What a slot of a {@link ShareableList} can hold. */
export type ShareableValue = number | bigint | boolean | string | Uint8Array | null;

/** What a slot holds, as a number in shared memory. */
export const SlotType = { null: 0, boolean: 1, integer: 2, bigint: 3, float: 4, string: 5, bytes: 6 } as const;

/** A value as it goes into a slot: text and bytes as bytes, everything else as its eight bytes. */
export type SlotValue =
  | { readonly type: 0 }
  | { readonly type: 1 | 2 | 3; readonly word: bigint }
  | { readonly type: 4; readonly number: number }
  | { readonly type: 5 | 6; readonly bytes: Uint8Array };

const encoder = new TextEncoder();

/**
 * The form of a value. Numbers are integers where they are safe ones, else floats: -0 too, which no integer is.
 * @throws {TypeError} for a value of another type, or a text that is no Unicode
 * @throws {RangeError} for a bigint beyond 64 bits
 */
export function slotValueOf(value: unknown, name: string): SlotValue {
  switch (typeof value) {
    case 'boolean':
      return { type: SlotType.boolean, word: value ? 1n : 0n };
    case 'number':
      if (Number.isSafeInteger(value) && !Object.is(value, -0)) return { type: SlotType.integer, word: BigInt(value) };
      return { type: SlotType.float, number: value };
    case 'bigint':
      if (BigInt.asIntN(64, value) === value) return { type: SlotType.bigint, word: value };
      throw new RangeError(`${name} must have at most 64 bits, sign included, got ${shown(value)}`);
    case 'string':
      if (/\p{Surrogate}/u.test(value)) {
        throw new TypeError(`${name} must be text without lone surrogates, got ${shown(value)}`);
      }
      return { type: SlotType.string, bytes: encoder.encode(value) };
    default:
      if (value === null) return { type: SlotType.null };
      if (value instanceof Uint8Array) return { type: SlotType.bytes, bytes: value };
      throw new TypeError(`${name} must be a number, bigint, boolean, string, Uint8Array or null, got ${shown(value)}`);
  }
}

/** Bytes compare by content, everything else as `Object.is` has it. */
export function isSameValue(a: unknown, b: unknown): boolean {
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b) === 0;
  return Object.is(a, b);
}
