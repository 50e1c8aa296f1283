import assert from 'node:assert/strict';
import { Manager, Pool, Process, type Namespace, type SharedDict, type SharedList, type SharedSet } from 'allcores';

describe('objects of a manager in workers', () => {
  let pool: Pool;
  let manager: Manager;
  before(() => (pool = new Pool(2)));
  after(() => pool.terminate());
  beforeEach(() => (manager = new Manager()));
  afterEach(() => manager.shutdown());

  it('are live handles on the same object: as arguments, within them, and captured by items', async () => {
    const list = manager.list<number>();
    await pool.apply((l: SharedList<number>) => l.append(1), [list]);
    await pool.apply((o: { deep: SharedList<number>[] }) => o.deep[0]!.append(2), [{ deep: [list] }]);
    await pool.map((l: SharedList<number>) => l.push(3), [list, list]);
    assert.deepEqual(list.toArray(), [1, 2, 3, 3]);
  });

  it('come back as results, and outlive the worker that made them', async () => {
    await using short = new Pool(1, { maxTasksPerChild: 1 });
    const dict = await short.apply((m: Manager) => m.dict({ a: m.list([1]) }), [manager]);
    await short.apply(() => 0);
    dict.get('a')!.append(2);
    assert.deepEqual(dict.get('a')!.toArray(), [1, 2]);
  });

  it('work in a Process', async () => {
    const [list, dict, set, ns] = [
      manager.list<number>(),
      manager.dict<string, number>(),
      manager.set(),
      manager.namespace(),
    ];
    const target = (l: SharedList<number>, d: SharedDict<string, number>, s: SharedSet, n: Namespace) => {
      l.append(1);
      d.set('a', 2);
      s.add(3);
      Object.assign(n, { x: 4 });
    };
    const process = new Process({ target, args: [list, dict, set, ns] }).start();
    assert.ok(await process.join());
    assert.deepEqual([list.toArray(), dict.toObject(), set.values(), { ...ns }], [[1], { a: 2 }, [3], { x: 4 }]);
  });

  it('lose no append, and no extend is torn apart', async () => {
    const list = manager.list<number>();
    const add = (l: SharedList<number>, from: number) => {
      for (let i = 0; i < 1000; i++) {
        l.append(from + i);
        l.extend([-from, -from, -from]);
      }
    };
    await Promise.all([0, 1, 2, 3].map((i) => pool.apply(add, [list, 1 + i * 1000])));
    const values = list.toArray();
    assert.equal(values.length, 16_000);
    assert.deepEqual(
      values.filter((value) => value > 0).sort((a, b) => a - b),
      Array.from({ length: 4000 }, (_, i) => i + 1),
    );
    for (let i = 0; i < values.length; i++) {
      if (values[i]! > 0) continue;
      assert.deepEqual([values[i + 1], values[i + 2]], [values[i], values[i]]);
      i += 2;
    }
  });

  it('add up exactly by increment, mutate and on shared keys', async () => {
    const dict = manager.dict<string, number>();
    const count = (d: SharedDict<string, number>) => {
      for (let i = 0; i < 2000; i++) {
        d.increment('n');
        d.mutate('m', (value = 0) => value + 2);
        d.increment(`k${i % 7}`);
      }
    };
    await Promise.all([1, 2, 3, 4].map(() => pool.apply(count, [dict])));
    assert.deepEqual([dict.get('n'), dict.get('m')], [8000, 16_000]);
    assert.equal(
      [0, 1, 2, 3, 4, 5, 6].reduce((sum, i) => sum + dict.get(`k${i}`)!, 0),
      8000,
    );
  });

  it('sort and remove lose nothing that others append meanwhile', async () => {
    const list = manager.list([5, 3, 1]);
    const append = pool.apply(
      (l: SharedList<number>) => {
        for (let i = 0; i < 500; i++) l.append(1000 - i);
      },
      [list],
    );
    await pool.apply(
      (l: SharedList<number>) => {
        for (let i = 0; i < 50; i++) {
          l.sort();
          l.append(-1);
          l.remove(-1);
        }
      },
      [list],
    );
    await append;
    assert.deepEqual(list.sort().toArray(), [1, 3, 5, ...Array.from({ length: 500 }, (_, i) => i + 501)]);
  });

  it('update is seen whole: two keys always agree', async () => {
    const dict = manager.dict({ a: 0, b: 0, stop: 0 });
    const write = pool.apply(
      (d: SharedDict<string, number>) => {
        for (let i = 1; d.get('stop') === 0; i++) d.update({ a: i, b: i });
      },
      [dict],
    );
    for (let i = 0; i < 2000; i++) {
      const { a, b } = dict.toObject();
      if (a !== b) assert.fail(`${a} and ${b}`);
    }
    dict.set('stop', 1);
    await write;
  });

  it('takes every item of a list exactly once, by pop', async () => {
    const list = manager.list(Array.from({ length: 4000 }, (_, i) => i));
    const take = (l: SharedList<number>) => {
      const taken: number[] = [];
      try {
        for (;;) taken.push(l.pop());
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
      }
      return taken;
    };
    const taken = (await Promise.all([pool.apply(take, [list]), pool.apply(take, [list])])).flat();
    assert.deepEqual(
      taken.sort((a, b) => a - b),
      Array.from({ length: 4000 }, (_, i) => i),
    );
  });
});
