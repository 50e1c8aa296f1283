import type { HandleType } from '../base/handle.js';
import { native } from '../binding/native.js';
import { FunctionTable } from './function-table.js';
import { messageLength, segmentOf, writeMessage } from './message.js';
import { Word, type Parcel } from './process-data.js';

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
    type.hold?.(data);
    this.#handles.push(() => type.release?.(data));
  }

  /** @throws {SerializationError | FunctionTransportError} for what cannot travel */
  pack(value: unknown, root: string): Parcel {
    const encoded = this.codec.encode(value, root);
    const bytes = new Uint8Array(messageLength(encoded));
    const before = this.#segments.length;
    this.#segments.push(...writeMessage(bytes, 0, encoded, this.#shared));
    const segment = segmentOf(bytes, this.#shared);
    this.#segments.push(segment);
    // Whose they are is settled by `Word.taken`, not by who has died.
    for (const id of this.#segments.slice(before)) native.exportSegment(id);
    return { segment, bytes: bytes.length };
  }

  /** For after the end of the process, or when it could not be started: releases what it has not taken over. */
  holdings(): Holdings {
    return new Holdings(this.#segments, this.#handles);
  }
}

/** What is held for a process until it has taken it over. Knows nothing of the values themselves. */
export class Holdings {
  readonly #segments: readonly number[];
  readonly #handles: readonly (() => void)[];

  constructor(segments: readonly number[], handles: readonly (() => void)[]) {
    this.#segments = segments;
    this.#handles = handles;
  }

  /** @param words of the process, which has ended; without them nothing was taken over */
  release(words?: Int32Array): void {
    const unclaimed = (word: number): boolean => words === undefined || Atomics.exchange(words, word, 1) === 0;
    if (unclaimed(Word.taken)) {
      for (const segment of this.#segments) {
        native.importSegment(segment);
        native.releaseSegment(segment);
      }
    }
    if (unclaimed(Word.decoded)) for (const release of this.#handles) release();
  }
}
