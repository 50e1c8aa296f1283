import assert from 'node:assert/strict';
import { writeSync } from 'node:fs';
import { Pool, Process, SharedArray } from 'allcores';
import { run } from './child.js';
import { report } from './inside.js';

describe('the output of a process', () => {
  it('appears while the thread of its parent is blocked, in order', async () => {
    const child = await run(() => {
      const printed = new SharedArray('int32', 1);
      const target = (flag: SharedArray<'int32'>): void => {
        for (let i = 0; i < 100; i++) {
          console.log('line', i);
          process.stdout.write(`raw ${i}\n`);
        }
        flag.set(0, 1);
      };
      new Process({ target, args: [printed] }).start();
      while (printed.at(0) === 0);
      writeSync(1, 'blocked until here\n');
    });
    const expected = Array.from({ length: 100 }, (_, i) => `line ${i}\nraw ${i}\n`).join('');
    assert.deepEqual([child.stdout, child.stderr, child.code], [`${expected}blocked until here\n`, '', 0]);
  });

  it('is complete, however large, though the process exits at once and the pipe does not block', async () => {
    const child = await run(() => {
      process.stdout.write('first\n'); // makes the pipe of this program one that does not block
      const target = (): void => {
        process.stdout.cork();
        console.log('x'.repeat(3_000_000));
        console.log('last');
        process.stdout.uncork();
        process.exit(3);
      };
      const process_ = new Process({ target }).start();
      process_.joinSync();
      process.exitCode = process_.exitCode!;
    });
    assert.equal(child.stdout.length, 6 + 3_000_001 + 5);
    assert.ok(child.stdout.endsWith('x\nlast\n'));
    assert.equal(child.code, 3);
  });

  it('calls the callbacks of its streams', async () => {
    const child = await run(async () => {
      const target = async (): Promise<void> => {
        await new Promise((resolve) => process.stdout.write('out\n', resolve));
        await new Promise((resolve) => process.stderr.write('err\n', resolve));
        console.log('written');
        process.stdout.end('ended\n');
      };
      await new Process({ target }).start().join();
    });
    assert.deepEqual([child.stdout, child.stderr, child.code], ['out\nwritten\nended\n', 'err\n', 0]);
  });

  it('includes that of a pool and of processes within it', async () => {
    const child = await run(() => {
      const target = async (): Promise<void> => {
        const inner = (): void => console.log('of a nested process');
        new Process({ target: inner }).start().joinSync();
        const pool = new Pool(1);
        await pool.apply(() => console.log('of a pool'));
        pool.close();
        await pool.join();
      };
      new Process({ target }).start();
    });
    assert.deepEqual([child.stdout, child.stderr, child.code], ['of a nested process\nof a pool\n', '', 0]);
  });

  it('of modules that are loaded before it is not lost', async () => {
    const child = await run(async () => {
      const preload = 'data:text/javascript,console.log("preload"); console.error("preload error")';
      const target = (): void => console.log('target');
      await new Process({ target, execArgv: ['--import', preload] }).start().join();
    });
    assert.deepEqual([child.stdout, child.stderr], ['target\npreload\n', 'preload error\n']);
  });

  it('does no harm when nobody can read it any more', async () => {
    const body = (): void => {
      report('stop listening');
      for (let deaf = false; !deaf;) {
        try {
          writeSync(2, 'x');
        } catch {
          deaf = true;
        }
      }
      const out = new SharedArray('int32', 1);
      const target = (array: SharedArray<'int32'>): void => {
        console.error('unheard');
        array.set(0, 1);
        throw new Error('unheard');
      };
      const failing = new Process({ target, args: [out] }).start();
      failing.joinSync();
      writeSync(1, `${out.at(0)} ${failing.exitCode} ${failing.error?.message}\n`);
    };
    const child = await run(body, { onReport: (_report, program) => program.stderr?.destroy() });
    assert.equal(child.stdout, '1 1 unheard\n');
  });
});

describe('an uncaught error in a process', () => {
  for (const way of ['throws', 'rejects', 'throws later', 'leaves a rejection'] as const) {
    it(`is exit code 1, and its whole stack is on stderr while the parent is blocked: it ${way}`, async () => {
      const child = await run(
        (how: string) => {
          const target = function failing(kind: string): unknown {
            const fail = (): never => {
              throw new RangeError('of the child', { cause: new TypeError('the cause') });
            };
            if (kind === 'throws') fail();
            if (kind === 'rejects') return Promise.resolve().then(fail);
            if (kind === 'throws later') setTimeout(fail, 10);
            else void Promise.resolve().then(fail);
            return undefined;
          };
          const failing = new Process({ target, args: [how], name: 'F' }).start();
          failing.joinSync();
          const { error, exitCode } = failing;
          writeSync(2, `joined ${exitCode} ${error?.name} ${error instanceof RangeError} ${error?.message}\n`);
          writeSync(1, `${error?.stack}`);
        },
        { args: [way] },
      );
      assert.match(
        child.stderr,
        /^Process F:\nRangeError: of the child\n {4}at .*fail.*\n[^]*TypeError: the cause\n {6}at .*fail/,
      );
      assert.match(child.stderr, /\njoined 1 RangeError true of the child\n$/);
      assert.match(
        child.stdout,
        /^RangeError: of the child\n {4}at .*fail[^]*\n {4}at F \(allcores\)\n {4}at .*main\.mjs/,
      );
      assert.doesNotMatch(child.stderr + child.stdout, /core\.cjs|allcores\.cjs/);
      assert.equal(child.code, 0);
    });
  }

  it('may be anything, and is an error for the parent', async () => {
    const child = await run(async () => {
      const target = (): never => {
        throw 'a text'; // eslint-disable-line
      };
      const failing = new Process({ target, name: 'F' }).start();
      const { error, exitCode } = await failing.exited;
      writeSync(1, `${exitCode} ${error?.name} ${error?.message} ${String(error?.cause)}`);
    });
    assert.equal(child.stderr, "Process F:\nUncaught 'a text'\n");
    assert.equal(child.stdout, "1 ProcessError F threw 'a text' a text");
  });

  it('is none when a listener of the process handles it', async () => {
    const child = await run(async () => {
      const target = (): never => {
        process.on('uncaughtException', (error) => console.log('handled', error.message));
        throw new Error('of the child');
      };
      const handled = new Process({ target }).start();
      writeSync(1, JSON.stringify(await handled.exited));
    });
    assert.deepEqual([child.stdout, child.stderr], ['handled of the child\n{"exitCode":0,"signal":null}', '']);
  });

  it('keeps its class and its own properties', async () => {
    const child = await run(async () => {
      const target = (): never => {
        throw Object.assign(new SyntaxError('odd'), { line: 3 });
      };
      const { error } = await new Process({ target }).start().exited;
      writeSync(1, JSON.stringify([error instanceof SyntaxError, (error as unknown as { line: number }).line]));
    });
    assert.equal(child.stdout, '[true,3]');
  });
});
