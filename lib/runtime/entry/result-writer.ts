import { native } from '../../binding/native.js';
import type { NativePoolWorker } from '../../binding/pool.js';
import { handOver } from '../../heap/exports.js';
import type { Encoded } from '../../transport/value/codec.js';
import { messageLength, releaseSegments, segmentOfMessage, writeMessage } from '../message.js';
import {
  CONTROL_OWNER,
  CONTROL_SHUTDOWN,
  WORKER_RESULT_HEAD,
  WORKER_RESULT_TAIL,
  type PoolMemory,
} from '../pool-memory.js';
import { Result, SKIP, SLICE } from '../protocol.js';

const HEADER = 8;

/**
 * The producing end of a worker's result ring (native/queue/result_ring.h tells the protocol).
 *
 * Every `push` publishes at once and wakes the owner if it waits. When the ring is full the worker waits for the owner
 * to read: that is the back-pressure on results.
 */
export class ResultWriter {
  readonly #memory: PoolMemory;
  readonly #end: NativePoolWorker;
  readonly #base: number;
  readonly #capacity: number;
  readonly #tailWord: number;
  readonly #headWord: number;
  #tail: number;
  #head: number;

  constructor(memory: PoolMemory, slot: number, end: NativePoolWorker) {
    const block = memory.workerWords(slot);
    this.#memory = memory;
    this.#end = end;
    this.#base = memory.resultBytes(slot);
    this.#capacity = memory.size.resultBytes;
    this.#tailWord = block + WORKER_RESULT_TAIL;
    this.#headWord = block + WORKER_RESULT_HEAD;
    this.#tail = Atomics.load(memory.words, this.#tailWord);
    this.#head = Atomics.load(memory.words, this.#headWord);
  }

  /** A result without payload. */
  pushTag(index: number, kind: number): void {
    this.#reserve(index, kind, 0);
    this.#publish(0);
  }

  pushNumber(index: number, kind: number, value: number): void {
    const at = this.#reserve(index, kind, 8);
    this.#memory.doubles[at >> 3] = value;
    this.#publish(8);
  }

  /** Latin-1, at most `Form`'s 32 characters. */
  pushString(index: number, value: string): void {
    const at = this.#reserve(index, Result.string, value.length);
    this.#memory.bytes.write(value, at, value.length, 'latin1');
    this.#publish(value.length);
  }

  /**
   * A message; `segmentKind` is used instead of `kind` when it does not fit into the ring.
   * @throws {HeapFullError} when there is no memory for it; nothing was published
   */
  pushMessage(index: number, kind: number, segmentKind: number, encoded: Encoded): void {
    const length = messageLength(encoded);
    if (length <= this.#capacity / 4) {
      const at = this.#reserve(index, kind, length);
      this.#handOver(writeMessage(this.#memory.bytes, at, encoded, this.#memory.shared));
      this.#publish(length);
      return;
    }
    const { segment, blobs } = segmentOfMessage(encoded, this.#memory.shared);
    const segments = [...blobs, segment];
    let at: number;
    try {
      at = this.#reserve(index, segmentKind, 16);
    } catch (error) {
      releaseSegments(segments);
      throw error;
    }
    this.#memory.words[at >> 2] = segment;
    this.#memory.doubles[(at >> 3) + 1] = length;
    this.#handOver(segments);
    this.#publish(16);
  }

  /** The owner's from the next step on: until here they would go with this process, if it were killed. */
  #handOver(segments: readonly number[]): void {
    for (const segment of segments) native.exportSegment(segment);
    handOver();
  }

  /** Room for a record, its header written; gives the byte index of the payload. */
  #reserve(index: number, kind: number, length: number): number {
    const need = HEADER + ((length + 7) & ~7);
    const { words } = this.#memory;
    for (;;) {
      const at = this.#tail & (this.#capacity - 1);
      const rest = this.#capacity - at;
      const skip = rest < need ? rest : 0;
      if (((this.#tail + need + skip - this.#head) | 0) <= this.#capacity) {
        if (skip > 0) {
          words[(this.#base + at) >> 2] = SKIP;
          this.#tail = (this.#tail + skip) | 0;
          continue;
        }
        const header = (this.#base + at) >> 2;
        words[header] = index | (kind << 16);
        words[header + 1] = length;
        return this.#base + at + HEADER;
      }
      this.#awaitRoom();
    }
  }

  #awaitRoom(): void {
    const { words } = this.#memory;
    const seen = this.#head;
    this.#head = Atomics.load(words, this.#headWord);
    if (this.#head !== seen) return;
    this.#end.notifyOwner();
    // An owner that has shut the pool down reads no more: the result is of no use to anybody.
    if (Atomics.load(words, CONTROL_SHUTDOWN) !== 0) throw new Error('The pool is gone');
    this.#end.awaitRoom(seen >>> 0, SLICE);
  }

  #publish(length: number): void {
    const { words } = this.#memory;
    this.#tail = (this.#tail + HEADER + ((length + 7) & ~7)) | 0;
    Atomics.store(words, this.#tailWord, this.#tail);
    // The store above comes before this load in the single order of atomics: an owner that announced itself too late
    // to be seen here looks at the ring after announcing.
    if ((Atomics.load(words, CONTROL_OWNER) & 1) !== 0) this.#end.notifyOwner();
  }
}
