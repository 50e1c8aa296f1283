import { SerializationError } from '../../base/errors.js';
import type { HandleType } from '../../base/handle.js';
import { takeBack } from '../../heap/exports.js';
import { classOfKey, keyOfClass } from '../../transport/function/class-registry.js';
import { loadFunction } from '../../transport/function/load.js';
import type { FunctionDescriptor } from '../../transport/function/protocol.js';
import { callableOf, type Callable } from '../../transport/function/target.js';
import { Codec, type AnyFunction, type CodecContext, type Encoded, type Root } from '../../transport/value/codec.js';
import { setErrorClasses } from '../../transport/value/error.js';
import type { Mailbox } from '../host/mailbox.js';
import type { Definition, InboxMessage } from '../host/worker-data.js';

setErrorClasses({ keyOfClass, classOfKey });

/** Thrown out of a decode to have a function loaded first; the decode is done again afterwards. */
export class NotLoaded extends Error {
  readonly loading: Promise<unknown>;

  constructor(loading: Promise<unknown>) {
    super('A function is not loaded yet');
    this.loading = loading;
  }
}

/**
 * What this worker knows by number: functions and shared buffers. The owner posts each before it publishes the first
 * task that needs it, so a number that is not known yet is in the mailbox.
 */
export class Inbox implements CodecContext {
  readonly codec: Codec = new Codec(this);
  readonly #mailbox: Mailbox;
  readonly #definitions = new Map<number, Definition>();
  readonly #loaded: (AnyFunction | undefined)[] = [];
  readonly #callables: (Callable | undefined)[] = [];
  /** Those whose values are being decoded. */
  readonly #starting = new Set<number>();
  readonly #loading = new Map<number, Promise<AnyFunction>>();
  readonly #buffers = new Map<number, SharedArrayBuffer>();
  readonly #numbers = new WeakMap<SharedArrayBuffer, number>();
  /** Buffers that the value names which is being encoded. */
  #outgoing: { readonly type: 'buffer'; readonly id: number; readonly buffer: SharedArrayBuffer }[] = [];
  #nextBuffer = 1;
  #depth = 0;

  constructor(mailbox: Mailbox, known: readonly InboxMessage[]) {
    this.#mailbox = mailbox;
    for (const message of known) this.#accept(message);
  }

  /** The function itself, or a promise of it while its modules load. Rejects with the error of the module. */
  load(id: number): AnyFunction | Promise<AnyFunction> {
    return this.#loaded[id] ?? this.#loading.get(id) ?? this.#start(id);
  }

  /** What to call when the function is a task's: otherwise as {@link load}. */
  callable(id: number): Callable | Promise<Callable> {
    const known = this.#callables[id];
    if (known !== undefined) return known;
    const fn = this.load(id);
    return fn instanceof Promise ? fn.then(callableOf) : (this.#callables[id] = callableOf(fn));
  }

  #start(id: number): AnyFunction | Promise<AnyFunction> {
    const definition = this.#definition(id);
    let complete = definition.descriptor;
    if (definition.captured !== undefined || definition.values !== undefined) {
      this.#starting.add(id);
      try {
        complete = this.#complete(definition);
      } catch (error) {
        if (!(error instanceof NotLoaded)) throw error;
        return this.#track(
          id,
          error.loading.then(() => this.#start(id)),
        );
      } finally {
        this.#starting.delete(id);
      }
    }
    const loaded = this.#evaluate(complete);
    if (loaded instanceof Promise) return this.#track(id, loaded);
    this.#loaded[id] = loaded;
    return loaded;
  }

