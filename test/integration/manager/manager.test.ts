import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import {
  Barrier,
  BoundedSemaphore,
  Condition,
  Event,
  JoinableQueue,
  Lock,
  Manager,
  ManagerClosedError,
  Namespace,
  Pool,
  Queue,
  RLock,
  Semaphore,
  SharedArray,
  SharedDict,
  SharedList,
  SharedSet,
  Value,
} from 'allcores';

describe('Manager', () => {
  it('makes every kind of object', async () => {
    const m = new Manager();
    const made: [object, abstract new (...args: never[]) => unknown][] = [
      [m.list(), SharedList],
      [m.dict(), SharedDict],
      [m.set(), SharedSet],
      [m.namespace(), Namespace],
      [m.value('int32', 1), Value],
      [m.array('int32', [1, 2]), SharedArray],
      [m.queue(), Queue],
      [m.joinableQueue(), JoinableQueue],
      [m.lock(), Lock],
      [m.rlock(), RLock],
      [m.semaphore(2), Semaphore],
      [m.boundedSemaphore(2), BoundedSemaphore],
      [m.condition(), Condition],
      [m.event(), Event],
      [m.barrier(2), Barrier],
      [m.pool(1), Pool],
    ];
    for (const [object, type] of made) assert.ok(object instanceof type, type.name);
    await m[Symbol.asyncDispose]();
  });

  it('passes arguments on', () => {
    using m = new Manager();
    assert.deepEqual(m.list(new Set([1, 2])).toArray(), [1, 2]);
    assert.deepEqual(m.dict(new Map([['a', 1]])).toObject(), { a: 1 });
    assert.deepEqual(m.set('ab'.split('')).values(), ['a', 'b']);
    assert.equal(m.value('float64', 1.5).value, 1.5);
    assert.deepEqual([...m.array('uint8', 3)], [0, 0, 0]);
    assert.equal(m.semaphore(3).value, 3);
    assert.equal(m.barrier(3).parties, 3);
    const lock = m.lock();
    using held = lock.holdSync();
    assert.equal(m.condition(lock).lock.locked, true);
    held.release();
  });

  for (const [method, argument] of [['list', 5], ['dict', 5], ['dict', [1]], ['set', {}], ['namespace', 'x'], ['array', 'x'], ['value', 'x'], ['barrier', 0], ['semaphore', -1]] as const) {
    it(`${method} refuses ${inspect(argument)}`, () => {
      using m = new Manager();
      assert.throws(() => (m[method] as (argument: unknown) => unknown)(argument), /^(TypeError|RangeError): /);
    });
  } // prettier-ignore

  it('shuts down: nothing of it works any more, for anybody', async () => {
    await using pool = new Pool(1);
    const m = new Manager();
    const uses = {
      list: (l) => (l as SharedList).append(1),
      dict: (d) => (d as SharedDict).get(1),
      set: (s) => (s as SharedSet).has(1),
      namespace: (n) => (n as unknown as { x: number }).x,
      queue: (q) => (q as Queue).putSync(1),
      joinableQueue: (q) => (q as Queue).getSync({ timeout: 0 }),
      lock: (l) => (l as Lock).acquireSync(),
      rlock: (l) => (l as RLock).acquireSync(),
      semaphore: (s) => (s as Semaphore).acquireSync(),
      condition: (c) => (c as Condition).acquireSync(),
      event: (e) => (e as Event).waitSync(),
    } satisfies Record<string, (object: object) => unknown>;
    const kinds = Object.keys(uses) as (keyof typeof uses)[];
    const make = (kind: keyof typeof uses) => (m[kind] as () => object).call(m);
    const objects = kinds.map(make);
    const wrong = (object: object, use: (object: object) => unknown): string => {
      try {
        use(object);
        return 'nothing';
      } catch (error) {
        return (error as Error).name;
      }
    };
    m.shutdown();
    m.shutdown();
    assert.equal(m.closed, true);
    for (const [i, kind] of kinds.entries()) {
      assert.equal(wrong(objects[i]!, uses[kind]), 'ManagerClosedError', kind);
      assert.throws(() => make(kind), ManagerClosedError);
      assert.doesNotThrow(() => inspect(objects[i]));
    }
    assert.throws(() => m.pool(1), ManagerClosedError);
    await assert.rejects(
      pool.apply((l: SharedList) => l.length, [objects[0] as SharedList]),
      ManagerClosedError,
    );
    await assert.rejects(
      pool.apply((manager: Manager) => manager.list().length, [m]),
      ManagerClosedError,
    );
  });

  it('shutdown ends waits', async () => {
    const m = new Manager();
    const [queue, lock, event] = [m.queue(), m.lock(), m.event()];
    lock.acquireSync();
    const waits = [queue.get(), lock.acquire(), event.wait()];
    m.shutdown();
    for (const wait of waits) await assert.rejects(wait, ManagerClosedError);
  });

  it('shutdown terminates its pools', async () => {
    const m = new Manager();
    const pool = m.pool(1);
    const endless = pool.apply(() => new Promise<never>(() => {}));
    m.shutdown();
    await assert.rejects(endless, { name: 'PoolClosedError' });
    await m[Symbol.asyncDispose]();
    assert.deepEqual(pool.workers, []);
  });

  it('shutdown in the midst of use by workers: they get ManagerClosedError, and nothing hangs', async () => {
    await using pool = new Pool(2);
    for (let round = 0; round < 20; round++) {
      const m = new Manager();
      const [list, dict] = [m.list<number>(), m.dict<string, number>()];
      const started = new Value('int32', 0);
      const use = (manager: Manager, l: SharedList<number>, d: SharedDict<string, number>, at: Value<'int32'>) => {
        for (;;) {
          l.append(l.length);
          d.increment('n');
          if (l.length > 100) l.clear();
          manager.list([1]).append(2);
          at.add(1);
        }
      };
      const uses = [1, 2].map(() => pool.apply(use, [m, list, dict, started]));
      while (started.value < 10 + round) await new Promise((resolve) => setTimeout(resolve, 1));
      m.shutdown();
      for (const end of await Promise.allSettled(uses)) {
        assert.ok(end.status === 'rejected' && end.reason instanceof ManagerClosedError, inspect(end));
      }
    }
  });

  it('leaves objects of other managers alone', () => {
    const [a, b] = [new Manager(), new Manager()];
    const [ofA, ofB] = [a.list([1]), b.list([ofList(a)])];
    a.shutdown();
    assert.equal(ofB.length, 1);
    assert.throws(() => ofB.at(0)!.length, ManagerClosedError);
    assert.throws(() => ofA.length, ManagerClosedError);
    b.shutdown();

    function ofList(m: Manager): SharedList<number> {
      return m.list([2]);
    }
  });

  it('using waits until the workers of its pools are gone', async () => {
    let pools: Pool[];
    let endless: Promise<void>;
    {
      using m = new Manager();
      pools = [m.pool(1), m.pool(2)];
      endless = pools[0]!.apply(() => {
        for (;;);
      });
      m.shutdown();
      pools.forEach((pool) => assert.notEqual(pool.workers.length, 0));
    }
    pools.forEach((pool) => assert.deepEqual(pool.workers, []));
    await assert.rejects(endless, { code: 'ERR_ALLCORES_POOL_CLOSED' });
  });

  it('using shuts it down', () => {
    let list: SharedList<number>;
    {
      using m = new Manager();
      list = m.list([1]);
    }
    assert.throws(() => list.length, ManagerClosedError);
  });

  it('tells whether it was shut down, also when printed', () => {
    const m = new Manager();
    assert.deepEqual([m.closed, inspect(m)], [false, 'Manager']);
    m.shutdown();
    assert.deepEqual([m.closed, inspect(m)], [true, 'Manager (shut down)']);
  });
});
