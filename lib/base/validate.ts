import { inspect } from 'node:util';
import { LONGEST_TIMER } from './timers.js';

/** A short, safe rendering of what came. */
export function shown(value: unknown): string {
  return inspect(value, { depth: 0, maxStringLength: 40, breakLength: Infinity });
}

/** @throws {TypeError | RangeError} that names the argument, what was expected and what came */
export function requireInteger(name: string, value: unknown, least: number, most = Number.MAX_SAFE_INTEGER): number {
  if (typeof value !== 'number') throw new TypeError(`${name} must be an integer, got ${shown(value)}`);
  if (!Number.isInteger(value) || value < least || value > most) {
    const isBounded = least > Number.MIN_SAFE_INTEGER;
    const bounds = most === Number.MAX_SAFE_INTEGER ? ` of at least ${least}` : ` from ${least} to ${most}`;
    throw new RangeError(`${name} must be an integer${isBounded ? bounds : ''}, got ${value}`);
  }
  return value;
}

/** Milliseconds, 0 or more; Infinity, undefined and what no timer can run for: without end. */
export function optionalMillis(name: string, value: unknown): number | undefined {
  if (value === undefined || value === Infinity) return undefined;
  if (typeof value !== 'number' || Number.isNaN(value)) {
    throw new TypeError(`${name} must be a number of milliseconds, got ${shown(value)}`);
  }
  if (value < 0) throw new RangeError(`${name} must be at least 0 milliseconds, got ${value}`);
  return value > LONGEST_TIMER ? undefined : value;
}

/** How long to wait: as {@link optionalMillis}, but less than nothing is 0, as in Python: one look, without waiting. */
export function optionalTimeout(value: unknown): number | undefined {
  return optionalMillis('timeout', typeof value === 'number' && value < 0 ? 0 : value);
}

export function optionalInteger(name: string, value: unknown, least: number): number | undefined {
  return value === undefined ? undefined : requireInteger(name, value, least);
}

export function requireFunction(name: string, value: unknown): void {
  if (typeof value !== 'function') throw new TypeError(`${name} must be a function, got ${shown(value)}`);
}

export function optionalFunction(name: string, value: unknown): void {
  if (value !== undefined) requireFunction(name, value);
}

export function optionalSignal(name: string, value: unknown): AbortSignal | undefined {
  if (value === undefined || value instanceof AbortSignal) return value;
  throw new TypeError(`${name} must be an AbortSignal, got ${shown(value)}`);
}

export function requireArray(name: string, value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new TypeError(`${name} must be an array, got ${shown(value)}`);
  return value;
}

export function optionalObject(name: string, value: unknown): void {
  if (value === undefined || (typeof value === 'object' && value !== null)) return;
  throw new TypeError(`${name} must be an object, got ${shown(value)}`);
}
