import { SHORT_STRING, Tag } from './tags.js';

const INITIAL_SIZE = 8 * 1024;
/** A buffer that one large message has grown beyond this size, in bytes, is given back with the next message. */
const KEPT_SIZE = 1024 * 1024;
/** Up to this length, writing characters one by one beats a call into the runtime. */
const INLINE_STRING = 40;
/** The same for bytes. */
const INLINE_BYTES = 48;

const notLatin1 = /[^\0-\xff]/;
/** A growing byte buffer with the primitives of the wire format. It is reused from message to message. */
export class Output {
  bytes: Buffer;
  position = 0;
  readonly #home: Buffer | undefined;
  #view: DataView;

  /** @param home where messages are written that fit into it; without it, into memory of its own */
  constructor(home?: Buffer) {
    this.#home = home;
    this.bytes = home ?? Buffer.allocUnsafeSlow(INITIAL_SIZE);
    this.#view = viewOf(this.bytes);
  }

  reset(): void {
    this.position = 0;
    if (this.#home !== undefined) {
      if (this.bytes !== this.#home) this.#use(this.#home);
    } else if (this.bytes.length > KEPT_SIZE) {
      this.#use(Buffer.allocUnsafeSlow(INITIAL_SIZE));
    }
  }

  /** Makes room for `count` more bytes. */
  reserve(count: number): void {
    const needed = this.position + count;
    if (needed <= this.bytes.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.bytes.length * 2));
    grown.set(this.bytes.subarray(0, this.position));
    this.#use(grown);
  }

  byte(value: number): void {
    if (this.position === this.bytes.length) this.reserve(1);
    this.bytes[this.position++] = value;
  }

  varint(value: number): void {
    this.reserve(8);
    while (value > 0x7f) {
      this.bytes[this.position++] = (value % 0x80) | 0x80;
      value = Math.floor(value / 0x80);
    }
    this.bytes[this.position++] = value;
  }

  raw(source: Uint8Array): void {
    const { length } = source;
    this.reserve(length);
    const { bytes, position } = this;
    if (length <= INLINE_BYTES) for (let i = 0; i < length; i++) bytes[position + i] = source[i]!;
    else bytes.set(source, position);
    this.position = position + length;
  }

  number(value: number): void {
    this.reserve(9);
    const { bytes } = this;
    let position = this.position;
    if ((value | 0) === value && (value !== 0 || 1 / value > 0)) {
      if (value >= 0 && value <= 0x7f) {
        bytes[position++] = value;
      } else if (value >= -0x80 && value <= 0x7f) {
        bytes[position++] = Tag.int8;
        bytes[position++] = value;
      } else if (value >= -0x8000 && value <= 0x7fff) {
        bytes[position++] = Tag.int16;
        bytes[position++] = value;
        bytes[position++] = value >> 8;
      } else {
        bytes[position++] = Tag.int32;
        bytes[position++] = value;
        bytes[position++] = value >> 8;
        bytes[position++] = value >> 16;
        bytes[position++] = value >> 24;
      }
      this.position = position;
    } else {
      bytes[position] = Tag.float64;
      this.#view.setFloat64(position + 1, value, true);
      this.position = position + 9;
    }
  }

  float64(value: number): void {
    this.reserve(8);
    this.#view.setFloat64(this.position, value, true);
    this.position += 8;
  }

  bigint(value: bigint): void {
    if (BigInt.asIntN(64, value) === value) {
      this.byte(Tag.bigint64);
      this.reserve(8);
      this.#view.setBigInt64(this.position, value, true);
      this.position += 8;
      return;
    }
    const digits = (value < 0n ? -value : value).toString(16);
    this.byte(Tag.bigint);
    this.byte(value < 0n ? 1 : 0);
    const magnitude = Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, 'hex');
    this.varint(magnitude.length);
    this.raw(magnitude);
  }

  string(value: string): void {
    const { length } = value;
    if (length > INLINE_STRING || !this.#inlineString(value, length)) this.#longString(value, length);
  }

  /** Writes a short string as Latin-1; false, and nothing written, when it is not. */
  #inlineString(value: string, length: number): boolean {
    this.reserve(length + 2);
    const { bytes } = this;
    let position = this.position;
    if (length < 0x20) {
      bytes[position++] = SHORT_STRING | length;
    } else {
      bytes[position++] = Tag.latin1;
      bytes[position++] = length;
    }
    for (let i = 0; i < length; i++) {
      const unit = value.charCodeAt(i);
      if (unit > 0xff) return false;
      bytes[position++] = unit;
    }
    this.position = position;
    return true;
  }

  #longString(value: string, length: number): void {
    // The byte length equals the length just for ASCII, and computing it is far faster than a regular expression.
    const narrow = Buffer.byteLength(value) === length || !notLatin1.test(value);
    const size = narrow ? length : length * 2;
    this.byte(narrow ? Tag.latin1 : Tag.utf16);
    this.varint(size);
    this.reserve(size);
    this.bytes.write(value, this.position, size, narrow ? 'latin1' : 'utf16le');
    this.position += size;
  }

  #use(bytes: Buffer): void {
    this.bytes = bytes;
    this.#view = viewOf(bytes);
  }
}

function viewOf({ buffer, byteOffset, length }: Buffer): DataView {
  return new DataView(buffer, byteOffset, length);
}