  #complete({ descriptor, captured, values }: Definition): FunctionDescriptor {
    const decoded = (encoded: Encoded): Record<string, unknown> =>
      this.codec.decode(encoded.head, encoded.blobs) as Record<string, unknown>;
    return {
      ...descriptor,
      ...(captured ? { captured: decoded(captured) } : {}),
      ...(values ? { values: decoded(values) } : {}),
    };
  }

  #evaluate(descriptor: FunctionDescriptor): AnyFunction | Promise<AnyFunction> {
    this.#depth++;
    try {
      return loadFunction(descriptor);
    } finally {
      this.#depth--;
    }
  }

  /** Is code of a function's modules being run, rather than the function? */
  get loading(): boolean {
    return this.#depth > 0 || this.#loading.size > 0;
  }

  #track(id: number, loading: Promise<AnyFunction>): Promise<AnyFunction> {
    const tracked = loading.then(
      (fn) => {
        this.#loading.delete(id);
        this.#loaded[id] = fn;
        return fn;
      },
      (error: unknown) => {
        this.#loading.delete(id); // a later task tries again
        throw error;
      },
    );
    this.#loading.set(id, tracked);
    return tracked;
  }

  functionOf(id: number): AnyFunction {
    if (this.#starting.has(id)) return this.#forwarded(id);
    const fn = this.load(id);
    if (fn instanceof Promise) throw new NotLoaded(fn);
    return fn;
  }

  /** Stands for a function within the very values that it is made with. */
  #forwarded(id: number): AnyFunction {
    const loaded = (): AnyFunction => this.functionOf(id);
    return function forwarded(this: unknown, ...args: unknown[]): unknown {
      const fn = loaded() as new (...given: unknown[]) => unknown;
      return new.target ? Reflect.construct(fn, args) : Reflect.apply(fn, this, args);
    };
  }

  functionId(_fn: AnyFunction, path: string): number {
    throw new SerializationError(`${path} is a function: functions do not travel back from a worker`, path);
  }

  shareBuffer(buffer: SharedArrayBuffer): number {
    const known = this.#numbers.get(buffer);
    if (known !== undefined) return known; // it came from the owner
    if (!this.#mailbox.sharesBuffers) return 0;
    const id = this.#nextBuffer; // odd: ours, good for one message
    this.#nextBuffer += 2;
    this.#outgoing.push({ type: 'buffer', id, buffer });
    return id;
  }

  /**
   * For the owner. Whatever the value names goes along, and nothing does when it cannot be copied.
   * @throws {SerializationError} as {@link Codec.encode} does
   */
  encode(value: unknown, root: Root): Encoded {
    try {
      const encoded = this.codec.encode(value, root);
      for (const message of this.#outgoing) this.#mailbox.post(message);
      return encoded;
    } catch (error) {
      takeBack();
      throw error;
    } finally {
      if (this.#outgoing.length > 0) this.#outgoing = [];
    }
  }

  /** As {@link encode}, for what was thrown: what cannot be copied arrives as an error that tells so. */
  encodeThrown(value: unknown, root = 'error'): Encoded {
    try {
      return this.encode(value, root);
    } catch (error) {
      return this.encode(substituteOf(error, root), root);
    }
  }

  /** Why a value cannot be copied; undefined: it can. Nothing goes along. */
  refusal(value: unknown, root: Root): { readonly error: unknown } | undefined {
    try {
      this.codec.encode(value, root);
      return undefined;
    } catch (error) {
      return { error };
    } finally {
      takeBack();
      if (this.#outgoing.length > 0) this.#outgoing = [];
    }
  }

  /** This worker, or its reference, may be gone before the owner has read the result. */
  handleSent(type: HandleType, data: unknown): void {
    type.hold?.(data);
  }

  sharedBufferOf(id: number): SharedArrayBuffer {
    this.receive();
    const buffer = this.#buffers.get(id);
    if (buffer === undefined) throw new Error(`Shared buffer ${id} did not arrive`);
    return buffer;
  }

  #definition(id: number): Definition {
    if (!this.#definitions.has(id)) this.receive();
    const definition = this.#definitions.get(id);
    if (definition === undefined) throw new Error(`Function ${id} did not arrive`);
    return definition;
  }

  /** The owner has let go of a buffer: should it go back from here, it goes as ours. */
  #release(id: number): void {
    const buffer = this.#buffers.get(id);
    if (buffer !== undefined) this.#numbers.delete(buffer);
    this.#buffers.delete(id);
  }

  /** Takes in what the owner has posted. */
  receive(): void {
    for (;;) {
      const message = this.#mailbox.receive();
      if (message === undefined) return;
      this.#accept(message);
    }
  }

  #accept(message: InboxMessage): void {
    switch (message.type) {
      case 'define':
        this.#definitions.set(message.definition.id, message.definition);
        break;
      case 'forget':
        this.#definitions.delete(message.id);
        this.#loaded[message.id] = this.#callables[message.id] = undefined;
        break;
      case 'release':
        this.#release(message.id);
        break;
      case 'buffer':
        this.#buffers.set(message.id, message.buffer);
        this.#numbers.set(message.buffer, message.id);
        break;
      case 'interrupt': // of a process, which looks for that itself
      case 'start': // which was read before
    }
  }
}

/** What arrives in place of a thrown value that cannot be copied. */
export function substituteOf(error: unknown, root: string): SerializationError {
  const reason = error instanceof Error ? error.message : String(error);
  const path = error instanceof SerializationError ? error.path : root;
  return new SerializationError(`The task threw a value that did not get through: ${reason}`, path);
}
