import assert from 'node:assert/strict';
import {
  Barrier,
  BoundedSemaphore,
  Condition,
  Event,
  Lock,
  Pool,
  Process,
  RLock,
  Semaphore,
  SharedArray,
  task,
  Value,
} from 'allcores';

interface All {
  readonly lock: Lock;
  readonly rlock: RLock;
  readonly semaphore: Semaphore;
  readonly bounded: BoundedSemaphore;
  readonly condition: Condition;
  readonly event: Event;
  readonly barrier: Barrier;
  readonly value: Value<'int64'>;
  readonly array: SharedArray<'int16'>;
}

const all = (): All => ({
  lock: new Lock(),
  rlock: new RLock(),
  semaphore: new Semaphore(3),
  bounded: new BoundedSemaphore(4),
  condition: new Condition(new Lock()),
  event: new Event(),
  barrier: new Barrier(2),
  value: new Value('int64', 5n),
  array: new SharedArray('int16', [7, 8]),
});

/** Uses each, and gives its class. */
function use(objects: All): string[] {
  const { lock, rlock, semaphore, bounded, condition, event, barrier, value, array } = objects;
  lock.acquireSync();
  rlock.acquireSync();
  semaphore.acquireSync();
  bounded.acquireSync();
  condition.acquireSync();
  event.set();
  barrier.abort();
  value.add(1n);
  array.set(0, 70);
  rlock.release(); // its own; the others are for the owner to see
  return Object.values(objects).map((object: object) => object.constructor.name);
}

const CLASSES = [
  'Lock',
  'RLock',
  'Semaphore',
  'BoundedSemaphore',
  'Condition',
  'Event',
  'Barrier',
  'Value',
  'SharedArray',
];

function check({ lock, rlock, semaphore, bounded, condition, event, barrier, value, array }: All): void {
  assert.deepEqual([lock.locked, rlock.locked, semaphore.value, bounded.value], [true, false, 2, 3]);
  assert.deepEqual([condition.lock.locked, event.isSet(), barrier.broken, barrier.parties], [true, true, true, 2]);
  assert.deepEqual([value.value, value.dtype, array.at(0), array.at(1)], [6n, 'int64', 70, 8]);
}

const bumped = (_barrier: Barrier): void => undefined;

describe('what synchronizes', () => {
  let pool: Pool;
  before(() => (pool = new Pool(1)));
  after(() => pool.terminate());

  it('arrives as a live handle: as an argument, nested', async () => {
    const objects = all();
    assert.deepEqual(await pool.apply(use, [objects]), CLASSES);
    check(objects);
  });

  it('arrives as a live handle: captured', async () => {
    const objects = all();
    assert.deepEqual(await pool.apply(task(() => use(objects), { use, objects })), CLASSES);
    check(objects);
  });

  it('arrives as a live handle: in a process', async () => {
    const objects = all();
    await new Process({ target: (o: All) => void use(o), args: [objects] }).start().join();
    // It has ended while it held them: what it held is free again, and the next to acquire is told.
    const { lock, semaphore, bounded, condition, event, value, array } = objects;
    assert.deepEqual([lock.locked, semaphore.value, bounded.value, condition.lock.locked], [false, 3, 4, false]);
    assert.deepEqual([event.isSet(), value.value, array.at(0)], [true, 6n, 70]);
    for (const each of [lock, semaphore, bounded, condition]) {
      each.acquireSync();
      assert.equal(each.recovered, true);
      each.release();
      each.acquireSync();
      assert.equal(each.recovered, false);
    }
  });

  it('may be made by a worker, and come back in a result', async () => {
    const made = await pool.apply(all);
    assert.deepEqual(await pool.apply(use, [made]), CLASSES);
    check(made);
  });

  it('is one object, whatever its handle: a condition with its lock', async () => {
    const condition = new Condition(new Lock());
    const locked = await pool.apply(
      (c: Condition, lock: Lock) => {
        const held = lock.holdSync();
        c.notify(); // refused unless its lock is this one
        held.release();
        return [c.lock.constructor.name, c.lock.locked];
      },
      [condition, condition.lock as Lock],
    );
    assert.deepEqual(locked, ['Lock', false]);
  });

  it('has its lock with it: a value and a vector', async () => {
    const lock = new Lock();
    const [value, array] = [new Value('d', 0, { lock }), new SharedArray('d', 1)];
    lock.acquireSync();
    const acquired = await pool.apply(
      (v: Value<'d'>, a: SharedArray<'d'>) => [
        v.getLock().acquireSync({ timeout: 0 }),
        v.getLock().constructor.name,
        a.getLock().acquireSync({ timeout: 0 }),
        a.getLock().constructor.name,
      ],
      [value, array],
    );
    assert.deepEqual(acquired, [false, 'Lock', true, 'RLock']);
    assert.equal(array.getLock().acquireSync({ timeout: 0 }), false); // the worker has it
  });

  it('brings its action and its time along: a barrier', async () => {
    const acted = new Value('int32');
    const barrier = new Barrier(2, { action: task(() => void acted.add(1), { acted }), timeout: 5 });
    const waiting = barrier.wait({ timeout: 10_000 });
    assert.equal(await pool.apply((b: Barrier) => b.waitSync({ timeout: 10_000 }), [barrier]), 1);
    assert.equal(await waiting, 0);
    assert.equal(acted.value, 1);
    await assert.rejects(
      pool.apply((b: Barrier) => b.waitSync(), [barrier]),
      { name: 'BrokenBarrierError', message: /within the timeout/ },
    );
  });

  it('with an action that cannot travel is refused', async () => {
    let calls = 0;
    const barrier = new Barrier(1, { action: () => void calls++ });
    await assert.rejects(async () => pool.apply(bumped, [barrier]), { name: 'FunctionTransportError' });
    assert.equal(await barrier.wait(), 0); // here it runs
    assert.equal(calls, 1);
  });
});
