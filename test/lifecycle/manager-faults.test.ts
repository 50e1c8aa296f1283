import assert from 'node:assert/strict';
import { heapFigures, Manager, Pool } from 'allcores';
import { run } from './child.js';
import { report } from './inside.js';

/** Everything that a manager makes, in the hands of workers that are ended at any moment. */
async function terminatedWorkers(ends: number): Promise<void> {
  const pool = new Pool(2);
  const all = () => {
    const m = new Manager();
    const inner = m.list([1]);
    const held = {
      ns: m.namespace(),
      list: m.list<unknown>([inner]),
      dict: m.dict<string, unknown>({ inner }),
      set: m.set(),
    };
    const locks = { lock: m.lock(), rlock: m.rlock(), permits: m.semaphore(2), condition: m.condition() };
    const queues = { queue: m.queue<unknown>(2), jobs: m.joinableQueue() };
    return {
      m,
      ...held,
      ...locks,
      ...queues,
      value: m.value('int32', 0),
      array: m.array('int32', 4),
      event: m.event(),
    };
  };
  type All = ReturnType<typeof all>;
  const use = (o: All) => {
    const text = 'x'.repeat(100);
    for (let i = 0; ; i++) {
      o.list.append({ text, i });
      o.list.push(i, o.m.list([o.list]));
      o.list.insert(1, 'y'.repeat(5000));
      if (o.list.length > 50) o.list.clear();
      o.list.sort(() => -1);
      o.dict.set(`k${i % 20}`, { i, text });
      o.dict.update({ own: o.m.dict({ a: 1 }), text });
      o.dict.increment('n');
      o.dict.pop(`k${(i * 7) % 20}`);
      if (i % 100 === 99) o.dict.clear();
      o.set.add(i % 10).delete((i + 5) % 10);
      o.ns[`p${i % 3}`] = [i, o.lock];
      for (const each of [o.lock, o.rlock, o.permits, o.condition]) {
        each.acquireSync();
        each.release();
      }
      if (o.queue.full()) o.queue.getSync();
      else o.queue.putSync([text, o.queue]);
      o.jobs.putSync(i);
      o.jobs.getSync();
      o.jobs.taskDone();
      o.event.set();
      o.value.add(1);
      o.array.set(i % 4, i);
    }
  };
  const disturb = async (o: All, count: number) => {
    for (let i = 0; i < count; i += 2) {
      const timeout = 1 + Math.random() * 5;
      const ended = await Promise.allSettled([1, 2].map(() => pool.apply(use, [o], { timeout, grace: 0 })));
      for (const end of ended) {
        const error = end.status === 'rejected' ? (end.reason as Error) : new Error('It ended by itself');
        if (error.name !== 'TaskTimeoutError') report(String(error));
      }
    }
  };
  const check = async (o: All) =>
    pool.apply(
      (objects: All) => {
        const { list, dict, set } = objects;
        if (dict.size !== dict.keys().length || set.size !== set.values().length) return 'counts differ';
        list.clear();
        list.extend([1, 2]);
        dict.clear();
        const acquired = [objects.lock, objects.rlock, objects.permits].map((each) =>
          each.acquireSync({ timeout: 5000 }),
        );
        return [...list, dict.size, ...acquired];
      },
      [o],
    );
  const cycle = async (count: number) => {
    const o = all();
    await disturb(o, count);
    report(await check(o));
    o.m.shutdown();
  };
  const settled = async (target: number) => {
    for (let i = 0; i < 300 && heapFigures().live > target; i++) {
      (globalThis as unknown as { gc: () => void }).gc();
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    return heapFigures().live;
  };
  await cycle(2);
  const before = await settled(0);
  await cycle(ends);
  report((await settled(before)) - before);
  pool.close();
  await pool.join();
}

describe('objects of a manager', function () {
  /** How many workers are ended; more of them find more. */
  const ends = Number(process.env['ALLCORES_TEST_ENDS'] ?? 40);
  this.timeout(30_000 + ends * 500);

  it('survive workers that are terminated while they use them, and leave nothing behind', async () => {
    const { code, reports, stderr } = await run(terminatedWorkers, {
      args: [ends],
      execArgv: ['--expose-gc'],
      timeout: 20_000 + ends * 500,
    });
    assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
    const sound = [1, 2, 0, true, true, true];
    assert.deepEqual(reports, [sound, sound, 0]);
  });
});
