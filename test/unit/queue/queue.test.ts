import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  heapFigures,
  JoinableQueue,
  Queue,
  QueueClosedError,
  QueueEmptyError,
  QueueFullError,
  SerializationError,
  SimpleQueue,
} from 'allcores';

describe('Queue', () => {
  it('gives values in the order in which they were put, in each form of put and get', async () => {
    const queue = new Queue<unknown>();
    queue.putSync(1);
    await queue.put('two');
    queue.putNowait({ three: [3, null, undefined, 3n] });
    assert.equal(queue.qsize(), 3);
    assert.equal(await queue.get(), 1);
    assert.equal(queue.getSync(), 'two');
    assert.deepEqual(queue.getNowait(), { three: [3, null, undefined, 3n] });
    assert.equal(queue.empty(), true);
  });

  it('copies: what is changed after the put does not change what is got', async () => {
    const queue = new Queue<{ x: number }>();
    const value = { x: 1 };
    const put = queue.put(value);
    value.x = 2;
    await put;
    const got = await queue.get();
    assert.deepEqual(got, { x: 1 });
    assert.notEqual(got, value);
  });

  it('takes values of any size: nothing, strings of both widths, and buffers of megabytes', async () => {
    const queue = new Queue<unknown>();
    const bytes = new Uint8Array(3_000_001).map((_, i) => i % 251);
    const floats = Float64Array.from({ length: 100_000 }, (_, i) => i / 3);
    const values = ['', 'é'.repeat(20_000), '☃'.repeat(50_000), bytes, { floats, again: floats }, new ArrayBuffer(0)];
    for (const value of values) queue.putSync(value);
    for (const value of values) assert.deepEqual(await queue.get(), value);
  });

  it('is full at maxsize values: putNowait and a put with a timeout are refused with QueueFullError', async () => {
    const queue = new Queue<number>(2);
    queue.putSync(1);
    assert.equal(queue.full(), false);
    queue.putSync(2);
    assert.equal(queue.full(), true);
    const full = { name: 'QueueFullError', code: 'ERR_ALLCORES_QUEUE_FULL' };
    assert.throws(() => queue.putNowait(3), full);
    assert.throws(() => queue.putSync(3, { timeout: 0 }), full);
    assert.throws(() => queue.putSync(3, { timeout: 5 }), full);
    await assert.rejects(queue.put(3, { timeout: 0 }), full);
    await assert.rejects(queue.put(3, { timeout: 5 }), QueueFullError);
    assert.deepEqual([queue.qsize(), queue.getSync(), queue.getSync()], [2, 1, 2]);
  });

  it('is empty: getNowait and a get with a timeout are refused with QueueEmptyError', async () => {
    const queue = new Queue<number>();
    const empty = { name: 'QueueEmptyError', code: 'ERR_ALLCORES_QUEUE_EMPTY' };
    assert.throws(() => queue.getNowait(), empty);
    assert.throws(() => queue.getSync({ timeout: 0 }), empty);
    assert.throws(() => queue.getSync({ timeout: 5 }), empty);
    await assert.rejects(queue.get({ timeout: 0 }), empty);
    await assert.rejects(queue.get({ timeout: 5 }), QueueEmptyError);
  });

  it('holds capacity bytes, but an empty one takes a value of any size', async () => {
    const queue = new Queue<Uint8Array>(0, { capacity: 1000 });
    queue.putSync(new Uint8Array(5000));
    assert.throws(() => queue.putNowait(new Uint8Array(1)), QueueFullError);
    queue.getSync();
    queue.putSync(new Uint8Array(400));
    queue.putSync(new Uint8Array(400));
    assert.throws(() => queue.putNowait(new Uint8Array(400)), QueueFullError);
    const waiting = queue.put(new Uint8Array(401));
    queue.getSync();
    await waiting;
    assert.deepEqual([(await queue.get()).length, (await queue.get()).length], [400, 401]);
  });

  it('lets puts wait for room, and moves them in in their order', async () => {
    const queue = new Queue<number>(1);
    queue.putSync(0);
    const puts = [1, 2, 3].map((value) => queue.put(value));
    const got: number[] = [];
    for (let i = 0; i < 4; i++) got.push(await queue.get());
    await Promise.all(puts);
    assert.deepEqual(got, [0, 1, 2, 3]);
  });

  it('serves waiting gets in their order, also before one that comes later', async () => {
    const queue = new Queue<number>();
    const first = [queue.get(), queue.get()];
    queue.putSync(1);
    queue.putSync(2);
    queue.putSync(3);
    const last = queue.get();
    assert.deepEqual(await Promise.all([...first, last]), [1, 2, 3]);
  });

  it('refuses a value that cannot be encoded at put, with its path, and enqueues nothing', async () => {
    const queue = new Queue<unknown>(1);
    const bad = { list: [1, Symbol('s')] };
    await assert.rejects(queue.put(bad), (error: unknown) => {
      assert.ok(error instanceof SerializationError);
      assert.equal(error.path, 'value.list[1]');
      return true;
    });
    assert.throws(() => queue.putSync(bad), SerializationError);
    assert.throws(() => queue.putNowait({ f: () => 1 }), { name: 'SerializationError', path: 'value.f' });
    assert.equal(queue.qsize(), 0);
    queue.putSync('good');
    assert.equal(queue.getSync(), 'good');
  });

  it('ends a wait with the reason of its signal, and goes on as if it had not been', async () => {
    const queue = new Queue<number>(1);
    const gets = new AbortController();
    const get = queue.get({ signal: gets.signal });
    gets.abort('enough');
    await assert.rejects(get, (reason) => reason === 'enough');
    queue.putSync(1);
    const puts = new AbortController();
    const put = queue.put(2, { signal: puts.signal });
    puts.abort(new Error('no more'));
    await assert.rejects(put, /no more/);
    assert.equal(queue.getSync(), 1);
    assert.equal(queue.empty(), true);
    const { signal } = gets;
    await assert.rejects(queue.put(3, { signal }), (reason) => reason === 'enough');
    assert.throws(
      () => queue.getSync({ signal }),
      (reason) => reason === 'enough',
    );
    assert.equal(queue.qsize(), 0);
  });

  it('lets the event loop turn while values go through without waiting', async () => {
    const queue = new Queue<number>();
    let turned = false;
    setTimeout(() => (turned = true), 0);
    const until = performance.now() + 10_000;
    while (!turned && performance.now() < until) {
      await queue.put(1);
      await queue.get();
    }
    assert.equal(turned, true);
  });

  it('refuses bad arguments by name', async () => {
    assert.throws(() => new Queue('5' as never), {
      name: 'TypeError',
      message: /^maxsize must be an integer, got '5'/,
    });
    assert.throws(() => new Queue(1.5), { name: 'RangeError', message: 'maxsize must be an integer, got 1.5' });
    assert.throws(() => new Queue(NaN), RangeError);
    assert.throws(() => new Queue(0, { capacity: 0 }), { name: 'RangeError', message: /^capacity must be/ });
    assert.throws(() => new Queue(0, 5 as never), { name: 'TypeError', message: /^options must be an object/ });
    const queue = new Queue<number>(-3); // as in Python: no bound
    await assert.rejects(queue.put(1, { timeout: NaN }), { name: 'TypeError', message: /^timeout must be/ });
    assert.throws(() => queue.getSync({ timeout: 'x' as never }), { name: 'TypeError', message: /^timeout must be/ });
    await assert.rejects(queue.get({ signal: {} as never }), { name: 'TypeError', message: /^signal must be/ });
    assert.equal(queue.empty(), true);
    for (let i = 0; i < 1000; i++) queue.putNowait(i);
    assert.equal(queue.full(), false);
  });

  it('shows how much is in it', () => {
    const queue = new Queue<number>();
    assert.match(inspected(queue), /^Queue \{ 0 items \}$/);
    queue.putSync(1);
    queue.close();
    assert.match(inspected(queue), /^Queue \{ 1 item, closed \}$/);
  });
});

