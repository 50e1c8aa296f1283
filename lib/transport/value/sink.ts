import type { SerializationError } from '../../base/errors.js';
import type { Output } from './output.js';
import type { Step } from './path.js';

/** A message that is being written, as those see it who know how to write one kind of object. */
export interface Sink {
  readonly output: Output;
  /** Writes a value that stands where the walk is. */
  write(value: unknown): void;
  /** Writes the value that stands one step further. */
  writeAt(step: Step, value: unknown): void;
  /** Writes `before`, the key and the value of a property, or nothing at all when that fails. */
  tryProperty(before: number, key: string, object: object): void;
  /** Hands contents over out of band, and gives their index. */
  addBlob(buffer: ArrayBuffer): number;
  /** The number under which the receiver finds this memory. */
  shareBuffer(buffer: SharedArrayBuffer): number;
  /** The error for the value where the walk is. */
  refuse(what: string, advice?: string, cause?: unknown): SerializationError;
}
