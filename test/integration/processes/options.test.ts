import assert from 'node:assert/strict';
import { closeSync, mkdtempSync, openSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { getHeapStatistics } from 'node:v8';
import { getContext, SharedArray, type PoolOptions } from 'allcores';

const { Pool, Process } = getContext('process');
const threads = getContext('thread');

/** Runs one function in a pool of one process. */
async function inside<R>(options: PoolOptions, fn: () => R): Promise<Awaited<R>> {
  await using pool = new Pool(1, options);
  return (await pool.apply(fn)) as Awaited<R>;
}

function sayBoth(): void {
  console.log('to stdout');
  console.error('to stderr');
}

async function read(): Promise<string> {
  const { readFileSync: readFile } = await import('node:fs');
  return readFile(0, 'utf8');
}

describe('options of workers that are processes', () => {
  let folder: string;
  before(() => (folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'allcores-options-')))));
  after(() => rmSync(folder, { recursive: true }));

  it('env is the whole environment; without it that of the caller at the start, and changes stay where they are', async () => {
    assert.deepEqual(await inside({ env: { COLOUR: 'blue', NONE: undefined } }, () => ({ ...process.env })), {
      COLOUR: 'blue',
    });
    process.env['ALLCORES_TEST'] = 'inherited';
    try {
      await using pool = new Pool(1);
      assert.equal(await pool.apply(() => process.env['ALLCORES_TEST']), 'inherited');
      process.env['ALLCORES_TEST'] = 'later';
      await pool.apply(() => void (process.env['ALLCORES_THEIRS'] = 'own'));
      assert.equal(await pool.apply(() => process.env['ALLCORES_TEST']), 'inherited');
      assert.equal(process.env['ALLCORES_THEIRS'], undefined);
    } finally {
      delete process.env['ALLCORES_TEST'];
    }
  });

  it('execArgv are the Node options; without it those of the caller that are for all', async () => {
    const execArgv = ['--no-warnings', '--stack-size=900'];
    assert.deepEqual(await inside({ execArgv }, () => process.execArgv), execArgv);
    const inherited = await inside({}, () => process.execArgv);
    assert.deepEqual(
      inherited,
      process.execArgv.filter((option) => !option.startsWith('--inspect')),
    );
  });

  it('resourceLimits are limits of the heap of the process', async () => {
    const limits = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 12, stackSizeMb: 2 };
    const [options, limit] = await inside({ resourceLimits: limits }, async () => {
      const v8 = await import('node:v8');
      return [process.execArgv, v8.getHeapStatistics().heap_size_limit] as const;
    });
    for (const flag of ['--max-old-space-size=64', '--max-semi-space-size=4', '--stack-size=2048']) {
      assert.ok(options.includes(flag), options.join(' '));
    }
    assert.ok(limit >= 64 << 20 && limit < 128 << 20 && limit < getHeapStatistics().heap_size_limit, `${limit}`);
  });

  it('a Process beyond its limits ends by a signal, and says so', async () => {
    const target = (): void => {
      const hoard: number[][] = [];
      for (;;) hoard.push(new Array<number>(100_000).fill(hoard.length));
    };
    const child = new Process({ target, resourceLimits: { maxOldGenerationSizeMb: 24 }, stdio: 'ignore' }).start();
    const { exitCode, signal } = await child.exited;
    assert.ok(exitCode < 0 && /^SIG(ABRT|TRAP|ILL)$/.test(String(signal)), `${exitCode} ${signal}`);
  }).timeout(60_000);

  it('cwd is the folder that they start in, and one that is not there is an error at the call', async () => {
    assert.equal(await inside({ cwd: folder }, () => process.cwd()), folder);
    assert.equal(await inside({}, () => process.cwd()), process.cwd());
    const missing = { name: 'ProcessError', message: /cannot start in cwd '.*\/nowhere'/ };
    assert.throws(() => new Pool(2, { cwd: `${folder}/nowhere` }), missing);
    const child = new Process({ target: () => {}, cwd: `${folder}/nowhere` });
    assert.throws(() => child.start(), missing);
    assert.deepEqual([child.isAlive(), child.exitCode, child.pid], [false, null, null]);
  });

  it('stdio: a descriptor gets all output', async () => {
    const file = path.join(folder, 'all');
    const descriptor = openSync(file, 'w+');
    await inside({ stdio: descriptor }, sayBoth);
    closeSync(descriptor);
    assert.equal(readFileSync(file, 'utf8'), 'to stdout\nto stderr\n');
  });

  it('stdio: three of them are for stdin, stdout and stderr', async () => {
    const files = ['in', 'out', 'err'].map((name) => path.join(folder, name));
    const descriptors = files.map((file) => openSync(file, 'w+')) as [number, number, number];
    await using pool = new Pool(1, { stdio: descriptors });
    await pool.apply(sayBoth);
    const child = new Process({ target: sayBoth, stdio: ['ignore', 'ignore', descriptors[2]] }).start();
    await child.join();
    assert.deepEqual(
      files.map((file) => readFileSync(file, 'utf8')),
      ['', 'to stdout\n', 'to stderr\nto stderr\n'],
    );
    for (const descriptor of descriptors) closeSync(descriptor);
    assert.equal(await inside({ stdio: ['ignore', 'inherit', 'inherit'] }, read), '');
  });

  it('stdio: ignore drops it all, and a task does not notice', async () => {
    await inside({ stdio: 'ignore' }, sayBoth);
  });

  const badStdio: unknown[] = ['pipe', -1, 1.5, null, {}, [], ['inherit'], ['inherit', 'ignore', 'pipe'], [0, 1, 2, 3]];
  for (const stdio of badStdio) {
    it(`stdio: ${JSON.stringify(stdio)} is refused by name`, () => {
      const error = { name: 'TypeError', message: /^stdio must be 'inherit', 'ignore', a descriptor, or three/ };
      assert.throws(() => new Pool(1, { stdio: stdio as never }), error);
      assert.throws(() => new Process({ target: () => {}, stdio: stdio as never }), error);
    });
  }

  it('cwd that is no string is refused by name', () => {
    const error = { name: 'TypeError', message: 'cwd must be a string, got 5' };
    assert.throws(() => new Pool(1, { cwd: 5 as never }), error);
    assert.throws(() => new Process({ target: () => {}, cwd: 5 as never }), error);
  });

  for (const options of [{ cwd: '/' }, { stdio: 'ignore' as const }]) {
    const [name = ''] = Object.keys(options);
    it(`${name} is refused by name for threads, which share that of the program`, () => {
      const error = { name: 'TypeError', message: `${name} is for workers that are processes, as those of getContext('process')` }; // prettier-ignore
      assert.throws(() => new threads.Pool(1, options), error);
      assert.throws(() => new threads.Process({ target: () => {}, ...options }).start(), error);
    });
  }

  it('what Node refuses shows as exit code 9 of a Process, and fails a pool', async () => {
    const options = { execArgv: ['--no-such-option'], stdio: 'ignore' as const };
    const out = new SharedArray('int32', 1);
    const child = new Process({
      target: (there: SharedArray<'int32'>) => there.set(0, 1),
      args: [out],
      ...options,
    }).start();
    assert.deepEqual([await child.join(), child.exitCode, out.at(0)], [true, 9, 0]);
    const pool = new Pool(3, { ...options, standby: 1 });
    const failure = { name: 'WorkerCrashedError', exitCode: 9, signal: null, message: /Node refuses its options/ };
    await assert.rejects(pool.apply(() => 1), failure); // prettier-ignore
    await pool.join();
    assert.throws(() => pool.applySync(() => 1), failure);
    assert.deepEqual(pool.workers, []);
  });

  it('what Node refuses fails a pool also while the event loop is blocked', () => {
    const pool = new Pool(2, { execArgv: ['--no-such-option'], stdio: 'ignore' });
    assert.throws(() => pool.applySync(() => 1), { name: 'WorkerCrashedError', exitCode: 9 });
  });
});
