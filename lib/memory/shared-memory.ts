import { constants } from 'node:buffer';
import { inspect } from 'node:util';
import { ProcessError, SharedMemoryError } from '../base/errors.js';
import { registerHandleType } from '../base/handle.js';
import { namesOf, requireKnown } from '../base/options.js';
import { requireInteger, shown } from '../base/validate.js';
import { native, type NativeNamedMemory } from '../binding/native.js';
import { generatedName, refusalOf, requireName } from './segment-name.js';

/** @internal What new memory begins with: nobody sees it without. */
export const initialContents: unique symbol = Symbol('allcores.contents');
/** @internal How many bytes the memory of this name has, or it is not the one that is meant. */
export const expectedSize: unique symbol = Symbol('allcores.size');

/** Memory that does not exist yet. */
export interface NewSharedMemory {
  /** Makes it, rather than attach to what is there. */
  readonly create: true;
  /** In bytes, at least 1. */
  readonly size: number;
  /** Default: `acm_` and eight hexadecimal digits that nobody uses. */
  readonly name?: string | undefined;
  /** @internal */
  readonly [initialContents]?: Uint8Array;
}

/** Memory that somebody has created. */
export interface ExistingSharedMemory {
  /** The name that it was created with. */
  readonly name: string;
  /** It is there already. */
  readonly create?: false | undefined;
  /** Has no effect, as in Python: the memory has the size that it was created with. */
  readonly size?: number | undefined;
  /** @internal */
  readonly [expectedSize]?: number | undefined;
}

const OPTIONS = namesOf<NewSharedMemory & ExistingSharedMemory>({ name: true, create: true, size: true });

/**
 * Shared memory that any process of this user can attach to by its name: `multiprocessing.shared_memory.SharedMemory`.
 *
 * The name exists until `unlink`, or until the process that created it ends, however that ends. The memory itself lasts for
 * as long as anybody has it attached. A handle that is passed to a worker arrives as one that has attached by name.
 *
 * @example
 * const memory = new SharedMemory({ create: true, size: 1024 });
 * memory.buf[0] = 42;
 * new SharedMemory({ name: memory.name }).buf[0]; // 42, in any process
 */
export class SharedMemory implements Disposable {
  /** By which other programs attach to it. */
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  readonly #native: NativeNamedMemory;
  readonly #buffer: ArrayBuffer;
  #bytes: Uint8Array<ArrayBuffer> | undefined;

  /**
   * @throws {RangeError} for a size below 1, or beyond what a buffer can have
   * @throws {TypeError} when there is neither a name nor `create`
   * @throws {SharedMemoryError} by its `code`: `EEXIST` when the name to create is taken; `ENOENT` when the one to attach
   * to does not exist, `EACCES` when it is another user's; `ENAMETOOLONG`, `EINVAL` for an impossible name; `ENOSPC`
   */
  constructor(options: NewSharedMemory | ExistingSharedMemory) {
    if (options === undefined) throw new TypeError('options must have a name, or create: true');
    requireKnown(options, OPTIONS);
    const { name, create } = options;
    if (create !== undefined && typeof create !== 'boolean') {
      throw new TypeError(`create must be a boolean, got ${shown(create)}`);
    }
    if (create === true) {
      const { size, [initialContents]: contents } = options;
      // Undefined is 0 in Python, and no better.
      if (size === undefined) throw new RangeError('size must be an integer of at least 1, got undefined');
      requireInteger('size', size, 1, constants.MAX_LENGTH);
      const made = name === undefined ? unnamed(size, contents) : named(requireName(name), size, contents);
      this.name = made.name;
      this.#native = made.memory;
      this.size = size;
    } else {
      if (name === undefined) throw new TypeError('name must be given unless create is true');
      this.name = requireName(name);
      this.#native = new native.NamedMemory(name, 0);
      if (this.#native.error !== 0) throw refusalOf(this.#native.error, name, 'attach');
      this.size = sizeOf(this.#native.size, options[expectedSize], name);
    }
    this.#buffer = this.#native.buffer(this.size);
    this.#bytes = new Uint8Array(this.#buffer);
  }

  /** The memory itself. @throws {ProcessError} once it is closed */
  get buf(): Uint8Array<ArrayBuffer> {
    if (this.#bytes === undefined) throw new ProcessError(`Shared memory '${this.name}' is closed here`);
    return this.#bytes;
  }

  /** Was it closed, by this handle? */
  get closed(): boolean {
    return this.#bytes === undefined;
  }

  /**
   * Lets go of the memory: every view of `buf` is empty from now on, and `buf` throws. Others keep it, and its name stays. It
   * may be repeated. Nothing may still be reading or writing the memory in the background, as `fs.read` does.
   */
  close(): void {
    if (this.#bytes === undefined) return;
    this.#bytes = undefined;
    this.#native.close(this.#buffer);
  }

  /**
   * Takes the name away, once for all processes: nobody can attach any more, whoever has attached goes on.
   * @throws {SharedMemoryError} `ENOENT` when that was done before, by whomever
   */
  unlink(): void {
    const error = this.#native.unlink();
    if (error !== 0) throw refusalOf(error, this.name, 'unlink');
  }

  /** Closes it; does not unlink. */
  [Symbol.dispose](): void {
    this.close();
  }

  [inspect.custom](): string {
    return `SharedMemory(${inspect(this.name)}, size=${this.size})`;
  }
}

interface Made {
  readonly name: string;
  readonly memory: NativeNamedMemory;
}

function named(name: string, size: number, contents: Uint8Array | undefined): Made {
  const memory = new native.NamedMemory(name, size, contents);
  if (memory.error !== 0) throw refusalOf(memory.error, name, 'create', size);
  return { name, memory };
}

/** By a name that is free. There are so many that another attempt succeeds, unless names are not random at all. */
function unnamed(size: number, contents: Uint8Array | undefined): Made {
  for (let attemptsLeft = 1000; ; attemptsLeft--) {
    try {
      return named(generatedName(), size, contents);
    } catch (error) {
      if (!(error instanceof SharedMemoryError && error.code === 'EEXIST') || attemptsLeft === 0) throw error;
    }
  }
}

function sizeOf(bytes: number, expected: number | undefined, name: string): number {
  // Some systems round sizes up to pages.
  if (expected !== undefined && expected <= bytes) return expected;
  if (expected !== undefined) {
    throw new SharedMemoryError(
      `Shared memory '${name}' no longer exists: another one of ${bytes} bytes has its name`,
      'ENOENT',
    );
  }
  if (bytes <= constants.MAX_LENGTH) return bytes;
  throw new SharedMemoryError(
    `Shared memory '${name}' has ${bytes} bytes; a buffer of this Node.js can have ${constants.MAX_LENGTH}`,
    'EFBIG',
  );
}

interface Handle {
  readonly name: string;
  readonly size: number;
}

registerHandleType<SharedMemory>({
  name: 'SharedMemory',
  type: SharedMemory,
  toHandle: ({ name, size }) => ({ name, size }) satisfies Handle,
  standsAlone: true,
  fromHandle: (data) => {
    const { name, size } = data as Handle;
    return new SharedMemory({ name, [expectedSize]: size });
  },
});
