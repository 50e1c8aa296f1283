import assert from 'node:assert/strict';
import { heapFigures, Manager, Pool, type SharedList } from 'allcores';
import { run } from './child.js';
import { report } from './inside.js';

describe('memory of a manager', function () {
  this.timeout(60_000);

  it('refuses what does not fit into the heap, changes nothing, and goes on once there is room', async () => {
    process.env['ALLCORES_HEAP_LIMIT'] = String(32 * 1024 * 1024);
    try {
      const { code, reports, stderr } = await run(() => {
        const m = new Manager();
        const [list, dict, set] = [m.list<string>(), m.dict<string, string>(), m.set<string>()];
        const piece = 'x'.repeat(100_000);
        const fill = (add: (i: number) => void): string => {
          try {
            for (let i = 0; i < 1000; i++) add(i);
            return 'never full';
          } catch (error) {
            return (error as Error).name;
          }
        };
        report(fill(() => list.append(piece)));
        const { length } = list;
        const refused = [
          () => list.append(piece),
          () => list.extend([piece, piece]),
          () => list.insert(0, piece),
          () => list.set(0, piece + piece),
          () => dict.set('a', piece),
          () => dict.update({ a: piece, b: piece }),
          () => dict.setDefault('a', piece),
          () => dict.mutate('a', () => piece),
          () => m.list([piece]),
          () => m.dict({ piece }),
        ].map((use) => fill(use));
        report([...new Set(refused)]);
        report([list.length === length, list.toArray().every((text) => text === piece), dict.size]);
        list.clear();
        dict.set('a', piece);
        report(dict.get('a') === piece);
        dict.clear();
        // Many small ones, until not even those fit.
        report(fill((i) => { for (let j = 0; j < 10_000; j++) dict.set(`${i} ${j}`, 'a value that is not inline'); })); // prettier-ignore
        report(dict.size === dict.keys().length);
        dict.clear();
        set.add('a');
        report([set.size, dict.size]);
      });
      assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
      assert.deepEqual(reports, [
        'HeapFullError',
        ['HeapFullError'],
        [true, true, 0],
        true,
        'HeapFullError',
        true,
        [1, 0],
      ]);
    } finally {
      delete process.env['ALLCORES_HEAP_LIMIT'];
    }
  });

  it('is used again: it stays bounded over many sets and deletes', async () => {
    const { code, reports, stderr } = await run(() => {
      const m = new Manager();
      const [list, dict] = [m.list<unknown>(), m.dict<number, unknown>()];
      const before = heapFigures().live;
      let most = 0;
      for (let i = 0; i < 1_000_000; i++) {
        dict.set(i, 'a value that is not stored inline');
        dict.delete(i - 100);
        if (i % 4 === 0) list.append('another one, that is not inline either');
        if (i % 4 === 0 && i > 400) list.pop(0);
        if (i % 10_000 === 0) most = Math.max(most, heapFigures().live - before);
      }
      report(most < 1024 * 1024 ? 'bounded' : most);
      report([dict.size, list.length]);
    });
    assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
    assert.deepEqual(reports, ['bounded', [100, 101]]);
  });

  it('is given back when the last handle is collected, without a shutdown', async () => {
    const { code, reports, stderr } = await run(
      async () => {
        const pool = new Pool(1);
        const use = async () => {
          const m = new Manager();
          const list = m.list<unknown>(Array.from({ length: 100 }, (_, i) => m.list(['x'.repeat(i)])));
          await pool.apply((l: SharedList) => l.append('y'.repeat(100_000)), [list]);
          m.dict({ list });
        };
        const settled = async (target: number) => {
          for (let i = 0; i < 1000 && heapFigures().live > target; i++) {
            (globalThis as unknown as { gc: () => void }).gc();
            await pool.apply(() => (globalThis as unknown as { gc: () => void }).gc());
            await new Promise((resolve) => setTimeout(resolve, 10));
          }
          return heapFigures().live;
        };
        await use();
        const before = await settled(0);
        await use();
        await use();
        report((await settled(before)) - before);
        await pool[Symbol.asyncDispose]();
      },
      { execArgv: ['--expose-gc'] },
    );
    assert.deepEqual({ code, stderr, reports }, { code: 0, stderr: '', reports: [0] });
  });

  it('keeps a manager as long as its objects, so that no other one takes them along, and an object that is only stored', async () => {
    const { code, reports, stderr } = await run(
      async () => {
        const collect = async () => {
          for (let i = 0; i < 20; i++) {
            (globalThis as unknown as { gc: () => void }).gc();
            await new Promise((resolve) => setTimeout(resolve, 10));
          }
        };
        const list = (() => {
          const m = new Manager();
          return m.list<SharedList<number>>([m.list([1])]);
        })();
        const { blocks } = heapFigures();
        await collect();
        report(blocks - heapFigures().blocks);
        for (let i = 0; i < 100; i++) new Manager().shutdown();
        report(list.at(0)!.toArray());
      },
      { execArgv: ['--expose-gc'] },
    );
    assert.deepEqual({ code, stderr, reports }, { code: 0, stderr: '', reports: [0, [1]] });
  });

  it('with a hundred thousand levels of lists in lists is given back without a deep stack', async () => {
    const { code, reports, stderr } = await run(() => {
      const m = new Manager();
      let list = m.list<unknown>();
      for (let i = 0; i < 100_000; i++) list = m.list([list]);
      report(heapFigures().blocks > 100_000);
      m.shutdown();
      report('shut down');
    });
    assert.deepEqual({ code, stderr, reports }, { code: 0, stderr: '', reports: [true, 'shut down'] });
  });
});
