import assert from 'node:assert/strict';
import {
  Manager,
  Process,
  type Barrier,
  type Condition,
  type Event,
  type Lock,
  type Queue,
  type Semaphore,
  type SharedArray,
  type SharedDict,
  type SharedList,
  type Value,
} from 'allcores';

describe('types of a manager in a process, as in Python', () => {
  let m: Manager;
  beforeEach(() => (m = new Manager()));
  afterEach(() => m.shutdown());

  /** Runs it in a process of its own: false, or an error, is a failure. */
  async function inProcess<A extends object>(target: (object: A) => unknown, object: A): Promise<void> {
    const check = async (work: (object: A) => unknown, given: A) => {
      if ((await work(given)) === false) process.exit(3);
    };
    const child = new Process({ target: check, args: [target, object] }).start();
    await child.join();
    assert.equal(child.exitCode, 0);
  }

  it('list', async () => {
    const list = m.list([5]);
    await inProcess((l: SharedList<number>) => {
      l.sort().reverse();
      return l.at(0) === 5 && l.count(5) === 1 && l.index(5) === 0 && l.length === 1 && l.pop(0) === 5;
    }, list);
    assert.equal(list.length, 0);
  });

  it('event', async () => {
    const event = m.event();
    event.set();
    await inProcess((e: Event) => e.isSet() && e.waitSync() && (e.clear(), !e.waitSync({ timeout: 1 })), event);
    assert.equal(event.isSet(), false);
  });

  for (const kind of ['lock', 'rlock'] as const) {
    it(`${kind}: one that a process holds at its end is free again`, async () => {
      const lock = m[kind]();
      await inProcess((l: Lock) => l.acquireSync(), lock as Lock);
      assert.ok(lock.acquireSync({ timeout: 5000 }));
      lock.release();
      assert.throws(() => lock.release(), { name: 'ProcessError' });
    });
  }

  for (const kind of ['semaphore', 'boundedSemaphore'] as const) {
    it(`${kind}: what a process holds at its end comes back`, async () => {
      const semaphore = m[kind](1);
      await inProcess((s: Semaphore) => s.acquireSync() && s.value === 0, semaphore as Semaphore);
      assert.ok(semaphore.acquireSync({ timeout: 5000 }));
      semaphore.release();
      assert.equal(semaphore.value, 1);
    });
  }

  it('condition', async () => {
    await inProcess((c: Condition) => {
      c.acquireSync();
      c.notifyAll();
      c.release();
    }, m.condition());
  });

  it('barrier', async () => {
    await inProcess((b: Barrier) => (b.reset(), b.parties === 5), m.barrier(5));
  });

  it('pool: a process makes one of its own through the manager', async () => {
    await inProcess(async (manager: Manager) => {
      const pool = manager.pool(1);
      const result = await pool.apply((x: number) => x * x, [7]);
      pool.close();
      await pool.join();
      return result === 49;
    }, m);
  });

  for (const kind of ['queue', 'joinableQueue'] as const) {
    it(`each kind of queue: ${kind}`, async () => {
      const queue = m[kind]<number>(2);
      queue.putSync(5);
      queue.putSync(6);
      await inProcess(
        (q: Queue<number>) =>
          q.qsize() === 2 && q.full() && !q.empty() && q.getSync() === 5 && q.getSync() === 6 && q.empty(),
        queue as Queue<number>,
      );
      assert.ok(queue.empty() && !queue.full());
    });
  }

  it('dict', async () => {
    const dict = m.dict({ foo: 5 });
    await inProcess((d: SharedDict<string, number>) => {
      const all = JSON.stringify([d.size, d.get('foo'), d.entries(), d.keys(), d.values(), d.toObject(), d.popItem()]);
      return all === '[1,5,[["foo",5]],["foo"],[5],{"foo":5},["foo",5]]';
    }, dict);
    assert.equal(dict.size, 0);
  });

  it('value', async () => {
    const value = m.value('i', 1);
    await inProcess((v: Value<'i'>) => v.exchange(2) === 1, value);
    assert.equal(value.value, 2);
  });

  it('array', async () => {
    await inProcess((a: SharedArray<'i'>) => a.length === 2 && [...a].join() === '0,1', m.array('i', [0, 1]));
  });

  it('namespace', async () => {
    const ns = m.namespace({ x: 0, y: 1 });
    await inProcess((n: Record<string, unknown>) => n['x'] === 0 && n['y'] === 1, ns);
  });

  it('managers follow each other rapidly', async () => {
    for (let i = 0; i < 20; i++) {
      using manager = new Manager();
      const queue = manager.queue<string>();
      if (i % 10 === 0) await inProcess((q: Queue<string>) => q.putSync('hello'), queue);
      else queue.putSync('hello');
      assert.equal(await queue.get(), 'hello');
    }
  });
});
