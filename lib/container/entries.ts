import { Outcome } from '../heap/outcome.js';
import { agent, exchange } from '../heap/program.js';
import { received, send, sentLinks } from '../transport/shared-value.js';
import { keyAt, objectKey, placeKey } from './key.js';
import { refusal, requireDone } from './refusal.js';

/**
 * Operations on the entries of a dict in the heap, which dicts, sets and namespaces are. `what` names the object in
 * errors: {@link ManagerClosedError}, {@link HeapFullError}.
 */

/** Tells an absent entry from one whose value is undefined. */
export const absent: unique symbol = Symbol('absent');

export function getEntry(dict: number, key: unknown, what: string): unknown {
  return read(agent.dictGet(dict, placeKey(key, objectKey(key))), what);
}

/** Takes the entry out. */
export function popEntry(dict: number, key: unknown, what: string): unknown {
  return read(agent.dictPop(dict, placeKey(key, objectKey(key))), what);
}

function read(outcome: number, what: string): unknown {
  if (outcome === Outcome.done) return received(false);
  if (outcome === Outcome.notPresent) return absent;
  throw refusal(outcome, what);
}

export function hasEntry(dict: number, key: unknown, what: string): boolean {
  return isPresent(agent.dictHas(dict, placeKey(key, objectKey(key))), what);
}

/** @returns whether there was such an entry */
export function deleteEntry(dict: number, key: unknown, what: string): boolean {
  return isPresent(agent.dictDelete(dict, placeKey(key, objectKey(key))), what);
}

function isPresent(outcome: number, what: string): boolean {
  if (outcome === Outcome.done) return true;
  if (outcome === Outcome.notPresent) return false;
  throw refusal(outcome, what);
}

export function setEntry(dict: number, key: unknown, value: unknown, what: string): void {
  const bytes = objectKey(key);
  const length = send(value, 'value');
  requireDone(agent.dictSet(dict, placeKey(key, bytes), length, sentLinks), what);
}

/** Sets it unless it exists. @returns the value that exists, or {@link absent} when it was set */
export function setAbsentEntry(dict: number, key: unknown, value: unknown, what: string): unknown {
  const bytes = objectKey(key);
  const length = send(value, 'value');
  const outcome = agent.dictSetDefault(dict, placeKey(key, bytes), length, sentLinks);
  if (outcome === Outcome.conflict) return received(false);
  requireDone(outcome, what);
  return absent;
}

/**
 * Replaces a value by what `change` makes of it, unless somebody else was faster: then false. An error that it throws
 * leaves the entry as it is.
 */
export function tryChange(dict: number, key: unknown, change: (value: unknown) => unknown, what: string): boolean {
  const bytes = objectKey(key);
  const found = agent.dictGet(dict, placeKey(key, bytes));
  const version = found === Outcome.done ? exchange.control[0]! : 0; // before the value is read, which may use it
  const length = send(change(read(found, what)), 'value');
  const outcome = agent.dictSetIf(dict, placeKey(key, bytes), length, sentLinks, version);
  if (outcome === Outcome.conflict) return false;
  requireDone(outcome, what);
  return true;
}

export function countEntries(dict: number, what: string): number {
  requireDone(agent.dictSize(dict), what);
  return exchange.control[0]!;
}

export function clearEntries(dict: number, what: string): void {
  requireDone(agent.dictClear(dict), what);
}

/** The keys at one moment, in the order in which they were first set. */
export function keysOf<K>(dict: number, what: string): K[] {
  return pictured(dict, false, what, keyAt) as K[];
}

export function valuesOf<V>(dict: number, what: string): V[] {
  return pictured(dict, true, what, valueAt) as V[];
}

export function entriesOf<K, V>(dict: number, what: string): [K, V][] {
  return pictured(dict, true, what, entryAt) as [K, V][];
}

function pictured(dict: number, withValues: boolean, what: string, at: (index: number) => unknown): unknown[] {
  const outcome = agent.dictSnapshot(dict, Number(withValues));
  if (outcome !== Outcome.done) throw refusal(outcome, what);
  const count = exchange.control[0]!;
  const list: unknown[] = [];
  try {
    for (let i = 0; i < count; i++) list.push(at(i));
  } finally {
    agent.releaseSnapshot();
  }
  return list;
}

function valueAt(index: number): unknown {
  agent.snapshotValue(index);
  return received(false);
}

function entryAt(index: number): [unknown, unknown] {
  return [keyAt(index), valueAt(index)];
}
