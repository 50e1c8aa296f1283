/** Views on ArrayBuffers: their numbers on the wire, and how to look into one whatever its realm or subclass. */

export type View = ArrayBufferView & { readonly length?: number };
type ViewConstructor = new (buffer: ArrayBufferLike, byteOffset?: number, length?: number) => View;

/** Position = number on the wire: append only. */
const names = [
  'Int8Array',
  'Uint8Array',
  'Uint8ClampedArray',
  'Int16Array',
  'Uint16Array',
  'Int32Array',
  'Uint32Array',
  'Float32Array',
  'Float64Array',
  'BigInt64Array',
  'BigUint64Array',
  'DataView',
  'Buffer',
  'Float16Array',
];
const constructors = names.map((name) => (globalThis as unknown as Record<string, ViewConstructor | undefined>)[name]);
export const BUFFER = names.indexOf('Buffer');
const DATA_VIEW = names.indexOf('DataView');

const typedArray = Object.getPrototypeOf(Uint8Array.prototype) as object;
const tagOf = Object.getOwnPropertyDescriptor(typedArray, Symbol.toStringTag)?.get as () => string | undefined;

/** The number of a view's type. */
export function viewType(view: ArrayBufferView): number {
  if (Buffer.isBuffer(view)) return BUFFER;
  const tag = tagOf.call(view);
  return tag === undefined ? DATA_VIEW : names.indexOf(tag);
}

/** Elements of a typed array, bytes of a DataView. */
export function viewLength(view: View): number {
  return view.length ?? view.byteLength;
}

/** @throws {TypeError} when this runtime has no such type */
export function makeView(type: number, buffer: ArrayBufferLike, byteOffset: number, length: number): View {
  if (type === BUFFER) return Buffer.from(buffer, byteOffset, length);
  const constructor = constructors[type];
  if (constructor === undefined) throw new TypeError(`This Node has no ${names[type] ?? 'such view'}`);
  return new constructor(buffer, byteOffset, length);
}

/** True for an ArrayBuffer whose memory has been transferred away. */
export function isDetached(buffer: ArrayBufferLike): boolean {
  if (buffer.byteLength !== 0) return false;
  try {
    return new Uint8Array(buffer).length !== 0; // throws over memory that is gone
  } catch {
    return true;
  }
}
