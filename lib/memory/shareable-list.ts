import { inspect } from 'node:util';
import { registerHandleType } from '../base/handle.js';
import { namesOf, requireKnown } from '../base/options.js';
import { shown } from '../base/validate.js';
import { encodeSlots, ShareableSlots } from './shareable-slots.js';
import { isSameValue, slotValueOf, type ShareableValue } from './shareable-value.js';
import { expectedSize, initialContents, SharedMemory } from './shared-memory.js';

/** Where a {@link ShareableList} is. */
export interface ShareableListOptions {
  /** Of its memory. Without values, or with null for them: of the list to attach to. Default: a generated one. */
  readonly name?: string | undefined;
}

const OPTIONS = namesOf<ShareableListOptions>({ name: true });

/**
 * A list of fixed length in shared memory that any process of this user can attach to by its name:
 * `multiprocessing.shared_memory.ShareableList`.
 *
 * Numbers that are safe integers, and bigints, are stored as int64, other numbers (-0 among them) as float64; each comes
 * back as what it was. A slot takes any type later; a text or bytes only as long as there is room, which is that of the
 * first value, rounded up to the next multiple of 8 bytes. Single numbers are read and written whole; nothing is locked.
 *
 * @example
 * const list = new ShareableList(['howdy', -273.154, 100, null]);
 * new ShareableList(undefined, { name: list.shm.name }).at(0); // 'howdy', in any process
 */
export class ShareableList<T extends ShareableValue = ShareableValue> implements Iterable<T>, Disposable {
  /** The memory that it is in: to be closed, and unlinked, there. */
  readonly shm: SharedMemory;
  readonly #slots: ShareableSlots;

  /**
   * @param values what it begins with; none or null, and no name: an empty list
   * @throws {TypeError} for a value of another type
   * @throws {RangeError} for a bigint beyond 64 bits
   * @throws {SharedMemoryError} as {@link SharedMemory} does; `EINVAL` when something else has this name
   */
  constructor(values?: Iterable<NoInfer<T>> | null, options: ShareableListOptions = {}) {
    requireKnown(options, OPTIONS);
    const { name } = options;
    if ((values === undefined || values === null) && name !== undefined) {
      this.shm = new SharedMemory({ name, [expectedSize]: attachedSize });
    } else {
      const contents = encodeSlots(arrayOf(values ?? []).map((value, i) => slotValueOf(value, `values[${i}]`)));
      this.shm = new SharedMemory({ create: true, size: contents.length, name, [initialContents]: contents });
    }
    try {
      this.#slots = new ShareableSlots(this.shm.buf, this.shm.name);
    } catch (error) {
      this.shm.close();
      throw error;
    }
  }

  /** Number of slots. */
  get length(): number {
    return this.#slots.length;
  }

  /** The value at an index; a negative one counts from the end. Undefined outside. @throws {ProcessError} once closed */
  at(index: number): T | undefined {
    const place = this.#place(index);
    return place === undefined ? undefined : (this.#open().read(place) as T);
  }

  /**
   * Sets one slot, to a value of any type; a negative index counts from the end.
   * @throws {RangeError} outside of the list, or when there is no room for that many bytes: nothing has changed then
   * @throws {TypeError} for a value of another type
   */
  set(index: number, value: T): void {
    const place = this.#place(index);
    if (place === undefined) {
      throw new RangeError(`index must be an integer from ${-this.length} to ${this.length - 1}, got ${shown(index)}`);
    }
    const slots = this.#open();
    const stored = slotValueOf(value, 'value');
    const room = slots.room(place);
    if ('bytes' in stored && stored.bytes.length > room) {
      throw new RangeError(`value must have at most ${room} bytes in slot ${place}, got ${stored.bytes.length}`);
    }
    slots.write(place, stored);
  }

  /** How many slots hold this value: bytes by content, everything else as `Object.is` has it. */
  count(value: T): number {
    let count = 0;
    for (const element of this) if (isSameValue(element, value)) count++;
    return count;
  }

  /** Index of the first slot that holds this value. @throws {RangeError} when there is none */
  index(value: T): number {
    for (let i = 0; i < this.length; i++) if (isSameValue(this.at(i), value)) return i;
    throw new RangeError(`${shown(value)} is not in the list`);
  }

  /** Over the values, each read when the loop comes to it. */
  *[Symbol.iterator](): Generator<T, void, undefined> {
    for (let i = 0; i < this.length; i++) yield this.at(i) as T;
  }

  /** Closes its memory here; does not unlink it. */
  [Symbol.dispose](): void {
    this.shm.close();
  }

  [inspect.custom](_depth: number, options: object): string {
    const contents = this.shm.closed ? '(closed)' : inspect([...this], options);
    return `ShareableList(${inspect(this.shm.name)}) ${contents}`;
  }

  #place(index: number): number | undefined {
    const place = index < 0 ? index + this.length : index;
    return Number.isInteger(place) && place >= 0 && place < this.length ? place : undefined;
  }

  /** @throws {ProcessError} once its memory is closed: the slots' views are empty then */
  #open(): ShareableSlots {
    void this.shm.buf;
    return this.#slots;
  }
}

/** Set while a list that has arrived is made: the size of its memory. */
let attachedSize: number | undefined;

function arrayOf(values: unknown): readonly unknown[] {
  if (typeof (values as Partial<Iterable<unknown>> | null)?.[Symbol.iterator] === 'function') {
    return Array.from(values as Iterable<unknown>);
  }
  throw new TypeError(`values must be an iterable, got ${shown(values)}`);
}

interface Handle {
  readonly name: string;
  readonly size: number;
}

registerHandleType<ShareableList>({
  name: 'ShareableList',
  type: ShareableList,
  toHandle: ({ shm: { name, size } }) => ({ name, size }) satisfies Handle,
  standsAlone: true,
  fromHandle: (data) => {
    const { name, size } = data as Handle;
    attachedSize = size;
    try {
      return new ShareableList(undefined, { name });
    } finally {
      attachedSize = undefined;
    }
  },
});
