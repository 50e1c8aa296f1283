import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  Event,
  JoinableQueue,
  Process,
  Queue,
  QueueClosedError,
  QueueEmptyError,
  QueueFullError,
  SerializationError,
  SimpleQueue,
} from 'allcores';

/** Runs a function, and tells that it took at least so many ms of a clock that may be a bit early. */
async function atLeast(millis: number, fn: () => unknown): Promise<void> {
  const begun = performance.now();
  await fn();
  assert.ok(performance.now() - begun >= millis - 2);
}

describe('Queue, as CPython tests it', () => {
  it('is full at maxsize, refuses more in each form, and has room again once a process took everything', async () => {
    const queue = new Queue<number>(6);
    const [start, done] = [new Event(), new Event()];
    const target = (from: Queue<number>, go: Event, ready: Event): void => {
      go.waitSync();
      for (let i = 0; i < 6; i++) from.getSync();
      ready.set();
    };
    const process = new Process({ target, args: [queue, start, done], daemon: true }).start();
    assert.deepEqual([queue.empty(), queue.full()], [true, false]);
    await queue.put(1);
    await queue.put(2, { timeout: 1000 });
    await queue.put(3, {});
    await queue.put(4, { timeout: 0 });
    queue.putSync(5);
    queue.putNowait(6);
    assert.deepEqual([queue.empty(), queue.full()], [false, true]);
    assert.throws(() => queue.putNowait(7), QueueFullError);
    await assert.rejects(queue.put(7, { timeout: 0 }), QueueFullError);
    await atLeast(30, () => assert.rejects(queue.put(7, { timeout: 30 }), QueueFullError));
    await atLeast(30, () => assert.throws(() => queue.putSync(7, { timeout: 30 }), QueueFullError));
    start.set();
    await done.wait();
    assert.deepEqual([queue.empty(), queue.full()], [true, false]);
    await process.join();
  });

  it('gives what a process has put, then is empty in each form of get', async () => {
    const queue = new Queue<number>();
    const [start, done] = [new Event(), new Event()];
    const target = (to: Queue<number>, go: Event, ready: Event): void => {
      go.waitSync();
      for (const value of [2, 3, 4, 5]) to.putSync(value);
      ready.set();
    };
    const process = new Process({ target, args: [queue, start, done], daemon: true }).start();
    assert.equal(queue.empty(), true);
    start.set();
    await done.wait();
    assert.equal(queue.empty(), false);
    assert.deepEqual(
      [await queue.get(), queue.getSync(), await queue.get({ timeout: 1000 }), queue.getNowait()],
      [2, 3, 4, 5],
    );
    assert.equal(queue.empty(), true);
    assert.throws(() => queue.getNowait(), QueueEmptyError);
    await assert.rejects(queue.get({ timeout: 0 }), QueueEmptyError);
    await atLeast(30, () => assert.rejects(queue.get({ timeout: 30 }), QueueEmptyError));
    await atLeast(30, () => assert.throws(() => queue.getSync({ timeout: 30 }), QueueEmptyError));
    await process.join();
  });

  it('has what was put before a process started, then what that process puts', async () => {
    const queue = new Queue<number>();
    for (let i = 0; i < 10; i++) await queue.put(i);
    const target = (to: Queue<number>): void => {
      for (let i = 10; i < 20; i++) to.putSync(i);
    };
    const process = new Process({ target, args: [queue], daemon: true }).start();
    for (let i = 0; i < 20; i++) assert.equal(await queue.get(), i);
    await assert.rejects(queue.get({ timeout: 0 }), QueueEmptyError);
    await process.join();
  });

  it('knows its size', async () => {
    const queue = new Queue<number>();
    const sizes = [queue.qsize()];
    for (const value of [1, 5]) {
      await queue.put(value);
      sizes.push(queue.qsize());
    }
    for (let i = 0; i < 2; i++) {
      await queue.get();
      sizes.push(queue.qsize());
    }
    assert.deepEqual(sizes, [0, 1, 2, 1, 0]);
  });

  it('is joined once four processes are done with everything', async () => {
    const queue = new JoinableQueue<number | null>();
    const target = async (jobs: JoinableQueue<number | null>): Promise<void> => {
      while ((await jobs.get()) !== null) {
        await new Promise((resolve) => setTimeout(resolve, 5));
        jobs.taskDone();
      }
    };
    const workers = Array.from({ length: 4 }, () => new Process({ target, args: [queue], daemon: true }).start());
    for (let i = 0; i < 10; i++) await queue.put(i);
    assert.equal(await queue.join(), true);
    for (const _worker of workers) await queue.put(null);
    for (const worker of workers) await worker.join();
  });

  it('waits about as long as its timeout says', async () => {
    const queue = new Queue();
    await atLeast(200, () => assert.rejects(queue.get({ timeout: 200 }), QueueEmptyError));
  });

  it('takes no place for a value that cannot be encoded, which is refused at put', async () => {
    const queue = new Queue<unknown>(1);
    const bad = {
      get broken(): never {
        throw new Error('not to be had');
      },
    };
    await assert.rejects(queue.put(bad), SerializationError);
    await queue.put(true);
    assert.equal(queue.qsize(), 1);
    assert.equal(await queue.get({ timeout: 1000 }), true);
    assert.equal(queue.empty(), true);
  });

  it('refuses put and get once it is closed', async () => {
    for (const queue of [new Queue<string>(), new JoinableQueue<string>()]) {
      queue.close();
      await assert.rejects(queue.put('foo'), { name: QueueClosedError.name, message: /is closed/ });
      await assert.rejects(queue.get(), { name: QueueClosedError.name, message: /is closed/ });
    }
  });

  it('works within a process, to another one that it starts', async () => {
    const out = new Queue<number>();
    const target = async (result: Queue<number>): Promise<void> => {
      const { Queue: Made, Process: Child } = await import('allcores');
      const inner = new Made<number>();
      const child = new Child({ target: (to: Queue<number>) => to.putSync(123), args: [inner] }).start();
      result.putSync(await inner.get());
      await child.join();
    };
    const process = new Process({ target, args: [out] }).start();
    assert.equal(await out.get(), 123);
    await process.join();
    assert.equal(process.exitCode, 0);
  });
});

describe('SimpleQueue, as CPython tests it', () => {
  it('tells whether it is empty, in any process', async () => {
    const queue = new SimpleQueue<boolean>();
    const [start, done] = [new Event(), new Event()];
    const target = (to: SimpleQueue<boolean>, go: Event, ready: Event): void => {
      go.waitSync();
      to.putSync(to.empty());
      to.putSync(to.empty());
      ready.set();
    };
    const process = new Process({ target, args: [queue, start, done], daemon: true }).start();
    assert.equal(queue.empty(), true);
    start.set();
    await done.wait();
    assert.equal(queue.empty(), false);
    assert.deepEqual([await queue.get(), await queue.get(), queue.empty()], [true, false, true]);
    await process.join();
  });

  it('may be closed twice, and then refuses both put and get', async () => {
    const queue = new SimpleQueue<number>();
    queue.close();
    queue.close();
    await sleep(0);
    assert.throws(() => queue.putSync(1), QueueClosedError);
    assert.throws(() => queue.getSync(), QueueClosedError);
  });
});
