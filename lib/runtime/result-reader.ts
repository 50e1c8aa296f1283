import type { NativePoolOwner } from '../binding/pool.js';
import type { Codec, Encoded } from '../transport/value/codec.js';
import { readMessage, receiveBytes } from './message.js';
import {
  CONTROL_SLOT_LIMIT,
  WORKER_RESULT_HEAD,
  WORKER_RESULT_TAIL,
  WORKER_ROOM,
  type PoolMemory,
} from './pool-memory.js';
import { INDEX_MASK, RANGE_DONE, Result, SKIP } from './protocol.js';

const HEADER = 8;

/** What a reader does with the results it finds. `slot` is the worker they come from. */
export interface ResultSink {
  succeeded(index: number, value: unknown): void;
  failed(index: number, error: unknown, slot: number): void;
  progressed(index: number, value: unknown): void;
  /** `threadId`: the operating system's number of the thread. */
  serving(slot: number, threadId: number): void;
  retired(slot: number): void;
  exiting(slot: number): void;
  crashing(slot: number, error: unknown): void;
  /** Before a message of this worker is decoded. */
  receiving(slot: number): void;
}

/** The consuming ends of the result rings of all workers (native/queue/result_ring.h tells the protocol). */
export class ResultReader {
  readonly #memory: PoolMemory;
  readonly #native: NativePoolOwner;
  readonly #codec: Codec;
  readonly #sink: ResultSink;
  readonly #heads: Int32Array;
  #draining = false;

  constructor(memory: PoolMemory, native: NativePoolOwner, codec: Codec, sink: ResultSink) {
    this.#memory = memory;
    this.#native = native;
    this.#codec = codec;
    this.#sink = sink;
    this.#heads = new Int32Array(memory.size.slots);
  }

  /** Hands every result that is there to the sink; gives their number. */
  drain(): number {
    if (this.#draining) return 0; // a sink's callback waits for results itself
    this.#draining = true;
    try {
      const slots = this.#memory.words[CONTROL_SLOT_LIMIT]!;
      let count = 0;
      for (let slot = 0; slot < slots; slot++) count += this.#drainSlot(slot);
      return count;
    } finally {
      this.#draining = false;
    }
  }

  #drainSlot(slot: number): number {
    const { words } = this.#memory;
    const block = this.#memory.workerWords(slot);
    const tail = Atomics.load(words, block + WORKER_RESULT_TAIL);
    let head = this.#heads[slot]!;
    if (head === tail) return 0;
    const base = this.#memory.resultBytes(slot);
    const mask = this.#memory.size.resultBytes - 1;
    let count = 0;
    while (head !== tail) {
      const at = base + (head & mask);
      const tag = words[at >> 2]!;
      if (tag >>> 0 === SKIP) {
        head = (head + mask + 1 - (head & mask)) | 0;
        continue;
      }
      const length = words[(at >> 2) + 1]!;
      const kind = (tag >>> 16) & 0xff;
      // Numbers are by far the most frequent; everything else goes the long way.
      if (kind === Result.number) this.#sink.succeeded(tag & INDEX_MASK, this.#memory.doubles[(at + HEADER) >> 3]);
      else this.#read(slot, tag & INDEX_MASK, kind, at + HEADER, length);
      head = (head + HEADER + ((length + 7) & ~7)) | 0;
      count++;
    }
    this.#heads[slot] = head;
    // Sequentially consistent, before the look at whether the worker waits for room.
    Atomics.store(words, block + WORKER_RESULT_HEAD, head);
    if ((Atomics.load(words, block + WORKER_ROOM) & 1) !== 0) this.#native.notifyRoom(slot);
    return count;
  }

  #read(slot: number, index: number, kind: number, at: number, length: number): void {
    const sink = this.#sink;
    switch (kind) {
      case Result.undefined:
        return sink.succeeded(index, undefined);
      case Result.null:
        return sink.succeeded(index, null);
      case Result.false:
        return sink.succeeded(index, false);
      case Result.true:
        return sink.succeeded(index, true);
      case Result.string:
        return sink.succeeded(index, this.#memory.bytes.toString('latin1', at, at + length));
      case Result.range:
        return sink.succeeded(index, RANGE_DONE);
      case Result.serving:
        return sink.serving(slot, this.#memory.doubles[at >> 3]!);
      case Result.retired:
        return sink.retired(slot);
      case Result.exiting:
        return sink.exiting(slot);
      default:
        return this.#readMessage(slot, index, kind, at);
    }
  }

  #readMessage(slot: number, index: number, kind: number, at: number): void {
    const sink = this.#sink;
    sink.receiving(slot);
    let value: unknown;
    try {
      value = this.#decode(kind, at);
    } catch (error) {
      // A result that does not decode is that task's failure, not the pool's.
      if (kind === Result.crash || kind === Result.crashSegment) sink.crashing(slot, error);
      else sink.failed(index, error, slot);
      return;
    }
    switch (kind) {
      case Result.encoded:
      case Result.segment:
        return sink.succeeded(index, value);
      case Result.error:
      case Result.errorSegment:
        return sink.failed(index, value, slot);
      case Result.progress:
      case Result.progressSegment:
        return sink.progressed(index, value);
      default:
        return sink.crashing(slot, value);
    }
  }

  #decode(kind: number, at: number): unknown {
    switch (kind) {
      case Result.segment:
      case Result.errorSegment:
      case Result.progressSegment:
      case Result.crashSegment: {
        const bytes = receiveBytes(this.#memory.words[at >> 2]! >>> 0, this.#memory.doubles[(at >> 3) + 1]!);
        return this.#decodeMessage(readMessage(bytes, 0, false));
      }
      default:
        return this.#decodeMessage(readMessage(this.#memory.bytes, at, false));
    }
  }

  #decodeMessage({ head, blobs }: Encoded): unknown {
    return this.#codec.decode(head, blobs);
  }
}
