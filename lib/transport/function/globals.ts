/**
 * Globals that a text may be trusted to mean: modules do not declare such names of their own, in practice. Any other
 * name (`Map`, `Promise`, `setTimeout` …) is looked up once in the script that the function comes from.
 */
const TRUSTED = new Set(
  `undefined NaN Infinity globalThis Math JSON Object Array Number String Boolean BigInt Date RegExp Symbol console
  Error TypeError RangeError SyntaxError ReferenceError EvalError URIError AggregateError Reflect Proxy Intl
  parseInt parseFloat isNaN isFinite encodeURIComponent decodeURIComponent encodeURI decodeURI
  Atomics SharedArrayBuffer ArrayBuffer DataView Int8Array Uint8Array Uint8ClampedArray Int16Array Uint16Array
  Int32Array Uint32Array BigInt64Array BigUint64Array Float32Array Float64Array WeakMap WeakSet WeakRef`.split(/\s+/),
);

export const isTrustedGlobal = (name: string): boolean => TRUSTED.has(name);

const declared = new Set<string>();

/** Notes that a script which is known declares this name somewhere, so that a text alone does not tell its meaning. */
export function noteDeclared(name: string): void {
  if (name in globalThis) declared.add(name);
}

export const isDeclaredSomewhere = (name: string): boolean => declared.has(name);

/** What a CommonJS module finds in its scope without declaring it. */
const COMMONJS = new Set(['require', 'module', 'exports', '__filename', '__dirname']);

export const isModuleVariable = (name: string): boolean => COMMONJS.has(name);
