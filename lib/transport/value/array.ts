import { hasNamedProperties, isIndex } from './named-properties.js';
import { readKey, setOwn } from './shapes.js';
import type { Sink } from './sink.js';
import type { Source } from './source.js';
import { SHORT_ARRAY, Tag } from './tags.js';

export function writeArray(sink: Sink, array: readonly unknown[]): void {
  const { output } = sink;
  const { length } = array;
  const named = hasNamedProperties(array);
  if (length < 0x10 && !named) {
    output.byte(SHORT_ARRAY | length);
  } else {
    output.byte(named ? Tag.namedArray : Tag.array);
    output.varint(length);
  }
  for (let i = 0; i < length; i++) {
    const element = array[i];
    if (element === undefined && !(i in array)) {
      writeRest(sink, array, i);
      break;
    }
    sink.writeAt(i, element);
  }
  if (named) writeNamed(sink, array);
}

/** Writes what an array has beyond its first hole: in time of its elements, not of its length. */
function writeRest(sink: Sink, array: readonly unknown[], start: number): void {
  const { output } = sink;
  output.byte(Tag.rest);
  for (const key of Object.keys(array)) {
    const index = Number(key);
    if (!isIndex(key) || index < start) continue;
    output.byte(Tag.array);
    output.varint(index);
    sink.writeAt(index, array[index]);
  }
  output.byte(Tag.end);
}

function writeNamed(sink: Sink, array: readonly unknown[]): void {
  for (const key of Object.keys(array)) {
    if (isIndex(key)) continue;
    sink.output.string(key);
    sink.writeAt(key, Reflect.get(array, key));
  }
  sink.output.byte(Tag.end);
}

/** Reads so many elements into an empty array. */
export function readElements(source: Source, array: unknown[], length: number): void {
  const { input } = source;
  for (let i = 0; i < length; i++) {
    if (input.bytes[input.position] === Tag.rest) {
      input.position++;
      while (input.byte() !== Tag.end) array[input.varint()] = source.read();
      array.length = length;
      return;
    }
    array.push(source.read());
  }
}

/** Reads the named properties that stand after the elements. */
export function readNamed(source: Source, array: unknown[]): void {
  const { input } = source;
  while (input.bytes[input.position] !== Tag.end) setOwn(array, readKey(input), source.read());
  input.position++;
}
