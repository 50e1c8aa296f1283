import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { Event, Pipe, Pool, Process, Queue, SimpleQueue, wait } from 'allcores';

describe('wait', () => {
  it('gives what is ready, in the order given, and takes nothing', async () => {
    const queue = new Queue<number>();
    const simple = new SimpleQueue<string>();
    const [a, b] = Pipe();
    const empty = new Queue();
    assert.deepEqual(await wait([queue, simple, a, b], { timeout: 0 }), []);
    queue.putSync(1);
    simple.putSync('s');
    a.sendSync('x');
    assert.deepEqual(await wait([b, empty, queue, a, simple]), [b, queue, simple]);
    assert.deepEqual([queue.getSync(), simple.getSync(), b.recvSync()], [1, 's', 'x']);
  });

  it('waits for processes, results, events and promises', async () => {
    const never = new Promise(() => {});
    const process = new Process({ target: () => {} });
    const ended = wait([never, process]);
    process.start();
    assert.deepEqual(await ended, [process]);

    await using pool = new Pool(1);
    const [good, bad] = [pool.applyAsync(() => 1), pool.applyAsync(() => JSON.parse('{'))];
    assert.deepEqual(await wait([good, never]), [good]);
    assert.deepEqual(await wait([bad]), [bad]);
    assert.equal(bad.successful(), false);

    const event = new Event();
    const set = wait([event, never]);
    event.set();
    assert.deepEqual(await set, [event]);

    const rejected = Promise.reject(new Error('known'));
    assert.deepEqual(await wait([never, rejected]), [rejected]);
  });

  it('tells of one that becomes ready later, and of the end of a connection or queue', async () => {
    const queue = new Queue<number>();
    const [a, b] = Pipe();
    const first = wait([queue, b]);
    await sleep(2);
    queue.putSync(1);
    assert.deepEqual(await first, [queue]);
    queue.getSync();
    const second = wait([queue, b]);
    a.close();
    assert.deepEqual(await second, [b]);
    const third = wait([queue]);
    queue.close();
    assert.deepEqual(await third, [queue]);
  });

  it('gives nothing after its timeout; less than nothing is nothing', async () => {
    const queue = new Queue();
    assert.deepEqual(await wait([queue], { timeout: 5 }), []);
    assert.deepEqual(await wait([queue], { timeout: -1 }), []);
    assert.deepEqual(await wait([]), []);
    queue.putSync(1);
    assert.deepEqual(await wait([queue], { timeout: -1 }), [queue]);
  });

  it('ends with the reason of its signal', async () => {
    const controller = new AbortController();
    const waited = wait([new Queue()], { signal: controller.signal });
    controller.abort('why');
    await assert.rejects(waited, (reason) => reason === 'why');
    await assert.rejects(wait([new Queue()], { signal: controller.signal }), (reason) => reason === 'why');
  });

  it('refuses what one cannot wait for, by its place, and what it cannot ask', async () => {
    const refused = { name: 'TypeError', message: /^objects\[1\] must be a queue/ };
    await assert.rejects(wait([new Queue(), {}]), refused);
    await assert.rejects(wait([new Queue(), 5 as never]), refused);
    await assert.rejects(wait(5 as never), { name: 'TypeError', message: /^objects must be an iterable/ });
    const [, writer] = Pipe({ duplex: false });
    await assert.rejects(wait([writer]), /cannot receive/);
  });
});
