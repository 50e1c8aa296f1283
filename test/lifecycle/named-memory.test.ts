import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { ShareableList, SharedMemory, type SharedMemoryError } from 'allcores';
import { run } from './child.js';
import { report } from './inside.js';
import { exists } from './named.js';

describe('named memory', () => {
  before(function () {
    if (!existsSync('/dev/shm')) this.skip();
  });

  it('carries data between two programs that know nothing but its name', async () => {
    let name = '';
    let second: ReturnType<typeof run> | undefined;
    const first = await run(
      async () => {
        const memory = new SharedMemory({ create: true, size: 1024 });
        const list = new ShareableList(['question', 0, null]);
        memory.buf.set(Buffer.from(list.shm.name), 1);
        report([memory.name, list.shm.name.length]);
        while (memory.buf[0] === 0) await sleep(1);
        report([memory.buf[0], ...list]);
        memory.unlink();
        list.shm.unlink();
      },
      {
        onReport: (value) => {
          if (second !== undefined) return;
          const [told, length] = value as [string, number];
          name = told;
          second = run(
            (of: string, bytes: number) => {
              const memory = new SharedMemory({ name: of });
              const text = Buffer.from(memory.buf.subarray(1, 1 + bytes)).toString();
              const list = new ShareableList(undefined, { name: text });
              report([...list]);
              list.set(0, 'answer');
              list.set(1, 0.5);
              list.set(2, 42n as never); // of another type than before
              list.set(2, 'any');
              memory.buf[0] = 255;
            },
            { args: [told, length] },
          );
        },
      },
    );
    const other = await second!;
    assert.deepEqual(other.reports, [['question', 0, null]], other.stderr);
    assert.deepEqual(first.reports[1], [255, 'answer', 0.5, 'any'], first.stderr);
    assert.deepEqual([first.code, other.code, exists(name)], [0, 0, false]);
  });

  it('costs no descriptor and no mapping once it is closed', async () => {
    const child = await run(async () => {
      const { readdirSync: list } = await import('node:fs');
      const figures = (): number[] => [
        list('/proc/self/fd').length,
        readFileSync('/proc/self/maps', 'utf8').split('\n').filter((line) => line.includes('/dev/shm/')).length,
        list('/dev/shm').filter((name) => name.startsWith(`acm_count_${process.pid}`)).length,
      ]; // prettier-ignore
      const first = new SharedMemory({ create: true, size: 1 }); // with the pipe of the tracker
      const before = figures();
      for (let i = 0; i < 1000; i++) {
        const name = `acm_count_${process.pid}_${i}`;
        const created = new SharedMemory({ create: true, size: 10_000, name });
        const attached = new SharedMemory({ name });
        for (const refused of [
          () => new SharedMemory({ create: true, size: 1, name }),
          () => new SharedMemory({ name: 'acm_no' }),
        ]) {
          try {
            refused();
          } catch {
            // as it should be
          }
        }
        created.buf[0] = attached.buf[9999]!;
        created.close();
        attached.unlink();
        attached.close();
      }
      const after = figures();
      first.close();
      report([before, after]);
    });
    const [[before, after] = []] = child.reports as [number[], number[]][];
    assert.deepEqual(after, before, child.stderr);
    assert.equal(before?.[1], 1);
  });

  it('is let go of by handles that are collected', async () => {
    const child = await run(
      async () => {
        const mapped = (): number => readFileSync('/proc/self/maps', 'utf8').split('/dev/shm/').length - 1;
        const kept = new SharedMemory({ create: true, size: 10_000 });
        (() => {
          for (let i = 0; i < 50; i++) new SharedMemory({ name: kept.name }).buf[0] = i;
        })();
        const view = new SharedMemory({ name: kept.name }).buf.subarray(5, 6); // keeps its memory
        const until = performance.now() + 10_000;
        while (mapped() > 2 && performance.now() < until) {
          (globalThis as unknown as { gc(): void }).gc();
          await sleep(5);
        }
        kept.buf[5] = 42;
        report([mapped(), view[0], kept.buf[0]]);
      },
      { execArgv: ['--expose-gc'] },
    );
    assert.deepEqual(child.reports, [[2, 42, 49]], child.stderr);
  });

  it('made by a thread lasts as long as its process', async () => {
    const source = `
      const { SharedMemory } = require('allcores');
      const memory = new SharedMemory({ create: true, size: 10 });
      memory.buf[3] = 33;
      require('node:worker_threads').parentPort.postMessage(memory.name);`;
    const child = await run(
      async (code: string) => {
        const { createRequire } = await import('node:module');
        const require = createRequire(import.meta.url);
        const worker = new Worker(code.replace(`'allcores'`, JSON.stringify(require.resolve('allcores'))), {
          eval: true,
        });
        const name = await new Promise<string>((resolve) => worker.once('message', resolve));
        await new Promise((resolve) => worker.once('exit', resolve));
        report([name, new SharedMemory({ name }).buf[3]]);
      },
      { args: [source] },
    );
    const [[name, value] = ['', 0]] = child.reports as [string, number][];
    assert.deepEqual([value, exists(name)], [33, false], child.stderr);
  });

  it('belongs to its user', async function () {
    if (process.getuid?.() !== 0) this.skip();
    const memory = new SharedMemory({ create: true, size: 10 });
    try {
      const child = await run(
        (name: string) => {
          new SharedMemory({ name }).close();
          process.setuid!(65_534);
          try {
            report(new SharedMemory({ name }).size);
          } catch (error) {
            const { code, message } = error as SharedMemoryError;
            report([code, message]);
          }
        },
        { args: [memory.name] },
      );
      const message = `name must be that of shared memory of this user, got '${memory.name}', which may not be used`;
      assert.deepEqual(child.reports, [['EACCES', message]], child.stderr);
    } finally {
      memory.close();
      memory.unlink();
    }
  });
});
