import assert from 'node:assert/strict';
import { Codec } from '#lib/transport/value/codec.js';
import { BLOB_THRESHOLD } from '#lib/transport/value/tags.js';
import { LocalContext, roundTrip } from './context.js';

describe('binary values', () => {
  it('carries typed arrays of every kind', () => {
    const types = [Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array];
    for (const type of [...types, Float32Array, Float64Array]) {
      for (const length of [0, 1, 5, 100_000]) {
        const value = new type(length).fill(7);
        assert.deepStrictEqual(roundTrip(value), value);
      }
    }
    assert.deepStrictEqual(roundTrip(BigInt64Array.of(-1n, 2n)), BigInt64Array.of(-1n, 2n));
    assert.deepStrictEqual(roundTrip(BigUint64Array.of(2n ** 64n - 1n)), BigUint64Array.of(2n ** 64n - 1n));
    const half = (globalThis as { Float16Array?: typeof Float32Array }).Float16Array;
    if (half !== undefined) assert.deepStrictEqual(roundTrip(half.of(1.5, -0)), half.of(1.5, -0));
    const { buffer } = Uint8Array.of(1, 2, 3, 4);
    assert.deepStrictEqual(roundTrip(buffer), buffer);
    assert.deepStrictEqual(roundTrip(new DataView(buffer, 1, 2)), new DataView(buffer, 1, 2));
  });

  it('keeps views on one buffer together, with the whole of it', () => {
    const bytes = Uint8Array.from({ length: 16 }, (_, i) => i);
    const [view, words, buffer] = roundTrip([bytes.subarray(4, 8), new Uint32Array(bytes.buffer), bytes.buffer]) as [
      Uint8Array,
      Uint32Array,
      ArrayBuffer,
    ];
    assert.ok(view.buffer === buffer && words.buffer === buffer);
    assert.deepStrictEqual([view.byteOffset, [...view], buffer.byteLength], [4, [4, 5, 6, 7], 16]);
  });

  it('makes Buffers of Buffers, and sends no more of a slab than the Buffer', () => {
    const pooled = Buffer.from('pooled');
    assert.ok(pooled.buffer.byteLength > pooled.length, 'this Buffer is cut out of a slab');
    const context = new LocalContext();
    assert.ok(new Codec(context).encode(pooled, 'args').head.length < 20);
    const result = roundTrip(pooled) as Buffer;
    assert.ok(Buffer.isBuffer(result) && result.buffer.byteLength === 6);
    assert.equal(result.toString(), 'pooled');
    assert.ok(Buffer.isBuffer(roundTrip(Buffer.alloc(10))));
    assert.ok(Buffer.isBuffer(roundTrip(Buffer.alloc(100_000))));
    const large = Buffer.alloc(200_000, 'x').subarray(1);
    assert.deepStrictEqual(roundTrip(large), large);
  });

  it('keeps large contents out of the message, uncopied, and adopts them', () => {
    const large = new Float64Array(BLOB_THRESHOLD / 8).fill(0.5);
    const small = new Uint8Array(BLOB_THRESHOLD - 1);
    const codec = new Codec(new LocalContext());
    const { head, blobs } = codec.encode([large, { large, small }, large.subarray(1)], 'args');
    assert.ok(blobs.length === 1 && blobs[0] === large.buffer);
    const other = large.buffer.slice(0);
    const result = codec.decode(head, [other]) as [Float64Array, { large: Float64Array }, Float64Array];
    assert.ok(result[0].buffer === other && result[1].large === result[0] && result[2].buffer === other);
    const next = codec.encode(1, 'args');
    assert.deepStrictEqual([next.blobs, blobs.length], [[], 1]);
  });

  it('carries resizable buffers as what they are now', () => {
    const make = ArrayBuffer as unknown as new (length: number, options: object) => ArrayBuffer;
    for (const length of [8, BLOB_THRESHOLD]) {
      const buffer = new make(length, { maxByteLength: length * 2 });
      const { head, blobs } = new Codec(new LocalContext()).encode(new Uint8Array(buffer).fill(3), 'args');
      const result = new Codec(new LocalContext()).decode(head, blobs) as Uint8Array;
      assert.deepStrictEqual(result, new Uint8Array(length).fill(3));
      assert.equal((result.buffer as { resizable?: boolean }).resizable ?? false, false);
    }
  });

  it('passes SharedArrayBuffers by reference', () => {
    const shared = new SharedArrayBuffer(16);
    const view = new Int32Array(shared, 4, 2);
    const buffer = Buffer.from(shared, 2, 4);
    const result = roundTrip([view, shared, new DataView(shared), buffer]) as [Int32Array, unknown, DataView, Buffer];
    assert.ok(result[0].buffer === shared && result[1] === shared && result[2].buffer === shared);
    assert.deepStrictEqual([result[0].byteOffset, result[0].length], [4, 2]);
    assert.ok(result[3].buffer === shared && Buffer.isBuffer(result[3]));
    assert.deepStrictEqual([result[3].byteOffset, result[3].length], [2, 4]);
  });
});
