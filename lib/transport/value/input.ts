/** Strings up to this length, in bytes, are looked up among those read before, which beats making them anew. */
const INTERNED_LENGTH = 16;
const INTERNED_SLOTS = 4096;
const interned: string[] = new Array<string>(INTERNED_SLOTS).fill('');

/** Reads the primitives of the wire format off a message. Everything that it returns is a copy. */
export class Input {
  readonly bytes: Uint8Array;
  position = 0;
  /** Made when first needed: most messages are small, and making one takes as long as reading several values. */
  #view: DataView | undefined;
  #buffer: Buffer | undefined;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  byte(): number {
    return this.bytes[this.position++]!;
  }

  varint(): number {
    const { bytes } = this;
    let value = bytes[this.position++]!;
    if (value < 0x80) return value;
    value -= 0x80;
    for (let factor = 0x80; ; factor *= 0x80) {
      const byte = bytes[this.position++]!;
      if (byte < 0x80) return value + byte * factor;
      value += (byte - 0x80) * factor;
    }
  }

  int8(): number {
    return (this.bytes[this.position++]! << 24) >> 24;
  }

  int16(): number {
    const position = this.position;
    this.position = position + 2;
    return ((this.bytes[position]! << 16) | (this.bytes[position + 1]! << 24)) >> 16;
  }

  int32(): number {
    const { bytes, position } = this;
    this.position = position + 4;
    return bytes[position]! | (bytes[position + 1]! << 8) | (bytes[position + 2]! << 16) | (bytes[position + 3]! << 24);
  }

  float64(): number {
    const { position } = this;
    this.position = position + 8;
    return (this.#view ?? this.#makeView()).getFloat64(position, true);
  }

  bigint64(): bigint {
    const { position } = this;
    this.position = position + 8;
    return (this.#view ?? this.#makeView()).getBigInt64(position, true);
  }

  bigint(): bigint {
    const negative = this.bytes[this.position++] === 1;
    const magnitude = BigInt(`0x${Buffer.from(this.raw(this.varint())).toString('hex')}`);
    return negative ? -magnitude : magnitude;
  }

  latin1(length: number): string {
    if (length <= INTERNED_LENGTH) return this.#interned(length);
    return this.#text('latin1', length);
  }

  utf16(length: number): string {
    return this.#text('utf16le', length);
  }

  /** A copy of the next bytes. */
  raw(length: number): Uint8Array<ArrayBuffer> {
    const copy = new Uint8Array(length);
    copy.set(this.bytes.subarray(this.position, (this.position += length)));
    return copy;
  }

  #text(encoding: 'latin1' | 'utf16le', length: number): string {
    const { bytes } = this;
    this.#buffer ??= Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return this.#buffer.toString(encoding, this.position, (this.position += length));
  }

  #interned(length: number): string {
    const { bytes, position } = this;
    let hash = length;
    for (let i = 0; i < length; i++) hash = (hash * 31 + bytes[position + i]!) | 0;
    const slot = (hash ^ (hash >>> 12)) & (INTERNED_SLOTS - 1);
    const known = interned[slot]!;
    let same = known.length === length;
    for (let i = 0; same && i < length; i++) same = known.charCodeAt(i) === bytes[position + i];
    if (same) {
      this.position = position + length;
      return known;
    }
    return (interned[slot] = this.#text('latin1', length));
  }

  #makeView(): DataView {
    const { buffer, byteOffset, byteLength } = this.bytes;
    return (this.#view = new DataView(buffer, byteOffset, byteLength));
  }
}
