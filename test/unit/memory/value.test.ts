import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { Lock, ProcessError, RLock, Value, type DType, type TypeCode } from 'allcores';

const integers: readonly [DType & TypeCodeless, bits: number, signed: boolean][] = [
  ['int8', 8, true],
  ['uint8', 8, false],
  ['int16', 16, true],
  ['uint16', 16, false],
  ['int32', 32, true],
  ['uint32', 32, false],
];
type TypeCodeless = Exclude<DType, 'int64' | 'uint64' | 'float32' | 'float64'>;

describe('Value', () => {
  for (const [dtype, bits, signed] of integers) {
    it(`of ${dtype} holds its range and wraps around`, () => {
      const [least, most] = signed ? [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1] : [0, 2 ** bits - 1];
      const value = new Value(dtype, most);
      assert.equal(value.value, most);
      assert.equal(value.add(1), most);
      assert.equal(value.value, least);
      assert.equal(value.sub(1), least);
      assert.equal(value.value, most);
      value.value = most + 2;
      assert.equal(value.value, least + 1);
      assert.equal(value.exchange(5), least + 1);
      assert.equal(value.compareExchange(4, 9), 5);
      assert.equal(value.value, 5);
      assert.equal(value.compareExchange(5, 9), 5);
      assert.equal(value.value, 9);
      assert.equal(value.dtype, dtype);
    });
  }

  for (const [dtype, least, most] of [
    ['int64', -(2n ** 63n), 2n ** 63n - 1n],
    ['uint64', 0n, 2n ** 64n - 1n],
  ] as const) {
    it(`of ${dtype} is a bigint, and wraps around`, () => {
      const value = new Value(dtype, most);
      assert.equal(value.add(1n), most);
      assert.equal(value.value, least);
      assert.equal(value.sub(1n), least);
      assert.equal(value.exchange(7n), most);
      assert.equal(value.compareExchange(7n, 8n), 7n);
      assert.equal(value.value, 8n);
      assert.equal(new Value(dtype).value, 0n);
    });

    it(`of ${dtype} takes safe integers, and gives bigints`, () => {
      const value = new Value(dtype, 5);
      assert.equal(value.value, 5n);
      value.value = Number.MAX_SAFE_INTEGER;
      assert.equal(value.exchange(7), 2n ** 53n - 1n);
      assert.equal(value.add(2), 7n);
      assert.equal(value.sub(1), 9n);
      assert.equal(value.compareExchange(8, -1), 8n);
      assert.equal(value.value, BigInt(dtype === 'int64' ? -1 : most));
      for (const bad of [1.5, NaN, 2 ** 53, '1', null]) {
        const refused = (name: string): object => ({
          name: 'TypeError',
          message: `${name} must be a bigint or a safe integer for ${dtype}, got ${inspect(bad)}`,
        });
        assert.throws(() => new Value(dtype, bad as never), refused('init'));
        assert.throws(() => (value.value = bad as never), refused('value'));
        assert.throws(() => value.add(bad as never), refused('by'));
      }
    });
  }

  for (const dtype of ['float32', 'float64'] as const) {
    it(`of ${dtype} changes in one step, too`, () => {
      const round = dtype === 'float32' ? Math.fround : (x: number): number => x;
      const value = new Value(dtype, 0.1);
      assert.equal(value.value, round(0.1));
      assert.equal(value.add(1.5), round(0.1));
      assert.equal(value.value, round(round(0.1) + 1.5));
      assert.equal(value.sub(1.5), round(round(0.1) + 1.5));
      value.value = 0.1;
      assert.equal(value.compareExchange(0.1, 0.3), round(0.1)); // as it was rounded
      assert.equal(value.exchange(Infinity), round(0.3));
      value.value = NaN;
      assert.equal(value.compareExchange(1, 2), NaN);
      assert.equal(value.compareExchange(NaN, -0), NaN);
      assert.ok(Object.is(value.value, -0));
      assert.ok(Object.is(value.compareExchange(0, 4), -0));
      assert.equal(value.value, 4);
    });
  }

  it("knows Python's codes", () => {
    const codes: Record<TypeCode, DType> = {
      b: 'int8', B: 'uint8', h: 'int16', H: 'uint16', i: 'int32', I: 'uint32',
      l: 'int64', L: 'uint64', q: 'int64', Q: 'uint64', f: 'float32', d: 'float64',
    }; // prettier-ignore
    for (const [code, dtype] of Object.entries(codes)) assert.equal(new Value(code as TypeCode).dtype, dtype);
    assert.equal(inspect(new Value('i', 7)), 'Value(int32) 7');
  });

  it('begins with 0', () => {
    assert.deepEqual([new Value('d').value, new Value('h').value, new Value('Q').value], [0, 0, 0n]);
  });

  it('refuses what is no element of its type, by name', () => {
    const value = new Value('int32', 1);
    for (const bad of ['1', 1n, null, undefined, 1.5, NaN, Infinity]) {
      const refused = (name: string): object => ({
        name: 'TypeError',
        message: `${name} must be an integer for int32, got ${inspect(bad)}`,
      });
      assert.throws(() => (value.value = bad as never), refused('value'));
      assert.throws(() => value.add(bad as never), refused('by'));
      assert.throws(() => value.sub(bad as never), refused('by'));
      assert.throws(() => value.exchange(bad as never), refused('value'));
      assert.throws(() => value.compareExchange(bad as never, 1), refused('expected'));
      assert.throws(() => value.compareExchange(1, bad as never), refused('value'));
      if (bad !== undefined) assert.throws(() => new Value('int32', bad as never), refused('init'));
    }
    assert.equal(value.value, 1);
    assert.throws(() => new Value('float64', '1' as never), { message: "init must be a number for float64, got '1'" });
    assert.throws(() => new Value('c' as never), { name: 'TypeError', message: /^dtype must be one of .* got "c"$/ });
  });

  it('has an RLock of its own, one that is given, or none', () => {
    const own = new Value('i');
    assert.ok(own.getLock() instanceof RLock);
    assert.equal(own.getLock(), own.getLock());
    assert.ok(new Value('i', 0, { lock: true }).getLock() instanceof RLock);
    for (const lock of [new Lock(), new RLock()]) assert.equal(new Value('i', 0, { lock }).getLock(), lock);
    assert.throws(() => new Value('i', 0, { lock: false }).getLock(), {
      constructor: ProcessError,
      message: 'This Value was made with lock: false',
    });
    assert.throws(() => new Value('i', 0, { lock: 5 as never }), {
      name: 'TypeError',
      message: 'lock must be true, false, a Lock or an RLock, got 5',
    });
  });
});
