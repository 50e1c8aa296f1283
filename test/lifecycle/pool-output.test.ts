import assert from 'node:assert/strict';
import { writeSync } from 'node:fs';
import { Pool, Process, setStartMethod, SharedArray, type StartMethod } from 'allcores';
import { run } from './child.js';
import { report } from './inside.js';

const METHODS: readonly StartMethod[] = ['thread', 'process'];
const ENDS = ['ends by itself', 'exits', 'throws', 'terminates its pool', 'closes its pool'] as const;

/** The program: tasks print, and as soon as their results are there it comes to its end in one way. */
async function prints(method: StartMethod, end: string): Promise<void> {
  setStartMethod(method);
  const pool = new Pool(1);
  for (let i = 0; i < 3; i++) {
    await pool.apply(
      (x: number) => {
        console.log('line', x);
        process.stdout.write(`raw ${x}\n`);
        console.error('error', x);
      },
      [i],
    );
    writeSync(1, `after ${i}\n`);
  }
  // More than a pipe holds.
  await pool.apply(() => {
    process.stdout.cork();
    process.stdout.write(`${'x'.repeat(1_000_000)}\n`);
    process.stdout.write(`${'y'.repeat(1_000_000)}\n`);
    console.log('last');
    process.stdout.uncork();
  });
  if (end === 'exits') process.exit(0);
  if (end === 'throws') throw new Error('the end');
  if (end === 'terminates its pool') await pool.terminate();
  if (end === 'closes its pool') {
    pool.close();
    await pool.join();
  }
}

for (const method of METHODS) {
  describe(`the output of a pool (${method})`, () => {
    for (const end of ENDS) {
      it(`of tasks that are done is complete and in order, also when the program ${end}`, async () => {
        const child = await run(prints, { args: [method, end] });
        const lines = child.stdout.split('\n');
        const early = [0, 1, 2].flatMap((i) => [`line ${i}`, `raw ${i}`, `after ${i}`]);
        assert.deepEqual(lines.slice(0, 9), early);
        assert.deepEqual(
          lines.slice(9).map((line) => [line[0], line.length]),
          [
            ['x', 1_000_000],
            ['y', 1_000_000],
            ['l', 4],
            [undefined, 0],
          ],
        );
        assert.ok(child.stderr.startsWith('error 0\nerror 1\nerror 2\n'));
        assert.equal(child.code, end === 'throws' ? 1 : 0);
      });
    }

    it('appears while the thread of its owner is blocked, and calls the callbacks of its streams', async () => {
      const child = await run(
        (kind: StartMethod) => {
          setStartMethod(kind);
          const pool = new Pool(1);
          const printed = new SharedArray('int32', 1);
          const task = async (flag: SharedArray<'int32'>): Promise<void> => {
            await new Promise((resolve) => process.stdout.write('out\n', resolve));
            await new Promise((resolve) => process.stderr.write('err\n', resolve));
            flag.set(0, 1);
          };
          pool.applySync(task, [printed]);
          printed.set(0, 0);
          void pool.apply(task, [printed]);
          return Promise.resolve().then(() => {
            while (printed.at(0) === 0);
            writeSync(1, 'blocked until here\n');
          });
        },
        { args: [method] },
      );
      assert.deepEqual([child.stdout, child.stderr], ['out\nout\nblocked until here\n', 'err\nerr\n']);
      assert.equal(child.code, 0);
    });
  });

  describe(`the output of a process (${method})`, () => {
    it('is complete, however large, though it exits at once', async () => {
      const child = await run(
        (kind: StartMethod) => {
          setStartMethod(kind);
          const target = (): void => {
            console.log('x'.repeat(3_000_000));
            console.log('last');
            process.exit(0);
          };
          new Process({ target }).start().joinSync();
        },
        { args: [method] },
      );
      assert.equal(child.stdout.length, 3_000_001 + 5);
      assert.ok(child.stdout.endsWith('x\nlast\n'));
    });
  });
}

describe('the output of a pool of threads', () => {
  it('does no harm to its tasks when nobody can read it any more', async () => {
    const body = async (): Promise<void> => {
      const pool = new Pool(1);
      report('stop listening');
      for (let deaf = false; !deaf;) {
        try {
          writeSync(2, 'x');
        } catch {
          deaf = true;
        }
      }
      const task = (): string => {
        console.error('unheard');
        return 'done';
      };
      for (let i = 0; i < 3; i++) report(await pool.apply(task));
      report(pool.stats().crashed);
    };
    const child = await run(body, { onReport: (_report, program) => program.stderr?.destroy() });
    assert.deepEqual(child.reports, ['stop listening', 'done', 'done', 'done', 0]);
    assert.equal(child.code, 0);
  });
});
