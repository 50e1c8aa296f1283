import assert from 'node:assert/strict';
import {
  BoundedSemaphore,
  Condition,
  Event,
  Lock,
  Pool,
  Process,
  RLock,
  Semaphore,
  SharedArray,
  Value,
  type Hold,
} from 'allcores';

interface Holdable {
  holdSync(): Hold;
  hold(): Promise<Hold>;
}

/** Two steps, which only a lock makes one. */
function raiseSync(lock: Holdable, counter: Value<'int32'>, times: number): void {
  for (let i = 0; i < times; i++) {
    const held = lock.holdSync();
    counter.value += 1;
    held.release();
  }
}

/** With the event loop in between. */
async function raise(lock: Holdable, counter: Value<'int32'>, times: number): Promise<void> {
  for (let i = 0; i < times; i++) {
    const held = await lock.hold();
    const before = counter.value;
    if (i % 10 === 0) await new Promise(setImmediate);
    counter.value = before + 1;
    held.release();
  }
}

/** Takes turns with all others: notes each turn, until there were so many. */
function takeTurns(lock: Lock, turns: SharedArray<'int32'>, me: number, enough: number): void {
  for (let done = false; !done;) {
    const held = lock.holdSync();
    turns.view[me]! += 1;
    done = turns.view.every((count) => count >= enough);
    held.release();
  }
}

async function takeTurnsInLoop(lock: Lock, turns: SharedArray<'int32'>, me: number, enough: number): Promise<void> {
  for (let done = false; !done;) {
    const held = await lock.hold();
    turns.view[me]! += 1;
    done = turns.view.every((count) => count >= enough);
    held.release();
  }
}

function mostInside(semaphore: Semaphore, inside: Value<'int32'>, most: Value<'int32'>): void {
  for (let i = 0; i < 100; i++) {
    semaphore.acquireSync();
    const now = inside.add(1) + 1;
    for (let seen = most.value; now > seen; seen = most.value) most.compareExchange(seen, now);
    inside.sub(1);
    semaphore.release();
  }
}

function add(counter: Value<'int32'>, total: Value<'int64'>, sum: Value<'float64'>, single: Value<'float32'>): void {
  for (let i = 0; i < 2000; i++) {
    counter.add(3);
    total.add(-1n);
    sum.add(0.5);
    single.sub(0.25);
  }
}

const addShared = (array: SharedArray<'int32'>, times: number): void => {
  for (let i = 0; i < times; i++) {
    const held = array.getLock().holdSync();
    array.set(0, array.at(0)! + 1);
    held.release();
  }
};

describe('several threads', () => {
  let pool: Pool;
  before(() => (pool = new Pool(3)));
  after(() => pool.terminate());

  const locks: readonly [string, () => Holdable][] = [
    ['Lock', () => new Lock()],
    ['RLock', () => new RLock()],
    ['Semaphore', () => new Semaphore(1)],
    ['BoundedSemaphore', () => new BoundedSemaphore(1)],
    ['Condition', () => new Condition()],
  ];
  for (const [name, make] of locks) {
    it(`that change a number under a ${name} lose no change, blocking or not`, async () => {
      const [lock, counter] = [make(), new Value('int32')];
      const work = Array.from({ length: 3 }, (_, i) => pool.apply(i === 0 ? raise : raiseSync, [lock, counter, 500]));
      await raise(lock, counter, 100);
      raiseSync(lock, counter, 400);
      await Promise.all(work);
      assert.equal(counter.value, 2000);
    });
  }

  it('that are processes lose no change either', async () => {
    const [lock, counter] = [new Lock(), new Value('int32')];
    const processes = [raise, raiseSync].map((target) =>
      new Process({ target: target as (...args: unknown[]) => unknown, args: [lock, counter, 300] }).start(),
    );
    raiseSync(lock, counter, 300);
    for (const process of processes) assert.equal(await process.join(), true);
    assert.deepEqual(
      processes.map(({ exitCode }) => exitCode),
      [0, 0],
    );
    assert.equal(counter.value, 900);
  });

  it('all get their turn at a lock that everybody wants at once', async () => {
    const [lock, turns] = [new Lock(), new SharedArray('int32', 4)];
    await Promise.all([
      pool.apply(takeTurns, [lock, turns, 0, 30]),
      pool.apply(takeTurns, [lock, turns, 1, 30]),
      pool.apply(takeTurnsInLoop, [lock, turns, 2, 30]),
      takeTurnsInLoop(lock, turns, 3, 30),
    ]);
    assert.ok(turns.view.every((count) => count >= 30));
  });

  it('are never more within a semaphore than it has permits', async () => {
    const [semaphore, inside, most] = [new Semaphore(2), new Value('int32'), new Value('int32')];
    await pool.broadcast(mostInside, [semaphore, inside, most]);
    assert.ok(most.value >= 1 && most.value <= 2, `${most.value}`);
    assert.deepEqual([inside.value, semaphore.value], [0, 2]);
  });

  it('add up, by atomic operations of every kind of number', async () => {
    const [counter, total, sum, single] = [
      new Value('int32'),
      new Value('int64'),
      new Value('float64'),
      new Value('float32'),
    ];
    await pool.broadcast(add, [counter, total, sum, single]);
    assert.deepEqual([counter.value, total.value, sum.value, single.value], [18_000, -6000n, 3000, -1500]);
  });

  it('add up in a vector, under its lock', async () => {
    const array = new SharedArray('int32', 1);
    await pool.broadcast(addShared, [array, 300]);
    assert.equal(array.at(0), 900);
  });

  it('all go on when an event is set', async () => {
    const event = new Event();
    const waits = [
      pool.apply((e: Event) => e.waitSync(), [event]),
      pool.apply((e: Event) => e.wait(), [event]),
      event.wait(),
    ];
    event.set();
    assert.deepEqual(await Promise.all(waits), [true, true, true]);
  });
});
