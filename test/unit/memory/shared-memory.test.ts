import assert from 'node:assert/strict';
import { constants } from 'node:buffer';
import { inspect } from 'node:util';
import { ProcessError, SharedMemory, SharedMemoryError } from 'allcores';

describe('SharedMemory', () => {
  const made: SharedMemory[] = [];
  const create = (size: number, name?: string): SharedMemory => {
    const memory = new SharedMemory({ create: true, size, name });
    made.push(memory);
    return memory;
  };
  const newName = (): string => `acm_unit_${process.pid}_${made.length}`;
  afterEach(() => {
    for (const memory of made.splice(0)) {
      memory.close();
      try {
        memory.unlink();
      } catch {
        // The test did.
      }
    }
  });

  it('has exactly the size that it is created with, all zero, and a name of its own', () => {
    for (const size of [1, 512, 4095, 4096, 4097, 1_000_000]) {
      const memory = create(size);
      assert.match(memory.name, /^acm_[0-9a-f]{8}$/);
      assert.equal(memory.size, size);
      assert.equal(memory.buf.length, size);
      assert.ok(memory.buf instanceof Uint8Array && memory.buf.every((byte) => byte === 0));
      assert.equal(memory.buf, memory.buf);
      assert.equal(inspect(memory), `SharedMemory('${memory.name}', size=${size})`);
    }
    assert.equal(new Set(made.map(({ name }) => name)).size, made.length);
  });

  it('is the same memory for everybody who attaches, whatever size they wish', () => {
    const name = newName();
    const memory = create(100, name);
    const other = new SharedMemory({ name });
    const wishful = new SharedMemory({ name, create: false, size: 5000 });
    memory.buf[99] = 42;
    assert.deepEqual([other.size, other.buf[99], wishful.size, wishful.buf[99]], [100, 42, 100, 42]);
    new Float64Array(other.buf.buffer, 8, 2).set([1.5, 2.5]);
    assert.deepEqual([...new Float64Array(memory.buf.buffer, 8, 2)], [1.5, 2.5]);
    other.close();
    wishful.close();
    assert.equal(memory.buf[99], 42);
  });

  it('is closed by each handle for itself: views become empty, buf throws', () => {
    const memory = create(100);
    const other = new SharedMemory({ name: memory.name });
    const [whole, part] = [memory.buf, memory.buf.subarray(10, 20)];
    assert.equal(memory.closed, false);
    memory.close();
    memory.close();
    assert.deepEqual([memory.closed, other.closed], [true, false]);
    assert.deepEqual([whole.length, part.length, part[0], whole.buffer.byteLength], [0, 0, undefined, 0]);
    assert.throws(() => whole.set([1]), TypeError);
    assert.throws(() => memory.buf, {
      constructor: ProcessError,
      message: `Shared memory '${memory.name}' is closed here`,
    });
    other.buf[0] = 1;
    assert.equal(new SharedMemory({ name: memory.name }).buf[0], 1);
    assert.deepEqual([memory.size, memory.name], [100, other.name]);
    other.close();
  });

  it('is closed, not unlinked, at the end of a scope', () => {
    const memory = create(100);
    memory[Symbol.dispose]();
    assert.equal(memory.closed, true);
    new SharedMemory({ name: memory.name }).close();
  });

  it('is unlinked once, by anybody; whoever has it keeps it', () => {
    const memory = create(100);
    const other = new SharedMemory({ name: memory.name });
    other.unlink();
    const gone = {
      constructor: SharedMemoryError,
      code: 'ENOENT',
      message: `Shared memory '${memory.name}' is unlinked already`,
    };
    assert.throws(() => memory.unlink(), gone);
    assert.throws(() => other.unlink(), gone);
    assert.throws(() => new SharedMemory({ name: memory.name }), { code: 'ENOENT' });
    memory.buf[0] = 7;
    assert.equal(other.buf[0], 7);
    // Its name is free, and what has it now is not what the old handles mean.
    const next = create(50, memory.name);
    assert.throws(() => memory.unlink(), gone);
    assert.equal(new SharedMemory({ name: next.name }).size, 50);
    other.close();
    next.close();
    next.unlink(); // also once it is closed
  });

  it('refuses names that are taken, that nobody has, or that are none', () => {
    const name = create(100).name;
    const long = 'n'.repeat(256);
    const refused = (code: string, message: RegExp): object => ({ constructor: SharedMemoryError, code, message });
    const attach =
      (of: string): (() => unknown) =>
      () =>
        new SharedMemory({ name: of });
    assert.throws(() => create(10, name), refused('EEXIST', RegExp(`^name must be .* got '${name}', which exists$`)));
    assert.throws(attach('acm_nobody'), refused('ENOENT', /^name must be .* got 'acm_nobody', which does not$/));
    for (const make of [attach(long), () => create(10, long)]) {
      assert.throws(make, refused('ENAMETOOLONG', /^name must be short enough .* got 'nnn/));
    }
    for (const none of ['', '.', '..', 'a/b', '/a', 'a/', 'a\0b']) {
      assert.throws(attach(none), refused('EINVAL', /^name must be a file name, .* got '/));
      assert.throws(() => create(10, none), refused('EINVAL', /^name must be a file name, .* got '/));
    }
    for (const make of [() => create(10, 5 as never), attach(5 as never), attach(null as never)]) {
      assert.throws(make, { name: 'TypeError', message: /^name must be a string, got (5|null)$/ });
    }
  });

  it('refuses sizes that are none, and options that say nothing', () => {
    for (const size of [0, -1, 1.5, NaN, constants.MAX_LENGTH + 1]) {
      assert.throws(() => create(size), { name: 'RangeError', message: /^size must be an integer from 1 to .* got / });
    }
    assert.throws(() => create('5' as never), { name: 'TypeError', message: "size must be an integer, got '5'" });
    assert.throws(() => new SharedMemory({ create: true } as never), {
      name: 'RangeError',
      message: 'size must be an integer of at least 1, got undefined',
    });
    for (const nothing of [{}, { create: false }, { size: 5 }]) {
      assert.throws(() => new SharedMemory(nothing as never), {
        name: 'TypeError',
        message: 'name must be given unless create is true',
      });
    }
    assert.throws(() => new SharedMemory(undefined as never), { name: 'TypeError', message: /^options must/ });
    assert.throws(() => new SharedMemory('name' as never), {
      name: 'TypeError',
      message: /^options must be an object/,
    });
    assert.throws(() => new SharedMemory({ create: 1, size: 1 } as never), {
      message: 'create must be a boolean, got 1',
    });
  });

  it('takes the next name when a generated one is in use', () => {
    const { random } = Math;
    try {
      const numbers = [0.25, 0.25, 0.25, 0.75];
      Math.random = () => numbers.shift()!;
      assert.deepEqual([create(1).name, create(1).name, numbers], ['acm_40000000', 'acm_c0000000', []]);
    } finally {
      Math.random = random;
    }
  });
});
