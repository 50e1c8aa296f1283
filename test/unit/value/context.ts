import { Codec, type AnyFunction, type CodecContext } from '#lib/transport/value/codec.js';

/** A context in which sender and receiver are the same: functions and shared buffers are known by their position + 1. */
export class LocalContext implements CodecContext {
  readonly functions: AnyFunction[] = [];
  readonly buffers: SharedArrayBuffer[] = [];
  readonly paths: string[] = [];

  functionId(fn: AnyFunction, path: string): number {
    this.paths.push(path);
    return numberIn(this.functions, fn);
  }

  functionOf(id: number): AnyFunction {
    return this.functions[id - 1]!;
  }

  shareBuffer(buffer: SharedArrayBuffer): number {
    return numberIn(this.buffers, buffer);
  }

  sharedBufferOf(id: number): SharedArrayBuffer {
    return this.buffers[id - 1]!;
  }
}

function numberIn<T>(list: T[], item: T): number {
  const index = list.indexOf(item);
  return index >= 0 ? index + 1 : list.push(item);
}

/** Sends a value through a fresh pair of codecs. The message is wiped afterwards, so that nothing may alias it. */
export function roundTrip(value: unknown, context: CodecContext = new LocalContext()): unknown {
  const { head, blobs } = new Codec(context).encode(value, 'args');
  const message = new Uint8Array(new SharedArrayBuffer(head.length));
  message.set(head);
  const result = new Codec(context).decode(message, blobs);
  message.fill(0xff);
  return result;
}
