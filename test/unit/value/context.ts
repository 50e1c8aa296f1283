import { Codec, type AnyFunction, type CodecContext } from '#lib/transport/value/codec.js';

/** A context in which sender and receiver are the same: functions and shared buffers are known by their position. */
export class LocalContext implements CodecContext {
  readonly functions: AnyFunction[] = [];
  readonly buffers: SharedArrayBuffer[] = [];
  readonly paths: string[] = [];

  functionId(fn: AnyFunction, path: string): number {
    this.paths.push(path);
    return indexIn(this.functions, fn);
  }

  functionOf(id: number): AnyFunction {
    return this.functions[id]!;
  }

  shareBuffer(buffer: SharedArrayBuffer): number {
    return indexIn(this.buffers, buffer);
  }

  sharedBufferOf(id: number): SharedArrayBuffer {
    return this.buffers[id]!;
  }
}

function indexIn<T>(list: T[], item: T): number {
  const index = list.indexOf(item);
  return index >= 0 ? index : list.push(item) - 1;
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
