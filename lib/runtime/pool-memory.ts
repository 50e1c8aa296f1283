import { native } from '../binding/native.js';
import type { PoolSize } from '../binding/pool.js';

const { constants } = native;
const word = (bytes: number): number => bytes / 4;

/** Offsets in 32-bit words (or 64-bit ones where named so), ready for typed-array indexes. */
export const CONTROL_OWNER = word(constants.control.owner);
export const CONTROL_SHUTDOWN = word(constants.control.shutdown);
export const CONTROL_DEATHS = word(constants.control.deaths);
export const CONTROL_SLOT_LIMIT = word(constants.control.slotLimit);
export const CONTROL_SLEEPERS = word(constants.control.sleepers);
export const CONTROL_TAIL = word(constants.control.tail);
export const CONTROL_HEAD = word(constants.control.head);

export const RECORD_WORDS = word(constants.record.size);
export const RECORD_DOUBLES = constants.record.size / 8;
export const RECORD_FLAGS = word(constants.record.flags);
export const RECORD_FUNCTION = word(constants.record.function);
export const RECORD_KIND = word(constants.record.kind);
export const RECORD_LENGTH = word(constants.record.length);
export const RECORD_LOCATION = word(constants.record.location);
export const RECORD_TIME_DOUBLE = constants.record.time / 8;
export const RECORD_PAYLOAD_DOUBLE = constants.record.payload / 8;
export const RECORD_PAYLOAD_BYTE = constants.record.payload;
export const RECORD_PAYLOAD_BYTES = constants.record.payloadBytes;

export const WORKER_WORDS = word(constants.worker.size);
export const WORKER_DOUBLES = constants.worker.size / 8;
export const WORKER_STATUS = word(constants.worker.status);
export const WORKER_COMMAND = word(constants.worker.command);
export const WORKER_EXIT_CODE = word(constants.worker.exitCode);
export const WORKER_ROOM = word(constants.worker.room);
export const WORKER_CLAIMS = word(constants.worker.claims);
export const MOST_CLAIMS = constants.worker.mostClaims;
export const WORKER_MAILBOX = word(constants.worker.mailbox);
export const WORKER_MAILBOX_TAIL = word(constants.worker.mailboxTail);
export const WORKER_MAILBOX_HEAD = word(constants.worker.mailboxHead);
export const MAILBOX_CAPACITY = constants.worker.mailboxCapacity;
export const WORKER_CLAIMED_AT_DOUBLE = constants.worker.claimedAt / 8;
export const WORKER_ENTERED_AT_DOUBLE = constants.worker.enteredAt / 8;
export const WORKER_COST_DOUBLE = constants.worker.cost / 8;
export const WORKER_BUSY_DOUBLE = constants.worker.busy / 8;
export const WORKER_COMPLETED = word(constants.worker.completed);
export const WORKER_FAILED = word(constants.worker.failed);
export const WORKER_WAIT_HISTOGRAM = word(constants.worker.waitHistogram);
export const WORKER_RUN_HISTOGRAM = word(constants.worker.runHistogram);
export const HISTOGRAM_BUCKETS = constants.worker.histogramBuckets;
export const WORKER_RESULT_TAIL = word(constants.worker.resultTail);
export const WORKER_RESULT_HEAD = word(constants.worker.resultHead);

/**
 * A pool's segment as typed arrays, with the places of its parts.
 *
 * Words that more than one side writes are touched through `Atomics` alone. All others are plain and ordered by such a
 * word: a record by its state, a result by the ring's tail, a claim list by `take()`.
 */
export class PoolMemory {
  readonly size: PoolSize;
  /** Its workers are processes: what it names has to lie in shared memory, too. */
  readonly shared: boolean;
  readonly words: Int32Array<ArrayBuffer>;
  readonly doubles: Float64Array<ArrayBuffer>;
  /** A Buffer for its quick Latin-1 reads and writes. */
  readonly bytes: Buffer<ArrayBuffer>;
  /** In words. */
  readonly entries: number;
  readonly entryMask: number;
  /** In words, of record 0. */
  readonly records: number;
  /** In doubles, of record 0. */
  readonly recordDoubles: number;
  /** In bytes. */
  readonly results: number;
  readonly arena: number;
  readonly #workers: number;

  constructor(buffer: ArrayBuffer, size: PoolSize, shared: boolean) {
    const layout = native.layoutOf(size);
    this.size = size;
    this.shared = shared;
    this.words = new Int32Array(buffer);
    this.doubles = new Float64Array(buffer);
    this.bytes = Buffer.from(buffer);
    this.entries = word(layout.entries);
    this.entryMask = layout.entryCapacity - 1;
    this.records = word(layout.records);
    this.recordDoubles = layout.records / 8;
    this.results = layout.results;
    this.arena = layout.arena;
    this.#workers = layout.workers;
  }

  /** Word index of a worker's block. */
  workerWords(slot: number): number {
    return word(this.#workers) + slot * WORKER_WORDS;
  }

  /** Double index of a worker's block. */
  workerDoubles(slot: number): number {
    return this.#workers / 8 + slot * WORKER_DOUBLES;
  }

  /** Byte index of a worker's result ring. */
  resultBytes(slot: number): number {
    return this.results + slot * this.size.resultBytes;
  }
}