describe('large values of a queue', () => {
  it('need no event loop to give their memory back: who never lets it turn gets copies', () => {
    const queue = new Queue<Uint8Array>();
    const megabyte = 1024 * 1024;
    const bytes = new Uint8Array(megabyte);
    const before = heapFigures().live;
    for (let i = 0; i < 400; i++) {
      bytes[i] = 7;
      queue.putSync(bytes);
      const got = queue.getSync();
      assert.deepEqual([got.length, got[i], got[i + 1]], [megabyte, 7, 0]);
    }
    const kept = heapFigures().live - before;
    assert.ok(kept < 300 * megabyte, `${kept} bytes`);
  });
});

describe('a queue in a queue', () => {
  it('arrives as a live handle on the same queue, and keeps it alive', async () => {
    const outer = new Queue<{ inner: SimpleQueue<string> }>();
    outer.putSync(
      (() => {
        const inner = new SimpleQueue<string>();
        inner.putSync('kept');
        return { inner };
      })(),
    );
    await sleep(1);
    const { inner } = await outer.get();
    assert.ok(inner instanceof SimpleQueue);
    assert.equal(inner.getSync(), 'kept');
  });
});

describe('close of a queue', () => {
  it('refuses puts, lets what is inside be taken, then refuses gets', async () => {
    const queue = new Queue<number>();
    queue.putSync(1);
    queue.close();
    queue.close();
    const closed = { name: 'QueueClosedError', code: 'ERR_ALLCORES_QUEUE_CLOSED' };
    assert.throws(() => queue.putSync(2), closed);
    assert.throws(() => queue.putNowait(2), closed);
    await assert.rejects(queue.put(2), closed);
    assert.equal(queue.qsize(), 1);
    assert.equal(await queue.get(), 1);
    assert.throws(() => queue.getSync(), closed);
    assert.throws(() => queue.getNowait(), closed);
    await assert.rejects(queue.get(), closed);
    await assert.rejects(queue.get({ timeout: 0 }), closed);
  });

  it('ends the puts and gets that wait', async () => {
    const full = new Queue<number>(1);
    full.putSync(1);
    const put = full.put(2);
    full.close();
    await assert.rejects(put, QueueClosedError);
    assert.equal(full.qsize(), 1);
    const empty = new Queue<number>();
    const gets = [empty.get(), empty.get({ timeout: 60_000 })];
    empty.close();
    for (const get of gets) await assert.rejects(get, QueueClosedError);
  });

  it('ends an iteration once everything is taken', async () => {
    const queue = new Queue<number>();
    for (const value of [1, 2, 3]) queue.putSync(value);
    const got: number[] = [];
    const all = (async () => {
      for await (const value of queue) got.push(value);
    })();
    await sleep(5);
    queue.putSync(4);
    queue.close();
    await all;
    assert.deepEqual(got, [1, 2, 3, 4]);
  });

  it('is not done by leaving an iteration early', async () => {
    const queue = new Queue<number>();
    for (const value of [1, 2]) queue.putSync(value);
    for await (const value of queue) {
      assert.equal(value, 1);
      break;
    }
    queue.putSync(3);
    assert.deepEqual([await queue.get(), await queue.get()], [2, 3]);
  });
});

function inspected(value: unknown): string {
  return (value as { [key: symbol]: () => string })[Symbol.for('nodejs.util.inspect.custom')]!();
}

describe('queues in a scope of `using`', () => {
  for (const make of [
    (): Queue<number> => new Queue(),
    () => new JoinableQueue<number>(),
    () => new SimpleQueue<number>(),
  ]) {
    it(`are closed in the end, and what is inside can still be taken: ${make().constructor.name}`, async () => {
      let kept: { getSync(): number };
      {
        using queue = make();
        queue.putSync(1);
        kept = queue;
      }
      assert.equal(kept.getSync(), 1);
      assert.throws(() => kept.getSync(), QueueClosedError);
      {
        await using queue = make();
        kept = queue;
      }
      assert.throws(() => kept.getSync(), QueueClosedError);
    });
  }
});
