import assert from 'node:assert/strict';
import { cpuCount, currentProcess, Pool, type PoolOptions } from 'allcores';
import { areProcesses, itWith } from '../../support/kinds.js';

/** Runs one function in a pool of one worker. */
async function inside<R>(options: PoolOptions, fn: () => R): Promise<Awaited<R>> {
  const pool = new Pool(1, options);
  try {
    return (await pool.apply(fn)) as Awaited<R>;
  } finally {
    await pool.terminate();
  }
}

function grow(): number {
  const hoard: number[][] = [];
  for (;;) hoard.push(new Array<number>(100_000).fill(hoard.length));
}

describe('options of workers', () => {
  it('name is the prefix of the names of workers', async () => {
    assert.equal(await inside({ name: 'Renderer' }, () => currentProcess().name), 'Renderer-1');
  });

  it('env is what workers have as process.env', async () => {
    assert.deepEqual(await inside({ env: { COLOUR: 'blue' } }, () => ({ ...process.env })), { COLOUR: 'blue' });
  });

  it('without env workers share the environment of the caller', async () => {
    process.env['ALLCORES_TEST'] = 'shared';
    try {
      assert.equal(await inside({}, () => process.env['ALLCORES_TEST']), 'shared');
    } finally {
      delete process.env['ALLCORES_TEST'];
    }
  });

  it('execArgv are the Node options of workers', async () => {
    const execArgv = ['--no-warnings'];
    assert.deepEqual(await inside({ execArgv }, () => process.execArgv), execArgv);
  });

  it('resourceLimits bound the heap: exceeding them costs the task alone', async () => {
    // V8 ends a process of its own without more ado, and tells why on its stderr.
    const pool = new Pool(1, {
      resourceLimits: { maxOldGenerationSizeMb: 24 },
      ...(areProcesses ? { stdio: 'ignore' } : {}),
    });
    try {
      await assert.rejects(pool.apply(grow), (error: unknown) => {
        const { code, cause, signal } = error as { code: string; cause?: { code: string }; signal: string | null };
        assert.equal(code, 'ERR_ALLCORES_WORKER_CRASHED');
        if (areProcesses) assert.match(String(signal), /^SIG(ABRT|TRAP|ILL)$/);
        else assert.equal(cause?.code, 'ERR_WORKER_OUT_OF_MEMORY');
        return true;
      });
      assert.equal(await pool.apply((x: number) => x + 1, [1]), 2);
      assert.equal(pool.stats().crashed, 1);
    } finally {
      await pool.terminate();
    }
  }).timeout(30_000);

  it('affinity binds workers to processors, in turn', async function () {
    if (process.platform !== 'linux') this.skip(); // only there can it be looked up
    const pool = new Pool(2, { affinity: [0] });
    try {
      const allowed = await pool.broadcast(async () => {
        const { readFileSync } = await import('node:fs');
        const status = readFileSync(`/proc/self/task/${currentProcess().pid}/status`, 'utf8');
        return /Cpus_allowed_list:\s*(\S+)/.exec(status)?.[1];
      });
      assert.deepEqual(allowed, ['0', '0']);
    } finally {
      await pool.terminate();
    }
  });

  it('are refused by name when they are of a wrong kind', () => {
    const cases: [PoolOptions, RegExp][] = [
      [{ name: 5 as never }, /^name must be a string, got 5$/],
      [{ affinity: 0 as never }, /^affinity must be an array, got 0$/],
      [{ affinity: ['0'] as never }, /^affinity\[0\] must be an integer, got '0'$/],
      [{ env: 'A=1' as never }, /^env must be an object, got 'A=1'$/],
      [{ execArgv: '--no-warnings' as never }, /^execArgv must be an array, got '--no-warnings'$/],
      [{ resourceLimits: 64 as never }, /^resourceLimits must be an object, got 64$/],
    ];
    for (const [options, message] of cases) {
      assert.throws(() => new Pool(1, options), { name: 'TypeError', message }, JSON.stringify(options));
    }
    assert.throws(() => new Pool(1, { affinity: [-1] }), { name: 'RangeError', message: /affinity\[0\] .* got -1/ });
  });

  itWith('thread', 'that worker_threads refuses are refused at the call, and leave nothing', () => {
    assert.throws(() => new Pool(2, { execArgv: ['--title=x'] }), { code: 'ERR_WORKER_INVALID_EXEC_ARGV' });
  });

  itWith('process', 'that Node refuses fail the pool, which says so', async () => {
    const pool = new Pool(2, { execArgv: ['--no-such-option'], stdio: 'ignore' });
    const failure = {
      name: 'WorkerCrashedError',
      exitCode: 9,
      message:
        /^No worker could be started: PoolWorker-\d exited with code 9 before it served: Node refuses its options/,
    };
    await assert.rejects(
      pool.apply(() => 1),
      failure,
    );
    assert.throws(() => void pool.apply(() => 1), failure);
    await pool.join();
    assert.deepEqual(pool.workers, []);
  });
});

describe('processes', () => {
  it('defaults to cpuCount()', async () => {
    assert.ok(Number.isInteger(cpuCount()) && cpuCount() >= 1);
    const pool = new Pool();
    try {
      assert.equal(pool.processes, cpuCount());
    } finally {
      await pool.terminate();
    }
  });

  it('is refused unless it is an integer of at least 1', () => {
    for (const processes of [0, -1, 1.5, Number.NaN, 5000]) {
      assert.throws(() => new Pool(processes), {
        name: 'RangeError',
        message: `processes must be an integer from 1 to 1024, got ${processes}`,
      });
    }
    for (const processes of ['4', null, {}]) {
      assert.throws(() => new Pool(processes as never), {
        name: 'TypeError',
        message: /^processes must be an integer, got /,
      });
    }
  });
});
