import { SerializationError } from '../../base/errors.js';
import { writeArray } from './array.js';
import { writeBuffer, writeView } from './binary.js';
import { kindOf, Refusal } from './classify.js';
import { writeMap, writeSet } from './collections.js';
import type { AnyFunction, CodecContext } from './context.js';
import { writeError } from './error-record.js';
import type { HandleType } from '../../base/handle.js';
import { ObjectTable } from './object-table.js';
import { Output } from './output.js';
import { formatPath, type Root, type Step } from './path.js';
import { MAX_SHAPE_KEYS, ShapeTable, type KnownShape } from './shapes.js';
import type { Sink } from './sink.js';
import { KNOWN_SHAPE, Layout, Tag } from './tags.js';

/**
 * Levels of nesting that may travel. The walk recurses, as does the reader's, and stacks differ from thread to thread:
 * what one of them could just write, another might not be able to read.
 */
export const MAX_DEPTH = 1000;

/** Messages up to this length, in bytes, that lie in the caller's memory share one view for each length. */
const MOST_SHARED = 256;

/** Writes one value at a time, in one walk over its graph that reads each property once. */
export class Writer implements Sink {
  readonly output: Output;
  readonly #context: CodecContext;
  readonly #shapes = new ShapeTable();
  /** The shapes that this message has defined, in order. */
  readonly #defined: KnownShape[] = [];
  readonly #objects = new ObjectTable();
  /** Where the walk is: the first `#depth` steps from the root. */
  readonly #steps: Step[] = [];
  #depth = 0;
  #root: Root = '';
  #message = 0;
  #layout: number = Layout.tree;
  #functions: number[] = [];
  #blobs: ArrayBuffer[] = [];
  readonly #home: Buffer | undefined;
  /** Views on the beginning of `#home`, by their lengths: making one takes as long as writing a small object. */
  readonly #heads: (Uint8Array | undefined)[] = [];

  constructor(context: CodecContext, home?: Buffer) {
    this.#context = context;
    this.#home = home;
    this.output = new Output(home);
  }

  /** The out-of-band contents that belong to the last message. */
  get blobs(): readonly ArrayBuffer[] {
    return this.#blobs;
  }

