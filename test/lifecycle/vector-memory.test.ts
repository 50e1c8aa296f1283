import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { HeapFullError, ProcessError, SharedArray, heapFigures } from 'allcores';
import { run } from './child.js';
import { report } from './inside.js';

const REMEDY = 'let go of what is no longer needed, or raise ALLCORES_HEAP_LIMIT (default: the memory of the machine)';

describe('a vector that finds no room in the shared heap', () => {
  const lengths: readonly [string, number][] = [
    ['than the machine has', 2 ** 44],
    ['than there are addresses', 2 ** 52],
  ];
  for (const [what, length] of lengths) {
    it(`is refused, with the bytes that were asked for: more ${what}`, () => {
      assert.throws(
        () => new SharedArray('float64', length),
        (error) => {
          assert.ok(error instanceof HeapFullError && error instanceof ProcessError);
          assert.equal(error.code, 'ERR_ALLCORES_HEAP_FULL');
          assert.equal(error.message, `No shared memory left for ${length * 8} bytes: ${REMEDY}`);
          return true;
        },
      );
    });
  }

  it('is refused as the result of a kernel, and keeps nothing; others go on', async () => {
    const { code, reports, stderr } = await run(
      async () => {
        process.env['ALLCORES_HEAP_LIMIT'] = String(64 * 2 ** 20);
        const vector = new SharedArray('float64', 4_000_000).fill(2);
        const mask = new SharedArray('uint8', vector.length).fill(1);
        const indices = new SharedArray('uint32', 3_900_000);
        const { live } = heapFigures();
        const attempts: (() => unknown)[] = [
          () => vector.filterSync(mask),
          () => vector.filter(mask),
          () => vector.gatherSync(indices),
          () => vector.argsortSync(),
          () => vector.prefixSumSync(),
          () => vector.mapSync('add', 1),
          () => vector.hashRowsSync('xxh3', 1),
        ];
        for (const attempt of attempts) {
          try {
            await attempt();
            report('done');
          } catch (error) {
            report(`${(error as Error).name}: ${/\d+ bytes/.exec((error as Error).message)?.[0]}`);
          }
        }
        report([heapFigures().live - live < 1024, vector.sumSync(), new SharedArray('float64', 1000).length]);
      },
      { timeout: 60_000 },
    );
    assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
    const full = (bytes: number): string => `HeapFullError: ${bytes} bytes`;
    const double = full(32_000_000);
    assert.deepEqual(reports, [
      double,
      double,
      full(31_200_000),
      full(16_000_000),
      double,
      double,
      double,
      [true, 8_000_000, 1000],
    ]);
  });
});

describe('a kernel that finds no memory beside its vectors', () => {
  before(function () {
    if (process.platform !== 'linux') this.skip();
    try {
      execFileSync('prlimit', ['--version']);
    } catch {
      this.skip();
    }
  });

  it('says so, has changed nothing, and runs once there is some', async () => {
    const { code, reports, stderr } = await run(
      async () => {
        const { execFileSync: execute } = await import('node:child_process');
        const limit = (bytes: string): void =>
          void execute('prlimit', ['--pid', String(process.pid), `--as=${bytes}:unlimited`]);
        const told = (error: unknown): void => {
          const { name, code: errorCode, message } = error as Error & { code: string };
          report([name, errorCode, message]);
        };
        const vector = new SharedArray('float64', 20_000_000);
        const mixed = (i: number): number => (i * 7919) % 20_000_003;
        for (let i = 0; i < vector.length; i++) vector.view[i] = mixed(i);
        await vector.sum(); // the native threads are there
        const pages = Number(readFileSync('/proc/self/statm', 'utf8').split(' ')[0]);
        limit(String((pages + 16_384) * 4096));
        await vector.sort().catch(told);
        try {
          vector.sortSync();
        } catch (error) {
          told(error);
        }
        report(vector.view.every((value, i) => value === mixed(i)));
        limit('unlimited');
        vector.sortSync();
        report([vector.at(0), vector.view.every((value, i) => i === 0 || vector.view[i - 1]! < value)]);
      },
      { timeout: 60_000 },
    );
    assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
    const refused = [
      'HeapFullError',
      'ERR_ALLCORES_HEAP_FULL',
      "No memory left for what kernel sort needs beside its vectors of 160000000 bytes: let go of what is no longer needed, or raise this process's limits of memory",
    ];
    assert.deepEqual(reports, [refused, refused, true, [0, true]]);
  });
});
