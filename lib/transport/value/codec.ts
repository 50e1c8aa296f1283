import type { CodecContext } from './context.js';
import type { Root } from './path.js';
import { Reader } from './reader.js';
import { Writer } from './writer.js';

export type { AnyFunction, CodecContext } from './context.js';
export { ItemsRoot, type Root } from './path.js';

/** An encoded value. */
export interface Encoded {
  /** Valid until the next `encode` of the same codec, whose memory it is. */
  readonly head: Uint8Array;
  /** Contents of large ArrayBuffers: the caller's own buffers, not copies. */
  readonly blobs: readonly ArrayBuffer[];
}

/** Turns values into bytes and back. Any message can be read by itself, in any order, by any codec on this machine. */
export class Codec {
  readonly #context: CodecContext;
  readonly #writer: Writer;
  #busy = false;

  /** @param home memory of the caller's for messages that fit into it: a head that lies there need not be copied */
  constructor(context: CodecContext, home?: Buffer) {
    this.#context = context;
    this.#writer = new Writer(context, home);
  }

  /**
   * @param root the name of the value in the paths of errors: 'args', 'result'
   * @throws a SerializationError when something in the value cannot be copied; it tells what and where
   * @throws {FunctionTransportError} when a function in it cannot travel
   */
  encode(value: unknown, root: Root): Encoded {
    // A getter, a handle or a captured variable may encode in the midst of an encoding.
    if (this.#busy) return encodeWith(new Writer(this.#context), value, root);
    this.#busy = true;
    try {
      return encodeWith(this.#writer, value, root);
    } finally {
      this.#busy = false;
    }
  }

  /**
   * @param head may be a view on memory that is overwritten afterwards: nothing in the result refers to it
   * @param blobs become the ArrayBuffers of the result as they are
   */
  decode(head: Uint8Array, blobs: readonly ArrayBuffer[]): unknown {
    return new Reader(this.#context, head, blobs).message();
  }
}

function encodeWith(writer: Writer, value: unknown, root: Root): Encoded {
  return { head: writer.message(value, root), blobs: writer.blobs };
}
