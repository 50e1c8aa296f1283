import assert from 'node:assert/strict';
import { JoinableQueue, Pipe, Pool, Process, Queue, SimpleQueue, task, type Connection } from 'allcores';

describe('queues between threads', () => {
  it('go as arguments, nested anywhere, into processes and pools, and back as results', async () => {
    const queue = new Queue<number>();
    const results = new SimpleQueue<string>();
    const target = ({ list }: { list: [Queue<number>, SimpleQueue<string>] }): void => {
      list[1].putSync(`got ${list[0].getSync()}`);
    };
    const process = new Process({ target, args: [{ list: [queue, results] }] }).start();
    await queue.put(1);
    assert.equal(await results.get(), 'got 1');
    await process.join();

    await using pool = new Pool(1);
    const back = await pool.apply(
      (made: Queue<number>) => {
        made.putSync(2);
        return { made };
      },
      [queue],
    );
    assert.ok(back.made instanceof Queue);
    assert.equal(back.made.getSync(), 2);
  });

  it('go as captured variables', async () => {
    const queue = new Queue<string>();
    const process = new Process({ target: task(() => queue.putSync('captured'), { queue }) }).start();
    assert.equal(await queue.get(), 'captured');
    await process.join();
  });

  it('made in a worker outlive it', async () => {
    await using pool = new Pool(1);
    const queue = await pool.apply(async () => {
      const { Queue: Made } = await import('allcores');
      const made = new Made<number>();
      made.putSync(5);
      return made;
    });
    await pool.terminate();
    assert.equal(queue.getSync(), 5);
  });

  it('give each value to exactly one taker, and keep the order of each putter', async () => {
    const [producers, consumers, each] = [3, 3, 2000];
    const queue = new Queue<[number, number]>(50);
    const results = new SimpleQueue<[number, number][]>();
    const produce = (to: Queue<[number, number]>, who: number, count: number): void => {
      for (let i = 0; i < count; i++) to.putSync([who, i]);
    };
    const consume = async (from: Queue<[number, number]>, out: SimpleQueue<[number, number][]>): Promise<void> => {
      const got: [number, number][] = [];
      for await (const value of from) got.push(value);
      out.putSync(got);
    };
    const takers = Array.from({ length: consumers }, () => new Process({ target: consume, args: [queue, results] }));
    const putters = Array.from(
      { length: producers },
      (_, i) => new Process({ target: produce, args: [queue, i, each] }),
    );
    for (const process of [...takers, ...putters]) process.start();
    for (const process of putters) await process.join();
    queue.close();
    const seen = new Set<string>();
    for (let i = 0; i < consumers; i++) {
      const last = Array<number>(producers).fill(-1);
      for (const [who, index] of await results.get()) {
        assert.ok(index > last[who]!, `${index} of ${who} after ${last[who]}`);
        last[who] = index;
        seen.add(`${who}:${index}`);
      }
    }
    assert.equal(seen.size, producers * each);
    for (const process of takers) await process.join();
  });

  it('block a thread that puts until another one takes, and one that takes until another one puts', async () => {
    const [there, back] = [new Queue<number>(1), new Queue<number>(1)];
    const target = (from: Queue<number>, to: Queue<number>): void => {
      for (let value = from.getSync(); value >= 0; value = from.getSync()) to.putSync(value + 1);
    };
    const process = new Process({ target, args: [there, back] }).start();
    let value = 0;
    for (let i = 0; i < 500; i++) {
      there.putSync(value);
      value = i % 2 === 0 ? back.getSync() : await back.get();
    }
    there.putSync(-1);
    await process.join();
    assert.equal(value, 500);
  });

  it('have what a process has put although it has ended, and it ends although nobody took it', async () => {
    const queue = new Queue<string>();
    const target = (to: Queue<string>): void => {
      for (let i = 0; i < 100; i++) to.putSync('x'.repeat(10_000));
    };
    const process = new Process({ target, args: [queue] }).start();
    assert.equal(await process.join(), true); // in Python this is a deadlock
    assert.equal(queue.qsize(), 100);
  });

  it('are done when those who take them say so', async () => {
    const queue = new JoinableQueue<number>();
    const work = async (jobs: JoinableQueue<number>): Promise<void> => {
      for await (const _job of jobs) jobs.taskDone();
    };
    const workers = [0, 1].map(() => new Process({ target: work, args: [queue] }).start());
    for (let i = 0; i < 200; i++) await queue.put(i);
    assert.equal(await queue.join(), true);
    assert.equal(queue.empty(), true);
    queue.close();
    for (const worker of workers) await worker.join();
  });
});

describe('pipes between threads', () => {
  it('carry messages both ways', async () => {
    const [here, there] = Pipe<unknown>();
    const echo = (connection: Connection): void => {
      for (let value = connection.recvSync(); value !== null; value = connection.recvSync()) connection.sendSync(value);
    };
    const process = new Process({ target: echo, args: [there] }).start();
    for (const value of ['text', { deep: [1, [2, new Map([[3, 4]])]] }, new Float32Array(50_000).fill(0.5)]) {
      await here.send(value);
      assert.deepEqual(await here.recv(), value);
    }
    await here.send(null);
    await process.join();
  });

  it('end with the last handle on the other end, when a process that has it ends as well', async () => {
    const [here, there] = Pipe<string>();
    const process = new Process({ target: (end: Connection<string>) => end.sendSync('bye'), args: [there] }).start();
    there.close();
    const got: string[] = [];
    for await (const value of here) got.push(value);
    assert.deepEqual(got, ['bye']);
    await process.join();
    await assert.rejects(here.send('x'), /^QueueClosedError: broken pipe/);
  });

  it('may be sent through pipes', async () => {
    const [here, there] = Pipe<Connection<string>>();
    const target = (end: Connection<Connection<string>>): void => {
      const inner = end.recvSync();
      inner.sendSync('through');
    };
    const process = new Process({ target, args: [there] }).start();
    const [mine, yours] = Pipe<string>();
    await here.send(yours);
    yours.close();
    assert.equal(await mine.recv(), 'through');
    await process.join();
    await assert.rejects(mine.recv(), /end of file/);
  });
});
