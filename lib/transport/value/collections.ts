import { CallStep } from './path.js';
import type { Sink } from './sink.js';
import type { Source } from './source.js';
import { Tag } from './tags.js';

export function writeMap(sink: Sink, map: Map<unknown, unknown>): void {
  const entries = Array.from(Map.prototype.entries.call(map) as Iterable<[unknown, unknown]>);
  sink.output.byte(Tag.map);
  sink.output.varint(entries.length);
  entries.forEach(([key, value], index) => {
    sink.writeAt(new CallStep('keys', index), key);
    sink.writeAt(new CallStep('get', index, key), value);
  });
}

export function writeSet(sink: Sink, set: Set<unknown>): void {
  const members = Array.from(Set.prototype.values.call(set) as Iterable<unknown>);
  sink.output.byte(Tag.set);
  sink.output.varint(members.length);
  members.forEach((member, index) => sink.writeAt(new CallStep('values', index), member));
}

/** Reads into an empty map, which its own entries may refer to. */
export function readEntries(source: Source, map: Map<unknown, unknown>): Map<unknown, unknown> {
  for (let left = source.input.varint(); left > 0; left--) map.set(source.read(), source.read());
  return map;
}

/** Reads into an empty set, which its own members may refer to. */
export function readMembers(source: Source, set: Set<unknown>): Set<unknown> {
  for (let left = source.input.varint(); left > 0; left--) set.add(source.read());
  return set;
}
