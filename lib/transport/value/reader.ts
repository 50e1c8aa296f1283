import { SerializationError } from '../../base/errors.js';
import { readElements, readNamed } from './array.js';
import { readBufferBytes, readView } from './binary.js';
import { readEntries, readMembers } from './collections.js';
import type { AnyFunction, CodecContext } from './context.js';
import { readError } from './error-record.js';
import { handleTypeNamed } from '../../base/handle.js';
import { Input } from './input.js';
import { taggedScalar } from './scalars.js';
import { readKey, readShape, setOwn, type ReadShape } from './shapes.js';
import type { Source } from './source.js';
import { KNOWN_SHAPE, Layout, SHORT_ARRAY, SHORT_STRING, Tag } from './tags.js';

/** Reads one message. */
export class Reader implements Source {
  readonly input: Input;
  readonly #context: CodecContext;
  readonly #blobs: readonly ArrayBuffer[];
  readonly #shapes: ReadShape[] = [];
  /** In a tree nothing is referred to again, so nothing is numbered. */
  #objects: unknown[] | undefined;
  #functions: AnyFunction[] | undefined;

  constructor(context: CodecContext, head: Uint8Array, blobs: readonly ArrayBuffer[]) {
    this.#context = context;
    this.input = new Input(head);
    this.#blobs = blobs;
  }

  message(): unknown {
    const layout = this.input.byte();
    if (layout !== Layout.tree) this.#objects = [];
    if (layout === Layout.linked) this.#resolveFunctions();
    return this.read();
  }

  read(): unknown {
    const tag = this.input.byte();
    if (tag < SHORT_STRING) return tag;
    if (tag < SHORT_ARRAY) return this.input.latin1(tag - SHORT_STRING);
    if (tag < KNOWN_SHAPE) return this.#array(tag - SHORT_ARRAY, false);
    if (tag < Tag.undefined) return this.#shaped(this.#shapes[tag - KNOWN_SHAPE]!);
    return this.#tagged(tag);
  }

  #tagged(tag: number): unknown {
    const { input } = this;
    if (tag <= Tag.utf16) return taggedScalar(input, tag);
    switch (tag) {
      case Tag.array:
        return this.#array(input.varint(), false);
      case Tag.namedArray:
        return this.#array(input.varint(), true);
      case Tag.newShape:
        return this.#newShape();
      case Tag.shape:
        return this.#shaped(this.#shapes[input.varint()]!);
      case Tag.function:
        return this.#functions![input.varint()];
      case Tag.reference:
        return this.#objects![input.varint()];
      default:
        return this.#exotic(tag);
    }
  }

  /** The objects that are neither plain nor arrays. */
  #exotic(tag: number): unknown {
    const { input } = this;
    const number = this.#reserve();
    switch (tag) {
      case Tag.dictionary:
        return this.#dictionary(this.#begin(number, {}));
      case Tag.map:
        return readEntries(this, this.#begin(number, new Map<unknown, unknown>()));
      case Tag.set:
        return readMembers(this, this.#begin(number, new Set<unknown>()));
      case Tag.date:
        return this.#begin(number, new Date(input.float64()));
      case Tag.regExp:
        return this.#begin(number, new RegExp(readKey(input), readKey(input)));
      case Tag.boxed:
        return this.#begin(number, Object(this.read()) as object);
      case Tag.arrayBuffer:
        return this.#begin(number, input.raw(input.varint()).buffer);
      case Tag.blob:
        return this.#begin(number, this.#blobs[input.varint()]!);
      case Tag.sharedBuffer:
        return this.#begin(number, this.#context.sharedBufferOf(input.varint()));
      case Tag.view:
        return this.#begin(number, readView(this));
      case Tag.bufferBytes:
        return this.#begin(number, readBufferBytes(this));
      case Tag.url:
        return this.#begin(number, new URL(readKey(input)));
      case Tag.handle:
        return this.#begin(number, this.#handle());
      case Tag.error:
        return readError(this, (error) => this.#begin(number, error));
      default:
        throw new SerializationError(`The message is damaged: unknown tag ${tag}`, '');
    }
  }

  /** Takes the number of an object that is about to be read, before the objects within take theirs. */
  #reserve(): number {
    return this.#objects === undefined ? -1 : this.#objects.push(undefined) - 1;
  }

  #begin<T extends object>(number: number, object: T): T {
    if (this.#objects !== undefined) this.#objects[number] = object;
    return object;
  }

  #newShape(): object {
    const shape = readShape(this.input);
    this.#shapes.push(shape);
    return this.#shaped(shape);
  }

  #shaped(shape: ReadShape): object {
    if (this.#objects === undefined) return shape.build(this);
    const object = {};
    this.#objects.push(object);
    shape.readInto(object, this);
    return object;
  }

  #array(length: number, named: boolean): unknown[] {
    const array: unknown[] = [];
    this.#objects?.push(array);
    readElements(this, array, length);
    if (named) readNamed(this, array);
    return array;
  }

  #dictionary(object: object): object {
    for (let left = this.input.varint(); left > 0; left--) setOwn(object, readKey(this.input), this.read());
    return object;
  }

  #handle(): object {
    const name = readKey(this.input);
    const type = handleTypeNamed(name);
    if (type === undefined) throw new SerializationError(`No handle type '${name}' is registered in this worker`, '');
    const data = this.read();
    const object = type.fromHandle(data);
    this.#context.handleReceived?.(type, data);
    return object;
  }

  /** Before anything is built, because a function that is not there yet aborts the reading. */
  #resolveFunctions(): void {
    const { input } = this;
    const { bytes } = input;
    input.position = bytes.length - 4;
    input.position = bytes.length - 4 - (input.int32() >>> 0);
    const functions: AnyFunction[] = [];
    for (let left = input.varint(); left > 0; left--) functions.push(this.#context.functionOf(input.varint()));
    this.#functions = functions;
    input.position = 1;
  }
}
