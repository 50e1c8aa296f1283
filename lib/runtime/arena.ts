/** Blocks of 64 bytes to 64 KiB, in powers of two. */
const SMALLEST = 6;
const LARGEST = 16;

/**
 * Hands out blocks of a pool's argument arena. The owner alone allocates and frees, so plain free lists do.
 *
 * A block that was cut keeps its size: under a mix of sizes that changes for good, requests fall back to segments of
 * their own rather than fail.
 */
export class Arena {
  readonly #size: number;
  readonly #free: number[][] = Array.from({ length: LARGEST + 1 }, () => []);
  #top = 0;

  constructor(size: number) {
    this.#size = size;
  }

  /** The largest request that a block can serve, in bytes. */
  static readonly largest = 1 << LARGEST;

  /** Offset of a block of at least `bytes`, or -1 when there is none. */
  allocate(bytes: number): number {
    const order = orderOf(bytes);
    if (order > LARGEST) return -1;
    const offset = this.#free[order]!.pop();
    if (offset !== undefined) return offset;
    if (this.#top + (1 << order) > this.#size) return -1;
    const fresh = this.#top;
    this.#top += 1 << order;
    return fresh;
  }

  free(offset: number, bytes: number): void {
    this.#free[orderOf(bytes)]!.push(offset);
  }
}

function orderOf(bytes: number): number {
  return Math.max(SMALLEST, 32 - Math.clz32(bytes - 1));
}
