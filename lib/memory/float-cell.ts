const scratch = new ArrayBuffer(8);
const single = new Float32Array(scratch, 0, 1);
const singleBits = new Int32Array(scratch, 0, 1);
const double = new Float64Array(scratch);
const doubleBits = new BigInt64Array(scratch);

/**
 * A float that changes by compare-and-swap on its bits, as processors have no other atomic operation on floats. No lock is
 * needed, so none can be left behind by somebody who dies.
 */
export class FloatCell {
  readonly #single: Int32Array | undefined;
  readonly #double: BigInt64Array | undefined;
  /** The bits at the last load. */
  #seen: number | bigint = 0;

  /** Of the first element. */
  constructor({ buffer, byteOffset, BYTES_PER_ELEMENT }: Float32Array | Float64Array) {
    if (BYTES_PER_ELEMENT === 4) this.#single = new Int32Array(buffer, byteOffset, 1);
    else this.#double = new BigInt64Array(buffer, byteOffset, 1);
  }

  add(by: number): number {
    for (;;) {
      const before = this.#load();
      if (this.#replace(before + by)) return before;
    }
  }

  exchange(value: number): number {
    for (;;) {
      const before = this.#load();
      if (this.#replace(value)) return before;
    }
  }

  /** Compares as `===` does, but finds NaN equal to NaN; `expected` is rounded to the type first. */
  compareExchange(expected: number, value: number): number {
    const wanted = this.#single === undefined ? expected : Math.fround(expected);
    for (;;) {
      const before = this.#load();
      const same = before === wanted || (Number.isNaN(before) && Number.isNaN(wanted));
      if (!same || this.#replace(value)) return before;
    }
  }

  #load(): number {
    if (this.#single !== undefined) {
      this.#seen = singleBits[0] = Atomics.load(this.#single, 0);
      return single[0]!;
    }
    this.#seen = doubleBits[0] = Atomics.load(this.#double!, 0);
    return double[0]!;
  }

  /** False when somebody has changed it since the load. */
  #replace(value: number): boolean {
    const seen = this.#seen;
    if (this.#single !== undefined) {
      single[0] = value;
      return Atomics.compareExchange(this.#single, 0, seen as number, singleBits[0]!) === seen;
    }
    double[0] = value;
    return Atomics.compareExchange(this.#double!, 0, seen as bigint, doubleBits[0]!) === seen;
  }
}
