import { native } from '../binding/native.js';
import { ItemsRoot, type Codec, type Root } from '../transport/value/codec.js';
import { Arena } from './arena.js';
import { messageLength, releaseSegments, segmentOfMessage, writeMessage } from './message.js';
import {
  RECORD_LENGTH,
  RECORD_LOCATION,
  RECORD_PAYLOAD_BYTE,
  RECORD_PAYLOAD_BYTES,
  RECORD_PAYLOAD_DOUBLE,
  type PoolMemory,
} from './pool-memory.js';
import { Form, Operation, Scalar } from './protocol.js';
import { isShortLatin1 } from './scalar.js';
import type { Task } from './task.js';

const NO_ARGS: readonly unknown[] = [];

/**
 * Puts arguments where workers find them: inline in the record when they are few scalars or little data, else in the
 * arena, else in a segment of their own. Encoded arguments stay there until the task is over, so that it can be retried.
 */
export class ArgumentWriter {
  readonly #memory: PoolMemory;
  readonly #codec: Codec;
  readonly #arena: Arena;

  constructor(memory: PoolMemory, codec: Codec) {
    this.#memory = memory;
    this.#codec = codec;
    this.#arena = new Arena(memory.size.arenaBytes);
  }

  /**
   * Settles the form of a task's arguments and copies what is not a scalar, so that the caller may go on to change it.
   * @throws {SerializationError | FunctionTransportError} for what cannot travel; nothing has been taken by then
   * @throws {HeapFullError} when there is no memory for it; what was taken has been given back
   */
  prepare(task: Task): void {
    const { args } = task;
    const count = args.length;
    if (count <= Form.mostNumbers) {
      let numbers = 0;
      while (numbers < count && typeof args[numbers] === 'number') numbers++;
      if (numbers === count) {
        task.form = count;
        return;
      }
      if (count === 1 && typeof args[0] === 'string' && isShortLatin1(args[0])) {
        task.form = Form.string;
        task.length = args[0].length;
        return;
      }
      if (args.every(isScalar)) {
        task.form = Form.scalars;
        task.length = tagsOf(args);
        return;
      }
    }
    this.#encode(task);
  }

  #encode(task: Task): void {
    const encoded = this.#codec.encode(task.args, rootOf(task));
    const length = messageLength(encoded);
    task.length = length;
    if (length <= RECORD_PAYLOAD_BYTES) {
      const bytes = new Uint8Array(length);
      task.blobs = writeMessage(bytes, 0, encoded, this.#memory.shared);
      task.form = Form.inline;
      task.inline = bytes;
      return;
    }
    const offset = this.#arena.allocate(length);
    if (offset >= 0) {
      try {
        task.blobs = writeMessage(this.#memory.bytes, this.#memory.arena + offset, encoded, this.#memory.shared);
      } catch (error) {
        this.#arena.free(offset, length);
        throw error;
      }
      task.form = Form.arena;
      task.location = offset;
      return;
    }
    const { segment, blobs } = segmentOfMessage(encoded, this.#memory.shared);
    task.blobs = blobs;
    task.form = Form.segment;
    task.location = segment;
  }

  /** Writes the arguments of a prepared task into its record. */
  place(task: Task, record: number, recordDouble: number): void {
    const { words, doubles, bytes } = this.#memory;
    const { form, args } = task;
    if (task.operation !== Operation.call) this.#placeFirst(task, record, recordDouble);
    if (form <= Form.mostNumbers) {
      const payload = recordDouble + RECORD_PAYLOAD_DOUBLE;
      for (let i = 0; i < form; i++) doubles[payload + i] = args[i] as number;
      task.args = keptArgs(task);
      return;
    }
    words[record + RECORD_LENGTH] = task.length;
    if (form >= Form.arena) words[record + RECORD_LOCATION] = task.location;
    const payload = record * 4 + RECORD_PAYLOAD_BYTE;
    switch (form) {
      case Form.scalars:
        for (let i = 0; i < args.length; i++) {
          if (typeof args[i] === 'number') doubles[recordDouble + RECORD_PAYLOAD_DOUBLE + i] = args[i] as number;
        }
        task.args = keptArgs(task);
        break;
      case Form.string:
        bytes.write(args[0] as string, payload, task.length, 'latin1');
        task.args = keptArgs(task);
        break;
      case Form.inline:
        bytes.set(task.inline!, payload);
        break;
      default:
    }
  }

  /** The number of a map's first item lies where its arguments do not: see `firstItemOf`. */
  #placeFirst({ form, firstItem }: Task, record: number, recordDouble: number): void {
    if (form < Form.arena) this.#memory.words[record + RECORD_LOCATION] = firstItem;
    else this.#memory.doubles[recordDouble + RECORD_PAYLOAD_DOUBLE] = firstItem;
  }

  /** Gives back what `prepare` took. The task will not run again. */
  release(task: Task): void {
    if (task.form < Form.inline) return;
    if (task.blobs !== undefined) releaseSegments(task.blobs);
    if (task.form === Form.arena) this.#arena.free(task.location, task.length);
    else if (task.form === Form.segment) native.releaseSegment(task.location);
    task.blobs = undefined;
    task.form = 0;
  }
}

/** How paths of the arguments begin. */
function rootOf({ operation, firstItem }: Task): Root {
  switch (operation) {
    case Operation.map:
    case Operation.starmap:
    case Operation.each:
      return new ItemsRoot('items', firstItem, 1);
    case Operation.item:
      return new ItemsRoot('items', firstItem, 0);
    default:
      return 'args';
  }
}

/**
 * The caller's array need not outlive the call, unless the task may have to be written again, as it was: after a crash, or
 * when the worker that it is for goes before it has begun.
 */
function keptArgs({ args, limits, slot }: Task): readonly unknown[] {
  return limits === undefined && slot < 0 ? NO_ARGS : args.slice();
}

function isScalar(value: unknown): boolean {
  return value === undefined || value === null || typeof value === 'number' || typeof value === 'boolean';
}

/** Four bits for the count, then four for each value. */
function tagsOf(args: readonly unknown[]): number {
  let tags = args.length;
  for (let i = 0; i < args.length; i++) tags |= scalarTag(args[i]) << (4 + 4 * i);
  return tags;
}

function scalarTag(value: unknown): number {
  if (typeof value === 'number') return Scalar.number;
  if (value === undefined) return Scalar.undefined;
  if (value === null) return Scalar.null;
  return value === true ? Scalar.true : Scalar.false;
}
