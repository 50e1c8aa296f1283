import type { HandleType } from '../base/handle.js';
import { classOfKey, keyOfClass } from '../transport/function/class-registry.js';
import { describeFunction } from '../transport/function/describe.js';
import { Codec, type AnyFunction, type CodecContext, type Encoded } from '../transport/value/codec.js';
import { setErrorClasses } from '../transport/value/error.js';
import type { Mailbox } from './host/mailbox.js';
import type { Definition, InboxMessage } from './host/worker-data.js';

setErrorClasses({ keyOfClass, classOfKey });

/** What a descriptor holds that travels encoded. */
interface Raw {
  captured?: unknown;
  values?: unknown;
}

/** How the table reaches the workers that are alive. */
export interface Audience {
  /** Whether they are threads of this process, which SharedArrayBuffers can reach. */
  readonly sharesBuffers: boolean;
  post(message: InboxMessage): void;
  /** The mailbox of the worker whose message is being decoded. */
  sender(): Mailbox | undefined;
}

/**
 * What the workers of a pool know by number: functions and shared buffers.
 *
 * A function is analysed once and posted once to each worker, before the first task that needs it is published. Functions
 * of the same code that capture nothing share a number. What captures values is forgotten once it has been collected.
 */
export class FunctionTable implements CodecContext {
  readonly codec: Codec = new Codec(this);
  readonly #audience: Audience;
  readonly #numbers = new WeakMap<AnyFunction, number>();
  readonly #byKey = new Map<string, number>();
  readonly #definitions = new Map<number, Definition>();
  readonly #held = new Map<number, Record<string, unknown>>();
  readonly #collected = new FinalizationRegistry<number>((id) => this.#forget(id));
  readonly #bufferNumbers = new WeakMap<SharedArrayBuffer, number>();
  readonly #buffers = new Map<number, WeakRef<SharedArrayBuffer>>();
  readonly #collectedBuffers = new FinalizationRegistry<number>((id) => this.#release(id));
  /** Buffers that workers made, until the message that names them is decoded. Each worker has its own numbers. */
  readonly #received = new WeakMap<Mailbox, Map<number, SharedArrayBuffer>>();
  #next = 1;
  /** Even: ours. Workers number theirs oddly. */
  #nextBuffer = 2;
  #last: AnyFunction | undefined;
  #lastId = 0;

  constructor(audience: Audience) {
    this.#audience = audience;
  }

  /** @throws {FunctionTransportError} when the function cannot travel */
  functionId(fn: AnyFunction, argument = 'fn'): number {
    if (fn === this.#last) return this.#lastId;
    const id = this.#numbers.get(fn) ?? this.#define(fn, argument);
    this.#last = fn;
    this.#lastId = id;
    return id;
  }

  #define(fn: AnyFunction, argument: string): number {
    const described = describeFunction(fn, argument);
    const captured = described.kind === 'module' ? undefined : described.captured;
    if (captured === undefined) {
      const known = this.#byKey.get(described.key);
      if (known !== undefined) {
        this.#numbers.set(fn, known);
        return known;
      }
    }
    const id = this.#next++;
    // Before its captured values are encoded: they may name the function itself.
    this.#numbers.set(fn, id);
    const values = described.kind === 'synthetic' ? described.values : undefined;
    let definition: Definition = { id, descriptor: described, captured: undefined };
    if (captured !== undefined || values !== undefined) {
      const { captured: _captured, values: _values, ...descriptor } = described as Raw & Definition['descriptor'];
      try {
        definition = {
          id,
          descriptor,
          captured: captured && this.#encode(captured, `${argument}'s captured`),
          ...(values ? { values: this.#encode(values, `${argument}'s top-level`) } : {}),
        };
      } catch (error) {
        this.#numbers.delete(fn);
        throw error;
      }
    }
    if (captured === undefined) this.#byKey.set(described.key, id);
    else this.#collected.register(fn, id);
    // Workers may start later: what the definition names has to live as long as it
    if (values !== undefined) this.#held.set(id, values);
    this.#definitions.set(id, definition);
    this.#audience.post({ type: 'define', definition });
    return id;
  }

  #encode(values: Record<string, unknown>, root: string): Encoded {
    const { head, blobs } = new Codec(this).encode(values, root);
    return { head: head.slice(), blobs };
  }

  #forget(id: number): void {
    this.#held.delete(id);
    this.#definitions.delete(id);
    this.#audience.post({ type: 'forget', id });
  }

  functionOf(id: number): AnyFunction {
    throw new Error(`A result names function ${id}: functions do not travel back`);
  }

  shareBuffer(buffer: SharedArrayBuffer): number {
    if (!this.#audience.sharesBuffers) return 0;
    let id = this.#bufferNumbers.get(buffer);
    if (id === undefined) {
      id = this.#nextBuffer;
      this.#nextBuffer += 2;
      this.#bufferNumbers.set(buffer, id);
      this.#buffers.set(id, new WeakRef(buffer));
      this.#collectedBuffers.register(buffer, id);
      this.#audience.post({ type: 'buffer', id, buffer });
    }
    return id;
  }

  #release(id: number): void {
    this.#buffers.delete(id);
    this.#audience.post({ type: 'release', id });
  }

  sharedBufferOf(id: number): SharedArrayBuffer {
    const buffer = id % 2 === 0 ? this.#buffers.get(id)?.deref() : this.#receivedBuffer(id);
    if (buffer === undefined) throw new Error(`Shared buffer ${id} did not arrive`);
    return buffer;
  }

  /** A worker's numbers are good for one message; it posts the buffer before it sends that. */
  #receivedBuffer(id: number): SharedArrayBuffer | undefined {
    const sender = this.#audience.sender();
    if (sender === undefined) return undefined;
    const buffers = this.#received.get(sender) ?? new Map<number, SharedArrayBuffer>();
    this.#received.set(sender, buffers);
    for (let message = sender.receive(); message !== undefined; message = sender.receive()) {
      if (message.type === 'buffer') buffers.set(message.id, message.buffer);
    }
    const buffer = buffers.get(id);
    buffers.delete(id);
    return buffer;
  }

  /** Workers hold what their results name. */
  handleReceived(type: HandleType, data: unknown): void {
    type.release?.(data);
  }

  /** Everything that a new worker has missed. */
  known(): InboxMessage[] {
    const messages: InboxMessage[] = [];
    for (const definition of this.#definitions.values()) messages.push({ type: 'define', definition });
    for (const [id, reference] of this.#buffers) {
      const buffer = reference.deref();
      if (buffer !== undefined) messages.push({ type: 'buffer', id, buffer });
    }
    return messages;
  }
}
