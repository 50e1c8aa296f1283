import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { heapFigures, Pool, Process, Queue, SimpleQueue } from 'allcores';
import { run } from './child.js';
import { report } from './inside.js';

describe('queues whose users die', () => {
  it('go on: nobody waits for ever, nothing comes twice, and no memory stays behind', async () => {
    const child = await run(
      async (rounds: number) => {
        const before = heapFigures().blocks;
        type Message = readonly [number, number, unknown];
        // Short, long, and one that names a shared object.
        const putSync = (queue: Queue<Message>, who: number, inner: unknown, up: SimpleQueue<0>): void => {
          up.putSync(0);
          const long = 'x'.repeat(50_000);
          for (let i = 0; ; i++) queue.putSync([who, i, i % 3 === 0 ? i : i % 3 === 1 ? long : inner]);
        };
        const put = async (queue: Queue<Message>, who: number, inner: unknown, up: SimpleQueue<0>): Promise<void> => {
          up.putSync(0);
          const long = 'y'.repeat(50_000);
          for (let i = 0; ; i += 3) {
            const values = [i, long, inner];
            await Promise.all(values.map((value, k) => queue.put([who, i + k, value])));
          }
        };
        const takeSync = (queue: Queue<Message>, out: SimpleQueue<string>, up: SimpleQueue<0>): void => {
          up.putSync(0);
          for (;;) {
            const [who, i] = queue.getSync();
            out.putSync(`${who}:${i}`);
          }
        };
        const take = async (queue: Queue<Message>, out: SimpleQueue<string>, up: SimpleQueue<0>): Promise<void> => {
          up.putSync(0);
          const one = async (): Promise<void> => {
            for (;;) {
              const [who, i] = await queue.get();
              out.putSync(`${who}:${i}`);
            }
          };
          await Promise.all([one(), one(), one()]);
        };

        const figures = await (async (): Promise<unknown> => {
          const queue = new Queue<Message>(5);
          const out = new SimpleQueue<string>();
          const inner = new SimpleQueue<number>();
          const up = new SimpleQueue<0>();
          const seen = new Set<string>();
          let twice = 0;
          const note = (key: string): void => {
            if (seen.has(key)) twice++;
            seen.add(key);
          };
          for (let round = 0; round < rounds; round++) {
            const processes = [
              new Process({ target: putSync, args: [queue, round * 2, inner, up] }),
              new Process({ target: put, args: [queue, round * 2 + 1, inner, up] }),
              new Process({ target: takeSync, args: [queue, out, up] }),
              new Process({ target: take, args: [queue, out, up] }),
            ];
            for (const process of processes) process.start();
            for (const _process of processes) await up.get({ timeout: 10_000 });
            note(await out.get({ timeout: 10_000 }));
            // Whoever is left has nobody to meet now and then: it waits, and dies waiting.
            for (const process of processes.sort(() => Math.random() - 0.5)) {
              await sleep(Math.random() * 3);
              process.kill();
            }
            for (const process of processes) await process.join();
            // What was put can still be taken, and the queue serves as before.
            while (!queue.empty()) {
              const [who, i] = await queue.get({ timeout: 10_000 });
              note(`${who}:${i}`);
            }
            for (let i = 0; i < 5; i++) queue.putNowait([-1, i, null]);
            for (let i = 0; i < 5; i++) queue.getNowait();
            while (!out.empty()) note(out.getSync({ timeout: 10_000 }));
          }
          return { twice, some: seen.size > rounds };
        })();
        for (let i = 0; i < 300 && heapFigures().blocks > before; i++) {
          (globalThis as unknown as { gc(): void }).gc();
          await sleep(10);
        }
        report({ figures, blocks: heapFigures().blocks - before });
      },
      { args: [15], execArgv: ['--expose-gc'], timeout: 60_000 },
    );
    assert.deepEqual(child.reports, [{ figures: { twice: 0, some: true }, blocks: 0 }], child.stderr);
  }).timeout(90_000);

  it('serve others although tasks that wait in them run out of time', async () => {
    const child = await run(async () => {
      const pool = new Pool(2);
      const [empty, full] = [new Queue<number>(), new Queue<number>(1)];
      full.putSync(0);
      const kinds: unknown[] = [];
      const tasks = [
        pool.apply((queue: Queue<number>) => queue.getSync(), [empty], { timeout: 30 }),
        pool.apply((queue: Queue<number>) => queue.get(), [empty], { timeout: 30 }),
        pool.apply((queue: Queue<number>) => queue.putSync(1), [full], { timeout: 30 }),
        pool.apply((queue: Queue<number>) => queue.put(2), [full], { timeout: 30 }),
      ];
      for (const task of tasks) {
        await Promise.resolve(task).catch((error: unknown) => kinds.push((error as Error).name));
      }
      report(kinds);
      // Until they are gone they may still put.
      await pool.terminate();
      await pool.join();
      empty.putSync(5);
      report([empty.getSync({ timeout: 1000 }), full.getSync(), full.empty()]);
      full.putNowait(6);
      report(full.getSync());
    });
    const late = 'TaskTimeoutError';
    assert.deepEqual(child.reports, [[late, late, late, late], [5, 0, true], 6], child.stderr);
  });
});
