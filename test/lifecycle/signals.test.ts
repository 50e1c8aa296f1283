import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'allcores';
import { run } from './child.js';
import { base, letGo, report, seen } from './inside.js';

describe('a signal to a process with a pool', () => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    for (const busy of ['idle', 'looping', 'pending', 'natively waiting']) {
      it(`${signal} ends it while workers are ${busy}`, async () => {
        const child = await run(
          async (state: string) => {
            const pool = new Pool(2);
            const occupied = (kind: string): unknown => {
              while (kind === 'looping');
              if (kind === 'pending') return new Promise(() => {});
              if (kind === 'natively waiting') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
              return kind;
            };
            await pool.map((x: number) => x, [1, 2]);
            for (let i = 0; i < 3; i++) void pool.apply(occupied, [state]);
            await sleep(50);
            report('ready');
            await sleep(30_000);
          },
          { args: [busy], timeout: 8000, onReport: (_, process) => process.kill(signal) },
        );
        assert.deepEqual([child.signal, child.code, child.stderr], [signal, null, '']);
      });
    }
  }

  it('reaches a listener of the owner while workers are busy, who can end the pool in order', async () => {
    const child = await run(
      async () => {
        const threads = await base();
        const pool = new Pool(2);
        const endless = seen(
          pool.apply(() => {
            for (;;);
          }),
        );
        process.once('SIGINT', () => {
          void (async () => {
            await pool.terminate();
            const { error } = (await endless) as { error: Record<string, unknown> };
            report(error['name']);
            report(await letGo(pool, threads));
            process.exit(130);
          })();
        });
        await sleep(50);
        report('ready');
        await sleep(30_000);
      },
      { timeout: 8000, onReport: (what, process) => what === 'ready' && process.kill('SIGINT') },
    );
    assert.deepEqual(child.reports, ['ready', 'PoolClosedError', { threads: 0, workers: 0 }]);
    assert.equal(child.code, 130);
  });
});
