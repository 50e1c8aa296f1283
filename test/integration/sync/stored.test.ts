import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import {
  Barrier,
  BoundedSemaphore,
  Condition,
  Event,
  Lock,
  Manager,
  ManagerClosedError,
  Pool,
  Queue,
  RLock,
  Semaphore,
  SerializationError,
  SharedArray,
  Value,
} from 'allcores';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const makers = {
  Lock: () => new Lock(),
  RLock: () => new RLock(),
  Semaphore: () => new Semaphore(2),
  BoundedSemaphore: () => new BoundedSemaphore(2),
  Condition: () => new Condition(new Lock()),
  Event: () => new Event(),
  Barrier: () => new Barrier(2, { timeout: 15_000 }),
  Value: () => new Value('uint64', 3n),
  SharedArray: () => new SharedArray('int8', [1, 2]),
};
type Made = ReturnType<(typeof makers)[keyof typeof makers]>;

/** Does to an object what its other handles can see. */
function touch(object: Made): void {
  if (object instanceof Event) object.set();
  else if (object instanceof Barrier) object.abort();
  else if (object instanceof Value) object.add(4n);
  else if (object instanceof SharedArray) object.set(1, 9);
  else object.acquireSync();
}

function isTouched(object: Made): boolean {
  if (object instanceof Event) return object.isSet();
  if (object instanceof Barrier) return object.broken;
  if (object instanceof Value) return object.value === 7n;
  if (object instanceof SharedArray) return object.at(1) === 9;
  if (object instanceof Condition) return object.lock.locked;
  return object instanceof Lock || object instanceof RLock ? object.locked : object.value === 1;
}

function touchAll(queue: Queue<{ object: Made }>, count: number): void {
  for (let i = 0; i < count; i++) touch(queue.getSync().object);
}

describe('what is stored in shared memory', () => {
  for (const [name, make] of Object.entries(makers)) {
    it(`is the same object, taken out of a queue or a list: ${name}`, () => {
      const object = make();
      const queue = new Queue<{ object: Made }>();
      queue.putSync({ object });
      const { object: taken } = queue.getSync();
      assert.equal(taken.constructor, object.constructor);
      assert.notEqual(taken, object);
      assert.equal(isTouched(object), false);
      touch(taken);
      assert.equal(isTouched(object), true);

      using manager = new Manager();
      const list = manager.list<Made>([object]);
      assert.equal(list.at(0)!.constructor, object.constructor);
      assert.equal(isTouched(list.at(0)!), true);
    });
  }

  it('is touched by another thread that takes it out', async () => {
    await using pool = new Pool(1);
    const queue = new Queue<{ object: Made }>();
    const objects = Object.values(makers).map((make) => make());
    for (const object of objects) queue.putSync({ object });
    const work = pool.apply(touchAll, [queue, objects.length]);
    await work;
    assert.deepEqual(objects.map(isTouched), Array(objects.length).fill(true));
  });

  it('outlives the handle that put it there, with the lock that it names', async () => {
    const queue = new Queue<Condition>();
    const put = new WeakRef(
      (() => {
        const condition = new Condition(new Lock());
        queue.putSync(condition);
        return condition;
      })(),
    );
    for (let turn = 0; put.deref() !== undefined && turn < 500; turn++) {
      await sleep(10);
      collect();
    }
    assert.equal(put.deref(), undefined);
    const others = Array.from({ length: 100 }, () => new Condition()); // would take the place of what was freed
    const condition = queue.getSync();
    assert.deepEqual([condition.constructor, condition.lock.constructor], [Condition, Lock]);
    assert.ok(others.every(({ lock }) => !lock.locked));
    condition.acquireSync();
    assert.equal(condition.waitSync({ timeout: 0 }), false);
    condition.release();
  });

  it('keeps its time: a barrier', () => {
    const queue = new Queue<Barrier>();
    queue.putSync(new Barrier(2, { timeout: 2 }));
    assert.throws(() => queue.getSync().waitSync(), { message: /within the timeout of this wait/ });
  });

  it('is refused where it has a function: a barrier with an action', () => {
    const queue = new Queue<unknown>();
    const barrier = new Barrier(1, { action: () => undefined });
    assert.throws(
      () => queue.putSync({ inner: [barrier] }),
      (error: unknown) => {
        assert.ok(error instanceof SerializationError);
        assert.match(error.message, /inner\[0\].*action is a function: functions cannot be stored in shared memory/);
        return true;
      },
    );
    assert.equal(queue.qsize(), 0);
    assert.equal(barrier.waitSync(), 0);
  });
});

describe('the shutdown of a manager', () => {
  it('ends all waits for its objects, and refuses new ones', async () => {
    const manager = new Manager();
    const closed = (wait: () => unknown): Promise<void> => assert.rejects(async () => wait(), ManagerClosedError);
    const [lock, rlock, semaphore] = [manager.lock(), manager.rlock(), manager.semaphore(0)];
    const [bounded, condition, event] = [manager.boundedSemaphore(1), manager.condition(), manager.event()];
    const [barrier, value, array] = [manager.barrier(2), manager.value('i', 1), manager.array('i', 2)];
    lock.acquireSync();
    rlock.acquireSync();
    bounded.acquireSync();
    const waits = [
      closed(() => lock.acquire()),
      closed(() => semaphore.acquire()),
      closed(() => bounded.acquire()),
      closed(() => condition.withLock(() => condition.wait())),
      closed(() => event.wait()),
      closed(() => barrier.wait()),
    ];
    manager.shutdown();
    await Promise.all(waits);
    for (const each of [lock, semaphore, bounded, condition]) {
      await closed(() => each.acquire());
      await closed(() => each.acquireSync());
    }
    for (const use of [
      () => semaphore.release(),
      () => semaphore.value,
      () => event.set(),
      () => event.clear(),
      () => event.isSet(),
      () => event.waitSync(),
      () => barrier.waitSync(),
      () => barrier.abort(),
      () => barrier.reset(),
      () => barrier.parties,
      () => barrier.broken,
    ]) {
      assert.throws(use, ManagerClosedError);
    }
    // What is held can still be given back; numbers are only memory.
    lock.release();
    rlock.release();
    await closed(() => lock.acquire());
    value.add(1);
    array.set(0, 1);
    assert.deepEqual([value.value, array.at(0)], [2, 1]);
  });

  it('ends the wait of a blocked thread', async () => {
    await using pool = new Pool(1);
    const [manager, ready] = [new Manager(), new Event()];
    const semaphore = manager.semaphore(0);
    const work = pool.apply(
      (wanted: Semaphore, waiting: Event) => {
        waiting.set();
        return wanted.acquireSync();
      },
      [semaphore, ready],
    );
    await ready.wait();
    manager.shutdown();
    await assert.rejects(work, { name: 'ManagerClosedError', message: 'The manager of this Semaphore was shut down' });
  });
});
