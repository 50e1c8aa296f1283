import assert from 'node:assert/strict';
import {
  Barrier,
  Condition,
  Event,
  getContext,
  JoinableQueue,
  Lock,
  Manager,
  Pipe,
  Queue,
  Semaphore,
  SharedArray,
  Value,
  type Connection,
  type SharedDict,
  type SharedList,
} from 'allcores';

const KINDS = ['thread', 'process', 'thread', 'process'] as const;
const EACH = 300;

/** Runs a function in four processes at once, two of each kind; fails if any does. */
async function inAll<A extends readonly unknown[]>(
  target: (me: number, ...args: A) => unknown,
  ...args: A
): Promise<void> {
  const all = KINDS.map((kind, me) => new (getContext(kind).Process)({ target, args: [me, ...args] as never }).start());
  const ends = await Promise.all(all.map(({ exited }) => exited));
  assert.deepEqual(ends.map(({ exitCode }) => exitCode), [0, 0, 0, 0]); // prettier-ignore
}

describe('threads and processes together', () => {
  it('put to one Queue and take from it: each value once', async () => {
    const [queue, taken] = [new Queue<number>(16), new SharedArray('int32', KINDS.length * EACH)];
    await inAll(
      async (me: number, there: Queue<number>, seen: SharedArray<'int32'>, each: number) => {
        // Putters are the first thread and the first process, takers the others.
        for (let i = 0; i < each && me < 2; i++) there.putSync(me * each + i);
        for (let i = 0; i < each && me >= 2; i++) Atomics.add(seen.view, there.getSync(), 1);
      },
      queue,
      taken,
      EACH,
    );
    assert.deepEqual(Array.from(taken.slice(0, 2 * EACH)), new Array(2 * EACH).fill(1));
    assert.equal(queue.empty(), true);
  });

  it('take up a JoinableQueue, which is joined when all is done', async () => {
    const [queue, done] = [new JoinableQueue<number | null>(), new Value('int32')];
    for (let i = 1; i <= 100; i++) queue.putNowait(i);
    for (const _ of KINDS) queue.putNowait(null);
    const working = inAll(
      (_me: number, there: JoinableQueue<number | null>, sum: Value<'int32'>) => {
        for (;;) {
          const item = there.getSync();
          if (item !== null) sum.add(item);
          there.taskDone();
          if (item === null) return;
        }
      },
      queue,
      done,
    );
    await queue.join();
    assert.equal(done.value, 5050);
    await working;
  });

  it('hold one Lock in turn: no change of a plain number is lost', async () => {
    const [lock, cells] = [new Lock(), new SharedArray('float64', 1)];
    await inAll(
      (_me: number, there: Lock, counter: SharedArray<'float64'>, each: number) => {
        for (let i = 0; i < each; i++) {
          const held = there.holdSync();
          counter.view[0]! += 1;
          held.release();
        }
      },
      lock,
      cells,
      EACH,
    );
    assert.equal(cells.at(0), KINDS.length * EACH);
  });

  it('add to one dict, list and Value, and to a SharedArray', async () => {
    const manager = new Manager();
    const [dict, list] = [manager.dict<string, number>(), manager.list<number>()];
    const [value, array] = [new Value('int64', 0n), new SharedArray('int32', 2)];
    await inAll(
      (
        me: number,
        words: SharedDict<string, number>,
        order: SharedList<number>,
        sum: Value<'int64'>,
        cells: SharedArray<'int32'>,
        each: number,
      ) => {
        for (let i = 0; i < each; i++) {
          words.increment(`word ${i % 7}`);
          order.push(me);
          sum.add(1n);
          Atomics.add(cells.view, 1, 1);
        }
      },
      dict,
      list,
      value,
      array,
      EACH,
    );
    const all = KINDS.length * EACH;
    assert.equal([...dict.values()].reduce((sum, count) => sum + count), all); // prettier-ignore
    for (const me of KINDS.keys()) assert.equal(list.toArray().filter((who) => who === me).length, EACH);
    assert.deepEqual([value.value, array.at(1)], [BigInt(all), all]);
    manager.shutdown();
  });

  it('wait for one Condition, and are all notified, blocking or not', async () => {
    const [condition, state] = [new Condition(), new SharedArray('int32', 2)];
    const waiting = inAll(
      async (me: number, there: Condition, cells: SharedArray<'int32'>) => {
        const held = await there.hold();
        cells.view[0]! += 1;
        there.notifyAll();
        if (me % 4 < 2) there.waitForSync(() => cells.at(1) === 1);
        else await there.waitFor(() => cells.at(1) === 1);
        held.release();
      },
      condition,
      state,
    );
    await condition.withLock(async () => {
      await condition.waitFor(() => state.at(0) === KINDS.length);
      state.set(1, 1);
      condition.notifyAll();
    });
    await waiting;
  });

  it('meet at one Barrier, again and again', async () => {
    const [barrier, cells] = [new Barrier(KINDS.length + 1), new SharedArray('int32', KINDS.length)];
    const meeting = inAll(
      async (me: number, there: Barrier, rounds: SharedArray<'int32'>) => {
        for (let round = 1; round <= 20; round++) {
          rounds.set(me, round);
          if (me < 2) there.waitSync();
          else await there.wait();
          if (rounds.view.some((other) => other < round)) throw new Error('somebody is not here yet');
          there.waitSync();
        }
      },
      barrier,
      cells,
    );
    for (let round = 1; round <= 20; round++) {
      await barrier.wait();
      assert.deepEqual([...cells], [round, round, round, round]);
      await barrier.wait();
    }
    await meeting;
  });

  it('are let through by one Event and one Semaphore', async () => {
    const [event, semaphore, inside] = [new Event(), new Semaphore(2), new SharedArray('int32', 2)];
    const working = inAll(
      (_me: number, go: Event, room: Semaphore, cells: SharedArray<'int32'>) => {
        go.waitSync();
        for (let i = 0; i < 50; i++) {
          room.acquireSync();
          if (Atomics.add(cells.view, 0, 1) > 1) Atomics.store(cells.view, 1, 1);
          Atomics.sub(cells.view, 0, 1);
          room.release();
        }
      },
      event,
      semaphore,
      inside,
    );
    event.set();
    await working;
    assert.deepEqual([...inside], [0, 0]);
  });

  it('talk through a Pipe, large messages too', async () => {
    const [ours, theirs] = Pipe() as [Connection, Connection];
    const thread = new (getContext('thread').Process)({
      target: (end: Connection) => end.send(new Uint8Array(5_000_000).fill(4)),
      args: [ours],
    }).start();
    const child = new (getContext('process').Process)({
      target: (end: Connection) => {
        const got = end.recvSync() as Uint8Array;
        process.exit(got.length === 5_000_000 && got.every((byte) => byte === 4) ? 7 : 1);
      },
      args: [theirs],
    }).start();
    await Promise.all([thread.join(), child.join()]);
    assert.deepEqual([thread.exitCode, child.exitCode], [0, 7]);
  });

  it('go on when a process is killed in the midst of it: its lock is recovered', async () => {
    const [lock, event] = [new Lock(), new Event()];
    const child = new (getContext('process').Process)({
      target: (there: Lock, ready: Event) => {
        there.acquireSync();
        ready.set();
        for (;;);
      },
      args: [lock, event],
    }).start();
    await event.wait();
    child.kill();
    await using pool = new (getContext('thread').Pool)(1);
    const recovered = await pool.apply(
      (there: Lock) => {
        const held = there.holdSync();
        const was = there.recovered;
        held.release();
        return was;
      },
      [lock],
    );
    assert.equal(recovered, true);
    await child.join();
    assert.equal(child.exitCode, -9);
  });
});
