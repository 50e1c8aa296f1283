import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import * as zlib from 'node:zlib';
import * as fc from 'fast-check';
import { SharedArray, type HashAlgorithm } from 'allcores';
import { both, dtypes, numbers, values, vectorOf } from './support.js';

/** Of the bytes (7 i + 3) mod 256, by the reference implementation: length, without a seed, with the seed 12345. */
const XXH3: readonly [length: number, plain: bigint, seeded: bigint][] = [
  [0, 0x2d06800538d394c2n, 0xa706d6c022c3723bn],
  [1, 0x13e608bc156defedn, 0x134f5ea939adf977n],
  [3, 0xa9088dda485b481cn, 0x73ad7bd3f11bbf89n],
  [8, 0x60539db630471163n, 0x5d8256062e01375dn],
  [16, 0xb8c859b0f030b585n, 0xffda77731e84097fn],
  [17, 0x714a04408e79b80fn, 0x652f0b0734429bb6n],
  [128, 0x67425a03650261bfn, 0x90820000d7f64c44n],
  [129, 0xc664bf3311c6abc4n, 0x2b4b1ad038486ed2n],
  [240, 0x64556dc6b462a6cfn, 0x747fa7df7f219918n],
  [241, 0x8beadd3a8874fe17n, 0x0255751e10476213n],
  [1024, 0x9b81661c641c72b1n, 0x2f6552d5033d4648n],
  [5000, 0x799aaddd7339581dn, 0x456e6fec158615f1n],
];

const bytesOf = (vector: { readonly view: ArrayBufferView }): Uint8Array =>
  new Uint8Array(vector.view.buffer, vector.view.byteOffset, vector.view.byteLength);
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const pattern = (length: number): SharedArray<'uint8'> =>
  new SharedArray(
    'uint8',
    Array.from({ length }, (_, i) => (7 * i + 3) % 256),
  );

describe('hashes of a vector', () => {
  it('are those of the reference implementation of XXH3, with and without a seed', async () => {
    for (const [length, plain, seeded] of XXH3) {
      const vector = pattern(length);
      assert.equal(
        await both(
          () => vector.hashSync(),
          () => vector.hash('xxh3'),
        ),
        plain,
      );
      assert.equal(await vector.hash('xxh3', { seed: 12345 }), seeded);
      assert.equal(vector.hashSync('xxh3', { seed: 12345n }), seeded);
    }
  });

  for (const dtype of dtypes) {
    it(`are those of zlib and of OpenSSL, of the bytes of ${dtype} and of any part of them`, () =>
      fc.assert(
        fc.asyncProperty(numbers, fc.nat(), fc.nat(), async (given, a, b) => {
          const vector = vectorOf(dtype, given);
          const [start, end] = [a % (vector.length + 1), b % (vector.length + 1)].sort((x, y) => x - y) as [
            number,
            number,
          ];
          for (const range of [{}, { start, end }, { start }]) {
            const bytes = bytesOf({ view: vector.view.subarray(range.start, range.end) });
            const crc32 = await both(
              () => vector.hashSync('crc32', range),
              () => vector.hash('crc32', range),
            );
            assert.equal(crc32, zlib.crc32(bytes));
            const digest = await both(
              () => vector.hashSync('sha256', range),
              () => vector.hash('sha256', range),
            );
            assert.equal(digest, sha256(bytes));
            const copy = new SharedArray('uint8', bytes);
            assert.equal(await vector.hash('xxh3', range), copy.hashSync());
          }
        }),
        { numRuns: 20 },
      ));
  }

  it('of rows are those of each row', () =>
    fc.assert(
      fc.asyncProperty(numbers, fc.integer({ min: 1, max: 3000 }), async (given, rowLength) => {
        const vector = vectorOf('int32', given);
        const count = Math.ceil(vector.length / rowLength);
        const rows = Array.from({ length: count }, (_, i) => ({
          start: i * rowLength,
          end: Math.min((i + 1) * rowLength, vector.length),
        }));
        for (const algorithm of ['xxh3', 'crc32'] as const) {
          const hashes = await both(
            () => vector.hashRowsSync(algorithm, rowLength),
            () => vector.hashRows(algorithm, rowLength),
            (x, y) => assert.deepEqual(values(x), values(y)),
          );
          assert.deepEqual(
            values(hashes),
            rows.map((row) => vector.hashSync(algorithm, row)),
          );
        }
        const digests = Buffer.from((await vector.hashRows('sha256', rowLength)).view).toString('hex');
        assert.equal(digests, rows.map((row) => vector.hashSync('sha256', row)).join(''));
        const seeded = await vector.hashRows('xxh3', rowLength, { seed: 3 });
        assert.deepEqual(
          values(seeded),
          rows.map((row) => vector.hashSync('xxh3', { ...row, seed: 3 })),
        );
      }),
      { numRuns: 30 },
    ));

  it('of megabytes are the same, and end with their signal', async () => {
    const vector = new SharedArray('float64', 1_000_000);
    vector.view.forEach((_, i, view) => (view[i] = i / 3));
    assert.equal(await vector.hash('crc32'), zlib.crc32(bytesOf(vector)));
    assert.equal(await vector.hash('sha256'), sha256(bytesOf(vector)));
    const reason = new Error('no more');
    await assert.rejects(vector.hash('sha256', { signal: AbortSignal.abort(reason) }), reason);
  });

  it('refuse what they cannot hash by', () => {
    const vector = pattern(10);
    const refused = (what: () => unknown, error: RegExp): void => assert.throws(what, error);
    refused(() => vector.hashSync('md5' as HashAlgorithm), /algorithm must be one of xxh3, crc32, sha256, got 'md5'/);
    refused(() => vector.hashSync('crc32', { seed: 1 }), /seed is for xxh3 alone, got 1 for 'crc32'/);
    refused(() => vector.hashSync('xxh3', { seed: -1 }), /seed must be an integer of at least 0, got -1/);
    refused(() => vector.hashSync('xxh3', { seed: 2n ** 64n }), /seed must be an integer from 0 to 2\^64 - 1/);
    refused(() => vector.hashSync('xxh3', { start: 6, end: 5 }), /start must be an integer from 0 to 5, got 6/);
    refused(() => vector.hashSync('xxh3', { end: 11 }), /end must be an integer from 0 to 10, got 11/);
    refused(() => vector.hashRowsSync('crc32', 0), /rowLength must be an integer of at least 1, got 0/);
  });
});
