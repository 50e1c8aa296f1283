import { types } from 'node:util';
import type { Sink } from './sink.js';
import type { Source } from './source.js';
import { BLOB_THRESHOLD, Tag } from './tags.js';
import { isDetached, makeView, viewLength, viewType, BUFFER } from './views.js';

/** Views travel with their whole buffer, so that views on one buffer keep sharing it; see {@link isPart}. */
export function writeView(sink: Sink, view: ArrayBufferView): void {
  const { output } = sink;
  const type = viewType(view);
  if (type === BUFFER && isPart(view)) {
    output.byte(Tag.bufferBytes);
    output.varint(view.byteLength);
    output.raw(view as Uint8Array);
    return;
  }
  output.byte(Tag.view);
  output.varint(type);
  output.varint(view.byteOffset);
  output.varint(viewLength(view));
  sink.write(view.buffer);
}

/**
 * Node cuts Buffers out of slabs that they share with strangers, so a Buffer that does not fill its memory travels
 * alone. One on shared memory stays on it.
 */
function isPart(view: ArrayBufferView): boolean {
  return view.byteLength !== view.buffer.byteLength && !types.isSharedArrayBuffer(view.buffer);
}

export function writeBuffer(sink: Sink, buffer: ArrayBufferLike): void {
  const { output } = sink;
  if (types.isSharedArrayBuffer(buffer)) {
    output.byte(Tag.sharedBuffer);
    output.varint(sink.shareBuffer(buffer));
  } else if (isDetached(buffer)) {
    throw sink.refuse('a detached ArrayBuffer', 'its memory has been transferred away');
  } else if (buffer.byteLength >= BLOB_THRESHOLD) {
    output.byte(Tag.blob);
    output.varint(sink.addBlob(fixed(buffer)));
  } else {
    output.byte(Tag.arrayBuffer);
    output.varint(buffer.byteLength);
    output.raw(new Uint8Array(buffer));
  }
}

/** A resizable buffer may change before the message leaves, so it travels as the bytes that it has now. */
function fixed(buffer: ArrayBuffer): ArrayBuffer {
  return (buffer as { readonly resizable?: boolean }).resizable === true ? buffer.slice(0) : buffer;
}

/** Reads what follows {@link Tag.view}. */
export function readView(source: Source): ArrayBufferView {
  const { input } = source;
  const type = input.varint();
  const byteOffset = input.varint();
  const length = input.varint();
  return makeView(type, source.read() as ArrayBufferLike, byteOffset, length);
}

/** Reads what follows {@link Tag.bufferBytes}. */
export function readBufferBytes(source: Source): Buffer {
  return Buffer.from(source.input.raw(source.input.varint()).buffer);
}
