import { constructError, describeError } from './error.js';
import type { Source } from './source.js';
import { readKey, setOwn } from './shapes.js';
import { Tag } from './tags.js';
import type { Sink } from './sink.js';

/** How an error stands in a message. A property that cannot be copied is left out: an error must always get through. */

const HIDDEN = 0;
const ENUMERABLE = 1;

export function writeError(sink: Sink, error: Error): void {
  const { output } = sink;
  const head = describeError(error);
  output.byte(Tag.error);
  output.string(head.token);
  output.string(head.name);
  output.string(head.message);
  // The stack may be inherited or an accessor, by version.
  const keys = new Set(Object.getOwnPropertyNames(error)).add('stack');
  for (const key of keys) {
    const enumerable = Object.prototype.propertyIsEnumerable.call(error, key);
    sink.tryProperty(enumerable ? ENUMERABLE : HIDDEN, key, error);
  }
  output.byte(Tag.end);
}

/** @param begun is told of the error before its properties are read, for they may refer to it */
export function readError(source: Source, begun: (error: Error) => void): Error {
  const { input } = source;
  const error = constructError({ token: readKey(input), name: readKey(input), message: readKey(input) });
  begun(error);
  for (let flag = input.byte(); flag !== Tag.end; flag = input.byte()) {
    const key = readKey(input);
    const value = source.read();
    if (flag === ENUMERABLE) setOwn(error, key, value);
    else Object.defineProperty(error, key, { value, writable: true, enumerable: false, configurable: true });
  }
  return error;
}
