import type { Input } from './input.js';
import { Output } from './output.js';
import type { Source } from './source.js';
import { SHORT_ARRAY, SHORT_STRING, Tag } from './tags.js';

/**
 * Shapes: the key lists of objects. A message defines each shape that it uses once, in full, so that it can be read by
 * anyone at any time; both sides remember shapes over messages only to be quicker at what they would do anyway.
 */

/** Objects with more keys are rather dictionaries, which have no shape in common. */
export const MAX_SHAPE_KEYS = 32;
const REMEMBERED_SHAPES = 1024;
const REMEMBERED_PER_KEY = 16;

export interface KnownShape {
  readonly keys: readonly string[];
  /** As it stands in a message: byte count, key count, keys. */
  readonly definition: Uint8Array;
  /** The last message that defined it, and its number there. */
  message: number;
  index: number;
  /** The shape that was met after it, the last time that it was a surprise. */
  follower: KnownShape | undefined;
}

/** The writing side's memory of shapes. */
export class ShapeTable {
  readonly #byFirstKey = new Map<string, KnownShape[]>();
  readonly #output = new Output();
  #count = 0;
  #last: KnownShape | undefined;

  find(keys: readonly string[]): KnownShape {
    // Objects repeat each other, item after item, and so does the order of their shapes.
    const last = this.#last;
    const expected = last?.follower;
    if (expected !== undefined && sameKeys(expected.keys, keys)) return (this.#last = expected);
    const found = this.#lookUp(keys);
    if (last !== undefined) last.follower = found;
    return (this.#last = found);
  }

  #lookUp(keys: readonly string[]): KnownShape {
    const alike = this.#byFirstKey.get(keys[0] ?? '');
    if (alike !== undefined) {
      for (const shape of alike) if (sameKeys(shape.keys, keys)) return shape;
    }
    return this.#add(keys, alike);
  }

  #add(keys: readonly string[], alike: KnownShape[] | undefined): KnownShape {
    if (this.#count++ > REMEMBERED_SHAPES) {
      this.#byFirstKey.clear();
      this.#count = 0;
      alike = undefined;
    }
    const definition = this.#define(keys);
    const shape: KnownShape = { keys, definition, message: 0, index: 0, follower: undefined };
    if (alike === undefined) this.#byFirstKey.set(keys[0] ?? '', [shape]);
    else if (alike.length < REMEMBERED_PER_KEY) alike.push(shape);
    else alike[this.#count % REMEMBERED_PER_KEY] = shape;
    return shape;
  }

  #define(keys: readonly string[]): Uint8Array {
    const output = this.#output;
    output.reset();
    output.varint(keys.length);
    for (const key of keys) output.string(key);
    const body = new Uint8Array(output.bytes.subarray(0, output.position));
    output.reset();
    output.varint(body.length);
    output.raw(body);
    return new Uint8Array(output.bytes.subarray(0, output.position));
  }
}

function sameKeys(one: readonly string[], other: readonly string[]): boolean {
  const { length } = one;
  if (length !== other.length) return false;
  for (let i = 0; i < length; i++) if (one[i] !== other[i]) return false;
  return true;
}

type Build = (source: Source) => object;

/** A shape as the reading side knows it. */
export class ReadShape {
  readonly definition: Uint8Array;
  readonly keys: readonly string[];
  #uses = 0;
  #compiled: Build | undefined;

  constructor(definition: Uint8Array, keys: readonly string[]) {
    this.definition = definition;
    this.keys = keys;
  }

  /** Reads the values that follow into a new object. */
  build(source: Source): object {
    if (this.#compiled !== undefined) return this.#compiled(source);
    if (++this.#uses === COMPILED_USES) this.#compiled = compile(this.keys);
    const object = {};
    this.readInto(object, source);
    return object;
  }

  readInto(object: object, source: Source): void {
    for (const key of this.keys) setOwn(object, key, source.read());
  }
}

/** Defines an own property, whatever its name: assigning `__proto__` would do something else. */
export function setOwn(object: object, key: string, value: unknown): void {
  if (key === '__proto__') {
    Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
  } else {
    (object as Record<string, unknown>)[key] = value;
  }
}

/** A shape that has been met this often gets an object literal of its own, which is several times faster. */
const COMPILED_USES = 8;
let mayCompile = true;

function compile(keys: readonly string[]): Build | undefined {
  if (!mayCompile) return undefined;
  try {
    // A computed key makes `__proto__` an ordinary property.
    const properties = keys.map((key) => `[${JSON.stringify(key)}]:source.read()`);
    // oxlint-disable-next-line typescript/no-implied-eval -- made of literal keys alone; a built object has its final shape
    return new Function('source', `return {${properties.join(',')}}`) as Build;
  } catch {
    mayCompile = false; // --disallow-code-generation-from-strings
    return undefined;
  }
}

const SLOTS = 1024;
const remembered = new Array<ReadShape | undefined>(SLOTS).fill(undefined);
/** Messages repeat each other: the shape that was read last is looked at before any hash is computed. */
let readLast: ReadShape | undefined;

/** Reads a shape's definition, or recognizes it by its bytes. */
export function readShape(input: Input): ReadShape {
  const count = input.varint();
  const { bytes, position } = input;
  if (readLast !== undefined && sameBytes(readLast.definition, bytes, position, count)) {
    input.position = position + count;
    return readLast;
  }
  let hash = count;
  for (let i = 0; i < count; i++) hash = (hash * 31 + bytes[position + i]!) | 0;
  const slot = (hash ^ (hash >>> 10)) & (SLOTS - 1);
  const known = remembered[slot];
  if (known !== undefined && sameBytes(known.definition, bytes, position, count)) {
    input.position = position + count;
    return (readLast = known);
  }
  const definition = input.raw(count);
  input.position = position;
  const keys: string[] = [];
  for (let left = input.varint(); left > 0; left--) keys.push(readKey(input));
  const shape = new ReadShape(definition, keys);
  remembered[slot] = shape;
  return (readLast = shape);
}

/** Reads a string together with its tag. */
export function readKey(input: Input): string {
  const tag = input.bytes[input.position++]!;
  if (tag < SHORT_ARRAY) return input.latin1(tag - SHORT_STRING);
  return tag === Tag.latin1 ? input.latin1(input.varint()) : input.utf16(input.varint());
}

function sameBytes(one: Uint8Array, other: Uint8Array, offset: number, count: number): boolean {
  if (one.length !== count) return false;
  for (let i = 0; i < count; i++) if (one[i] !== other[offset + i]) return false;
  return true;
}
