import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { Pool, Process, SharedMemory, SimpleQueue } from 'allcores';

let serial = 0;
const newName = (prefix: string): string => `${prefix}${process.pid}_${serial++}`;

function attachAndWrite(nameOrMemory: string | SharedMemory, text: string): void {
  const memory = typeof nameOrMemory === 'string' ? new SharedMemory({ name: nameOrMemory }) : nameOrMemory;
  memory.buf.set(Buffer.from(text));
  memory.close();
}

const textOf = (memory: SharedMemory, length: number): string => Buffer.from(memory.buf.subarray(0, length)).toString();

describe('as Python: SharedMemory', () => {
  it('has the name and size that it is created with, and shows both', () => {
    const name = newName('test01_tsmb');
    const memory = new SharedMemory({ name, create: true, size: 512 });
    assert.deepEqual([memory.name, memory.size, memory.buf.length], [name, 512, 512]);
    assert.ok(inspect(memory).includes(name) && inspect(memory).includes('512'));
    memory.buf[0] = 42;
    const also = new SharedMemory({ name });
    assert.equal(also.buf[0], 42);
    also.close();
    const same = new SharedMemory({ name, size: 20 * memory.size });
    assert.equal(same.size, 512); // the wish was ignored
    same.close();
    assert.throws(() => new SharedMemory({ name, create: true, size: 512 }), { code: 'EEXIST' });
    assert.throws(() => new SharedMemory({ name: 'test01_notthere' }), { code: 'ENOENT' });
    assert.throws(() => new SharedMemory({ create: false } as never), { name: 'TypeError' });
    memory.close();
    memory.unlink();
  });

  it('is unlinked once: the second time is refused', () => {
    const first = new SharedMemory({ name: newName('test01_dblunlink'), create: true, size: 5000 });
    const second = new SharedMemory({ name: first.name });
    second.unlink();
    second.close();
    first.close();
    assert.throws(() => first.unlink(), { code: 'ENOENT' });
  });

  it('gets another generated name when the first is in use', () => {
    const { random } = Math;
    const numbers = [0.125, 0.125, 0.875];
    try {
      Math.random = () => numbers.shift()!;
      const made = [1, 1].map((size) => new SharedMemory({ create: true, size }));
      assert.deepEqual(
        made.map(({ name }) => name),
        ['acm_20000000', 'acm_e0000000'],
      );
      for (const memory of made) memory.unlink();
    } finally {
      Math.random = random;
    }
  });

  it('is not created of no size, a negative one, or without one', () => {
    for (const size of [-1, 0, undefined]) {
      assert.throws(() => new SharedMemory({ create: true, size } as never), { name: 'RangeError' });
    }
  });

  it('is the same memory at the other end of a queue', () => {
    const memory = new SharedMemory({ create: true, size: 512 });
    const queue = new SimpleQueue<SharedMemory>();
    attachAndWrite(memory.name, 'pickle');
    queue.putSync(memory);
    const arrived = queue.getSync();
    assert.ok(arrived instanceof SharedMemory && arrived !== memory);
    assert.deepEqual([arrived.name, arrived.size], [memory.name, memory.size]);
    assert.deepEqual([textOf(memory, 6), textOf(arrived, 6)], ['pickle', 'pickle']);
    memory.buf.set(Buffer.from('newval'));
    assert.equal(textOf(arrived, 6), 'newval');
    arrived.buf.set(Buffer.from('oldval'));
    assert.equal(textOf(memory, 6), 'oldval');
    arrived.close();
    memory.unlink();
  });

  it('does not arrive once it was unlinked', async () => {
    const memory = new SharedMemory({ create: true, size: 512 });
    const queue = new SimpleQueue<SharedMemory>();
    queue.putSync(memory);
    memory.close();
    memory.unlink();
    assert.throws(() => queue.getSync(), { code: 'ENOENT' });
    const pool = new Pool(1);
    await assert.rejects(
      pool.apply((arrived: SharedMemory) => arrived.size, [memory]),
      { name: 'SharedMemoryError', code: 'ENOENT' },
    );
    await pool.terminate();
  });

  it('is written by processes that get its name, or itself', async () => {
    const memory = new SharedMemory({ create: true, size: 512 });
    for (const [what, text] of [
      [memory.name, 'howdy'],
      [memory, 'HELLO'],
    ] as const) {
      await new Process({ target: attachAndWrite, args: [what, text], daemon: true }).start().join();
      assert.equal(textOf(memory, 5), text);
    }
    memory.close();
    memory.unlink();
  });
});