  /** @returns the message, in memory that the next one overwrites */
  message(value: unknown, root: Root): Uint8Array {
    const { output } = this;
    output.reset();
    this.#message++;
    this.#layout = Layout.tree;
    this.#root = root;
    this.#depth = 0;
    // Setting the length is a call into the runtime.
    while (this.#defined.length > 0) this.#defined.pop();
    if (this.#functions.length > 0) this.#functions = [];
    if (this.#blobs.length > 0) this.#blobs = [];
    try {
      output.byte(Layout.tree);
      this.write(value);
      output.bytes[0] = this.#layout;
      if (this.#layout === Layout.linked) this.#appendFunctions();
      return this.#head();
    } catch (error) {
      throw this.#failure(error);
    } finally {
      this.#objects.clear();
    }
  }

  #head(): Uint8Array {
    const { bytes, position } = this.output;
    if (bytes !== this.#home || position > MOST_SHARED) {
      return new Uint8Array(bytes.buffer as ArrayBuffer, bytes.byteOffset, position);
    }
    const heads = this.#heads;
    while (heads.length <= position) heads.push(undefined);
    return (heads[position] ??= new Uint8Array(bytes.buffer as ArrayBuffer, bytes.byteOffset, position));
  }

  write(value: unknown): void {
    switch (typeof value) {
      case 'number':
        return this.output.number(value);
      case 'string':
        return this.output.string(value);
      case 'object':
        return value === null ? this.output.byte(Tag.null) : this.#object(value);
      case 'boolean':
        return this.output.byte(value ? Tag.true : Tag.false);
      case 'undefined':
        return this.output.byte(Tag.undefined);
      case 'bigint':
        return this.output.bigint(value);
      case 'function':
        return this.#function(value as AnyFunction);
      case 'symbol':
        throw this.refuse('a symbol');
    }
  }

  writeAt(step: Step, value: unknown): void {
    this.#steps[this.#depth++] = step;
    this.write(value);
    this.#depth--;
  }

  tryProperty(before: number, key: string, object: object): void {
    const { output } = this;
    const { position } = output;
    const depth = this.#depth;
    const objects = this.#objects.count;
    const [shapes, functions, blobs] = [this.#defined.length, this.#functions.length, this.#blobs.length];
    try {
      output.byte(before);
      output.string(key);
      this.writeAt(key, Reflect.get(object, key));
    } catch {
      output.position = position;
      this.#depth = depth;
      this.#objects.truncate(objects);
      for (const shape of this.#defined.splice(shapes)) shape.message = 0;
      this.#functions.length = functions;
      this.#blobs.length = blobs;
    }
  }

  addBlob(buffer: ArrayBuffer): number {
    return this.#blobs.push(buffer) - 1;
  }

  shareBuffer(buffer: SharedArrayBuffer): number {
    const number = this.#context.shareBuffer(buffer);
    if (number !== 0) return number;
    throw this.refuse('a SharedArrayBuffer', 'the other worker is a process, which cannot reach it: use a SharedArray');
  }

  refuse(what: string, advice = '', cause?: unknown): SerializationError {
    const path = this.#path();
    const message = `${path} cannot be copied to another worker: it is ${what}${advice === '' ? '' : `; ${advice}`}`;
    return new SerializationError(message, path, cause === undefined ? undefined : { cause });
  }

  #object(value: object): void {
    const number = this.#objects.meet(value);
    if (number >= 0) {
      this.output.byte(Tag.reference);
      this.output.varint(number);
      if (this.#layout === Layout.tree) this.#layout = Layout.graph;
      return;
    }
    if (this.#depth > MAX_DEPTH) throw this.#tooDeep();
    const kind = kindOf(value);
    switch (kind) {
      case 'plain':
        return this.#plain(value as Record<string, unknown>);
      case 'array':
        return writeArray(this, value as unknown[]);
      case 'map':
        return writeMap(this, value as Map<unknown, unknown>);
      case 'set':
        return writeSet(this, value as Set<unknown>);
      case 'date':
        this.output.byte(Tag.date);
        return this.output.float64(Date.prototype.getTime.call(value));
      case 'regExp':
        this.output.byte(Tag.regExp);
        this.output.string((value as RegExp).source);
        return this.output.string((value as RegExp).flags);
      case 'boxed':
        this.output.byte(Tag.boxed);
        return this.write(value.valueOf());
      case 'view':
        return writeView(this, value as ArrayBufferView);
      case 'arrayBuffer':
      case 'sharedBuffer':
        return writeBuffer(this, value as ArrayBufferLike);
      case 'url':
        this.output.byte(Tag.url);
        return this.output.string((value as URL).href);
      case 'error':
        return writeError(this, value as Error);
      default:
        if (kind instanceof Refusal) throw this.refuse(kind.what, kind.advice);
        return this.#handle(kind, value);
    }
  }

  #plain(object: Record<string, unknown>): void {
    const keys = Object.keys(object);
    const { length } = keys;
    if (length > MAX_SHAPE_KEYS) {
      this.output.byte(Tag.dictionary);
      this.output.varint(length);
      this.#properties(keys, object, true);
    } else {
      this.#shape(this.#shapes.find(keys));
      this.#properties(keys, object, false);
    }
  }

  #shape(shape: KnownShape): void {
    const { output } = this;
    if (shape.message !== this.#message) {
      shape.message = this.#message;
      shape.index = this.#defined.push(shape) - 1;
      output.byte(Tag.newShape);
      output.raw(shape.definition);
    } else if (shape.index < 0x20) {
      output.byte(KNOWN_SHAPE | shape.index);
    } else {
      output.byte(Tag.shape);
      output.varint(shape.index);
    }
  }

  #properties(keys: readonly string[], object: Record<string, unknown>, withKeys: boolean): void {
    const steps = this.#steps;
    const depth = this.#depth++;
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i]!;
      steps[depth] = key;
      if (withKeys) this.output.string(key);
      this.write(object[key]);
    }
    this.#depth = depth;
  }

  #function(fn: AnyFunction): void {
    const id = this.#context.functionId(fn, this.#path());
    let index = this.#functions.indexOf(id);
    if (index < 0) index = this.#functions.push(id) - 1;
    this.#layout = Layout.linked;
    this.output.byte(Tag.function);
    this.output.varint(index);
  }

  #handle(type: HandleType, object: object): void {
    this.output.byte(Tag.handle);
    this.output.string(type.name);
    const data = type.toHandle(object);
    this.write(data);
    this.#context.handleSent?.(type, data);
  }

  /** The table ends with its own length, for it is found from the end of the message. */
  #appendFunctions(): void {
    const { output } = this;
    const start = output.position;
    output.varint(this.#functions.length);
    for (const id of this.#functions) output.varint(id);
    output.reserve(4);
    output.bytes.writeUInt32LE(output.position - start, output.position);
    output.position += 4;
  }

  #tooDeep(): SerializationError {
    this.#depth = Math.min(this.#depth, 5); // where it begins is all that a reader can use
    return this.refuse(`nested more than ${MAX_DEPTH} levels deep`, 'pass it in a flatter form');
  }

  #path(): string {
    return formatPath(this.#root, this.#steps, this.#depth);
  }

  /** Errors of this library say it all; anything else was thrown by what was read: a getter, a Proxy, a handle. */
  #failure(error: unknown): unknown {
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_ALLCORES_')) return error;
    if (error instanceof RangeError && /call stack/.test(error.message)) return this.#tooDeep();
    return this.refuse(`a property that throws (${describe(error)})`, '', error);
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : typeof error;
}
