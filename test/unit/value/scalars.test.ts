import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { Codec } from '#lib/transport/value/codec.js';
import { Input } from '#lib/transport/value/input.js';
import { Output } from '#lib/transport/value/output.js';
import { composite, readScalar, writeScalar } from '#lib/transport/value/scalars.js';
import { LocalContext } from './context.js';

const scalar = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.integer({ min: -200, max: 200 }),
  fc.bigInt(),
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.string({ maxLength: 80 }),
  fc.constantFrom(undefined, null, true, false, -0, 'x'.repeat(20_000), '€'.repeat(20_000), '\ud800'),
);

describe('messages of primitive values', () => {
  const codec = new Codec(new LocalContext());
  const output = new Output();
  const encoded = (value: unknown) => Buffer.from(codec.encode(value, 'value').head);

  it('have the bytes that the codec writes, and are read as what it reads', () => {
    fc.assert(
      fc.property(scalar, (value) => {
        assert.ok(writeScalar(output, value));
        const bytes = output.bytes.subarray(0, output.position);
        assert.ok(bytes.equals(encoded(value)));
        assert.ok(Object.is(readScalar(new Input(bytes)), codec.decode(bytes, [])));
        assert.ok(Object.is(readScalar(new Input(bytes)), value));
      }),
      { numRuns: 1000 },
    );
  });

  it('are told from those of objects', () => {
    const shared = {};
    for (const value of [[], {}, [1], { a: 1 }, new Map(), [shared, shared], new Date(0)]) {
      assert.equal(writeScalar(output, value), false);
      assert.equal(readScalar(new Input(encoded(value))), composite);
    }
  });
});
