import type { HandleType } from '../base/handle.js';
import { native } from '../binding/native.js';
import { FunctionTable } from './function-table.js';
import { segmentOfMessage } from './message.js';
import type { Parcel } from './host/process-data.js';

/**
 * Packs what a process is sent off with. What it names in shared memory is held for it until it has its own hold: the
 * sender may let go of everything as soon as the process is started.
 */
export class ProcessCargo extends FunctionTable {
  readonly #segments: number[] = [];
  readonly #handles: (() => void)[] = [];

  readonly #shared: boolean;

  /** @param shared the receiver is another process */
  constructor(shared: boolean) {
    // Everything goes along at the start, through `known`.
    super({ sharesBuffers: !shared, post: () => {}, sender: () => undefined });
    this.#shared = shared;
  }

  handleSent(type: HandleType, data: unknown): void {
    type.keep?.(data);
    this.#handles.push(() => type.drop?.(data));
  }

  /** @throws {SerializationError | FunctionTransportError} for what cannot travel */
  pack(value: unknown, root: string): Parcel {
    const encoded = this.codec.encode(value, root);
    const { segment, length, blobs } = segmentOfMessage(encoded, this.#shared);
    this.#segments.push(...blobs, segment);
    return { segment, bytes: length };
  }

  /** For when the process has taken everything in, has ended, or could not be started. */
  holdings(): Holdings {
    return new Holdings(this.#segments, this.#handles);
  }
}

/**
 * What is held for a process until it has holders of its own. Knows nothing of the values themselves. Only this thread
 * releases it: a process can be ended between any two of its steps, and would leave some behind.
 */
export class Holdings {
  #segments: readonly number[];
  #handles: readonly (() => void)[];

  constructor(segments: readonly number[], handles: readonly (() => void)[]) {
    this.#segments = segments;
    this.#handles = handles;
  }

  /** The process has taken it in, or never will. Safe to repeat. */
  release(): void {
    const [segments, handles] = [this.#segments, this.#handles];
    this.#segments = [];
    this.#handles = [];
    for (const segment of segments) native.releaseSegment(segment);
    for (const release of handles) release();
  }
}
