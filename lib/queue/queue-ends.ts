import { native } from '../binding/native.js';
import { agent } from '../heap/program.js';
import { wordsAt } from '../sync/words.js';
import { Layout, Tag } from '../transport/value/tags.js';

const { queue: inQueue, ring: inRing } = native.constants;
// Places in words. Of 64 bits the lower half comes first.
const TAKER_GUARD = inQueue.guard / 4;
const FRONT = inQueue.front / 4;
const TAKEN = inQueue.taken / 4;
const IN_HAND = inQueue.inHand / 4;
const PUTTER_GUARD = inQueue.backGuard / 4;
const DOUBTFUL = inQueue.doubtful / 4;
const BACK = inQueue.back / 4;
const PUT = inQueue.put / 4;
const END = inRing.end / 4;
const SEEN_BEGIN = inRing.seenBegin / 4;
const ROOM = inRing.room / 4;
const BEGIN = inRing.begin / 4;
const SEEN_END = inRing.seenEnd / 4;
const SIZE = inRing.size / 4;
const DATA = inRing.data / 4;

/** How the records of numbers begin: length, then the first two bytes of the message. They take 8 and 16 bytes. */
const INTEGER = 6 | (Layout.tree << 16) | (Tag.int32 << 24);
const DOUBLE = 10 | (Layout.tree << 16) | (Tag.float64 << 24);

const NO_WORDS: Int32Array = new Int32Array(0);
const double = new Float64Array(1);
const halves = new Int32Array(double.buffer);

/** No number is there that could be had at once. */
export const NOTHING: unique symbol = Symbol('allcores.nothing');

/**
 * Where a queue lies, and the way of numbers into its ring and out of it while nobody else is about to do the same: they
 * need no native call. Everything else is left to the native side, whose rules these two follow (message_ring.h,
 * message_chain.h): a guard each, the counts, and the one store that commits. Who dies in the midst is recovered as there.
 *
 * Between taking a guard and giving it back nothing is called, so that no thread is terminated and none waits long.
 */
export class QueueEnds {
  readonly offset: number;
  readonly #words: Int32Array;
  readonly #at: number;
  readonly #me: number;
  /** The ring of the last put, by the halves of its offset, and where it lies. */
  #back = 0;
  #backHigh = 0;
  #backWords = NO_WORDS;
  #backAt = 0;
  /** The same of the last take. */
  #front = 0;
  #frontHigh = 0;
  #frontWords = NO_WORDS;
  #frontAt = 0;

  constructor(queue: number) {
    this.offset = queue;
    const { words, at } = wordsAt(queue);
    this.#words = words;
    this.#at = at;
    this.#me = agent.id;
  }

  /** False: it has to be put in another way. */
  put(value: number): boolean {
    const words = this.#words;
    const at = this.#at;
    if (words[at + BACK] !== this.#back || words[at + BACK + 1] !== this.#backHigh) this.#lookBack();
    if (this.#back === 0 && this.#backHigh === 0) return false;
    const isInteger = (value | 0) === value && (value !== 0 || 1 / value > 0);
    let low = value | 0;
    let high = 0;
    if (!isInteger) {
      double[0] = value;
      low = halves[0]!;
      high = halves[1]!;
    }
    const ring = this.#backWords;
    const place = this.#backAt;
    if (Atomics.compareExchange(words, at + PUTTER_GUARD, 0, this.#me) !== 0) return false;
    let done = false;
    // The last count before the upper half would change is left to the native side.
    if (
      words[at + BACK] === this.#back &&
      words[at + BACK + 1] === this.#backHigh &&
      words[at + DOUBTFUL] === 0 &&
      words[at + PUT] !== -1
    ) {
      const end = ring[place + END]!;
      const until = ring[place + SEEN_BEGIN]!;
      let next = end + (isInteger ? 8 : 16);
      const room = ring[place + ROOM]!;
      const fits = end < until ? next < until : next < room || (next === room && until !== 0);
      if (fits) {
        if (next === room) next = 0;
        words[at + PUT] = words[at + PUT]! + 1;
        const record = place + DATA + (end >> 2);
        ring[record] = isInteger ? INTEGER : DOUBLE;
        ring[record + 1] = low;
        if (!isInteger) ring[record + 2] = high;
        Atomics.store(ring, place + END, next);
        done = true;
      }
    }
    if (Atomics.exchange(words, at + PUTTER_GUARD, 0) !== this.#me) agent.wakeGuard(this.offset + inQueue.backGuard);
    return done;
  }

  /** {@link NOTHING}: there is none, or what is there has to be had in another way. */
  take(): number | typeof NOTHING {
    const words = this.#words;
    const at = this.#at;
    if (words[at + FRONT] !== this.#front || words[at + FRONT + 1] !== this.#frontHigh) this.#lookAhead();
    if (this.#front === 0 && this.#frontHigh === 0) return NOTHING;
    const ring = this.#frontWords;
    const place = this.#frontAt;
    if (Atomics.compareExchange(words, at + TAKER_GUARD, 0, this.#me) !== 0) return NOTHING;
    let head = 0;
    let low = 0;
    let high = 0;
    if (
      words[at + FRONT] === this.#front &&
      words[at + FRONT + 1] === this.#frontHigh &&
      words[at + TAKEN] !== -1 &&
      words[at + IN_HAND] !== -1
    ) {
      const begin = ring[place + BEGIN]!;
      let until = ring[place + SEEN_END]!;
      if (begin === until) {
        until = Atomics.load(ring, place + END);
        ring[place + SEEN_END] = until;
      }
      const record = place + DATA + (begin >> 2);
      if (begin !== until) head = ring[record]!;
      if (head === INTEGER || head === DOUBLE) {
        low = ring[record + 1]!;
        high = ring[record + 2]!;
        const next = begin + (head === INTEGER ? 8 : 16);
        Atomics.store(ring, place + BEGIN, next === ring[place + SIZE] ? 0 : next);
        words[at + TAKEN] = words[at + TAKEN]! + 1;
        words[at + IN_HAND] = words[at + IN_HAND]! + 1;
      }
    }
    if (Atomics.exchange(words, at + TAKER_GUARD, 0) !== this.#me) agent.wakeGuard(this.offset + inQueue.guard);
    if (head === INTEGER) return low;
    if (head !== DOUBLE) return NOTHING;
    halves[0] = low;
    halves[1] = high;
    return double[0]!;
  }

  #lookBack(): void {
    const low = this.#words[this.#at + BACK]!;
    const high = this.#words[this.#at + BACK + 1]!;
    const { words, at } = ringAt(low, high);
    this.#back = low;
    this.#backHigh = high;
    this.#backWords = words;
    this.#backAt = at;
  }

  #lookAhead(): void {
    const low = this.#words[this.#at + FRONT]!;
    const high = this.#words[this.#at + FRONT + 1]!;
    const { words, at } = ringAt(low, high);
    this.#front = low;
    this.#frontHigh = high;
    this.#frontWords = words;
    this.#frontAt = at;
  }
}

const NO_RING = { words: NO_WORDS, at: 0 };

/**
 * Halves that were read one after the other may belong to no offset that ever was: whoever uses the ring compares them once
 * more under the guard. So this one only must not fail.
 */
function ringAt(low: number, high: number): { readonly words: Int32Array; readonly at: number } {
  const offset = (low >>> 0) + high * 2 ** 32;
  return offset > 0 && offset < agent.heapBytes ? wordsAt(offset) : NO_RING;
}
