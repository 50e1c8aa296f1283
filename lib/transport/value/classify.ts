import { types } from 'node:util';
import { handleTypeOf, onHandleType, type HandleType } from '../../base/handle.js';
import { unsendableOf } from '../../base/unsendable.js';

/** How an object travels. */
export type Kind =
  | 'plain'
  | 'array'
  | 'map'
  | 'set'
  | 'date'
  | 'regExp'
  | 'boxed'
  | 'arrayBuffer'
  | 'sharedBuffer'
  | 'view'
  | 'url'
  | 'error'
  | HandleType
  | Refusal;

/** Why an object cannot travel: what it is, and what to do instead. */
export class Refusal {
  readonly what: string;
  readonly advice: string;

  constructor(what: string, advice = '') {
    this.what = what;
    this.advice = advice;
  }
}

let kinds = new WeakMap<object, Kind>();
onHandleType(() => (kinds = new WeakMap()));

const iterators = new Set([
  Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]())) as object,
  Object.getPrototypeOf(Object.getPrototypeOf(Object.getPrototypeOf((async function* () {})()))) as object,
]);
const advices: Readonly<Record<string, string>> = {
  Promise: 'await it and pass what it gives',
  WeakMap: 'its entries cannot be listed',
  WeakSet: 'its members cannot be listed',
  WeakRef: 'pass what it refers to',
  Blob: 'pass its arrayBuffer()',
  File: 'pass its arrayBuffer() and name',
  Request: 'pass its parts as plain values',
  Response: 'pass its parts as plain values',
  Headers: 'pass [...headers]',
  FormData: 'pass [...form]',
  AbortSignal: "use the call's own signal option",
};

/** Decides by the prototype, and remembers what it decided for it. */
export function kindOf(value: object): Kind {
  const prototype = Object.getPrototypeOf(value) as object | null;
  if (prototype === Object.prototype) return 'plain';
  if (Array.isArray(value)) return 'array';
  if (prototype === null) return 'plain';
  const known = kinds.get(prototype);
  if (known !== undefined) return known;
  const kind = classify(value, prototype);
  // A refusal may be about this very object (one made by Object.create(Map.prototype), say).
  if (!(kind instanceof Refusal)) kinds.set(prototype, kind);
  return kind;
}

function classify(value: object, prototype: object): Kind {
  for (let link: object | null = prototype; link !== null; link = Object.getPrototypeOf(link) as object | null) {
    const handle = handleTypeOf(link);
    if (handle !== undefined) return handle;
    const unsendable = unsendableOf(link);
    if (unsendable !== undefined) return new Refusal(unsendable.what, unsendable.advice);
  }
  return brandOf(value) ?? refusalOf(prototype) ?? 'plain';
}

/** By what the runtime made the object to be, so that subclasses and other realms' objects are recognized as well. */
function brandOf(value: object): Kind | undefined {
  if (types.isMap(value)) return 'map';
  if (types.isSet(value)) return 'set';
  if (types.isDate(value)) return 'date';
  if (types.isRegExp(value)) return 'regExp';
  if (types.isNativeError(value) || value instanceof Error) return 'error';
  if (types.isBoxedPrimitive(value)) return 'boxed';
  if (ArrayBuffer.isView(value)) return 'view';
  if (types.isSharedArrayBuffer(value)) return 'sharedBuffer';
  if (types.isArrayBuffer(value)) return 'arrayBuffer';
  if (value instanceof URL) return 'url';
  return undefined;
}

/**
 * Objects of the platform keep their state where property access does not reach, so copying their properties would
 * lose them silently. The platform's classes are native code, or non-enumerable globals; users' are neither.
 */
function refusalOf(prototype: object): Refusal | undefined {
  for (let link = prototype; ;) {
    const next = Object.getPrototypeOf(link) as object | null;
    if (next === null) return undefined;
    if (iterators.has(link)) return new Refusal('an iterator', 'collect what it yields into an array');
    const constructor: unknown = Object.getOwnPropertyDescriptor(link, 'constructor')?.value;
    if (typeof constructor === 'function' && isOfPlatform(constructor)) {
      const { name } = constructor;
      return new Refusal(`${/^[AEIOU]/.test(name) ? 'an' : 'a'} ${name}`, advices[name]);
    }
    link = next;
  }
}

function isOfPlatform(constructor: { readonly name: string }): boolean {
  if (/\{\s*\[native code\]\s*\}$/.test(Function.prototype.toString.call(constructor))) return true;
  const global = Object.getOwnPropertyDescriptor(globalThis, constructor.name);
  if (global === undefined || global.enumerable === true) return false;
  return (globalThis as unknown as Record<string, unknown>)[constructor.name] === constructor;
}
