import { SharedMemoryError } from '../base/errors.js';
import { SlotType, type ShareableValue, type SlotValue } from './shareable-value.js';

/*
 * A list in memory, in the byte order of the machine, everything at a multiple of 8 bytes:
 *
 *     u32 MAGIC, u32 number of slots
 *     for each slot: u32 where its data begins, u32 how many bytes of data it has room for, u32 type, u32 bytes in use
 *     the data of each slot: eight bytes of an int64 or a float64, or as many of text (UTF-8) or of plain bytes
 *
 * Room is given when the list is made, and never changes: a multiple of 8, more than the first value has bytes.
 *
 * Nothing is locked, as in Python. A number is read and written whole; a slot that changes its type, or holds text or
 * bytes, may be read half changed by whoever reads it at the same time.
 */
const MAGIC = 0x31_4c_53_41; // 'ASL1'
const HEADER = 8;
const SLOT = 16;
const UNIT = 8;
/** Words of a slot. */
const [AT, ROOM, TYPE, USED] = [0, 1, 2, 3];
const MOST_BYTES = 2 ** 32 - 1;

/** The bytes of a list. @throws {RangeError} when it has more than positions in it can tell */
export function encodeSlots(values: readonly SlotValue[]): Uint8Array {
  const rooms = values.map((value) => ('bytes' in value ? (Math.floor(value.bytes.length / UNIT) + 1) * UNIT : UNIT));
  const begin = HEADER + values.length * SLOT;
  const total = rooms.reduce((sum, room) => sum + room, begin);
  if (total > MOST_BYTES) throw new RangeError(`values must have less than 4 GiB, got ${total} bytes`);
  const bytes = new Uint8Array(total);
  const header = new Uint32Array(bytes.buffer, 0, begin / 4);
  header.set([MAGIC, values.length]);
  let at = begin;
  rooms.forEach((room, i) => {
    header.set([at, room], (HEADER + i * SLOT) / 4);
    at += room;
  });
  const slots = new ShareableSlots(bytes, 'the list');
  values.forEach((value, i) => slots.write(i, value));
  return bytes;
}

/** The slots of a list in memory that {@link encodeSlots} has filled. Indexes are those of slots that exist. */
export class ShareableSlots {
  readonly length: number;
  readonly #bytes: Uint8Array;
  /** Four words for each slot. */
  readonly #slots: Uint32Array;
  readonly #integers: BigInt64Array;
  readonly #floats: Float64Array;

  /** @throws {SharedMemoryError} `EINVAL` when there is no list in the memory */
  constructor(bytes: Uint8Array, name: string) {
    const whole = bytes.byteLength >= HEADER && bytes.byteOffset % UNIT === 0;
    const [magic, length = 0] = whole ? new Uint32Array(bytes.buffer, bytes.byteOffset, 2) : [];
    if (magic !== MAGIC || HEADER + length * SLOT > bytes.byteLength) throw noList(name);
    this.length = length;
    this.#bytes = bytes;
    this.#slots = new Uint32Array(bytes.buffer, bytes.byteOffset + HEADER, (length * SLOT) / 4);
    const units = Math.floor(bytes.byteLength / UNIT);
    this.#integers = new BigInt64Array(bytes.buffer, bytes.byteOffset, units);
    this.#floats = new Float64Array(bytes.buffer, bytes.byteOffset, units);
    for (let i = 0; i < length; i++) {
      const [at, room] = [this.#word(i, AT), this.room(i)];
      if (at % UNIT !== 0 || room % UNIT !== 0 || room === 0 || at + room > bytes.byteLength) throw noList(name);
    }
  }

  /** Bytes that text or bytes in this slot may have. */
  room(index: number): number {
    return this.#word(index, ROOM);
  }

  read(index: number): ShareableValue {
    const at = this.#word(index, AT);
    switch (this.#word(index, TYPE)) {
      case SlotType.null:
        return null;
      case SlotType.boolean:
        return this.#integers[at / UNIT] !== 0n;
      case SlotType.integer:
        return Number(this.#integers[at / UNIT]!);
      case SlotType.bigint:
        return this.#integers[at / UNIT]!;
      case SlotType.float:
        return this.#floats[at / UNIT]!;
      case SlotType.string:
        return Buffer.from(this.#bytes.buffer, this.#bytes.byteOffset + at, this.#used(index)).toString();
      case SlotType.bytes:
        return this.#bytes.slice(at, at + this.#used(index));
      default:
        throw new SharedMemoryError(`Slot ${index} is damaged: its type is ${this.#word(index, TYPE)}`, 'EINVAL');
    }
  }

  /** There must be room for it. */
  write(index: number, value: SlotValue): void {
    const at = this.#word(index, AT);
    if ('bytes' in value) {
      this.#bytes.set(value.bytes, at);
      this.#slots[index * 4 + USED] = value.bytes.length;
    } else if ('number' in value) {
      this.#floats[at / UNIT] = value.number;
    } else if ('word' in value) {
      this.#integers[at / UNIT] = value.word;
    }
    this.#slots[index * 4 + TYPE] = value.type;
  }

  #word(index: number, word: number): number {
    return this.#slots[index * 4 + word]!;
  }

  /** No more than there is, whatever somebody wrote there. */
  #used(index: number): number {
    return Math.min(this.#word(index, USED), this.room(index));
  }
}

function noList(name: string): SharedMemoryError {
  return new SharedMemoryError(
    `name must be that of a ShareableList, got '${name}', which holds something else`,
    'EINVAL',
  );
}
