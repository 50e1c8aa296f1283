import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { fromModule, Pool } from 'allcores';

function fixture(name: string): URL {
  return new URL(`../../../../test/conformance/fixtures/${name}.mjs`, import.meta.url);
}

interface Outcome {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string[];
  readonly stderr: string;
}

/** Runs a program in a Node of its own; at the line `ready` it is interrupted. */
async function run(name: string, ...flags: string[]): Promise<Outcome> {
  const child = spawn(process.execPath, [...flags, fileURLToPath(fixture(name))], { timeout: 30_000 });
  let [stdout, stderr] = ['', ''];
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    if (stdout.includes('ready')) child.kill('SIGINT');
  });
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  return { code, signal, stdout: stdout.split('\n').slice(0, -1), stderr };
}

describe('as Python: whole programs', function () {
  this.timeout(40_000);

  it('a forgotten pool is a ResourceWarning at collection, and exit is not delayed', async () => {
    const { code, stdout } = await run('forgotten', '--expose-gc', '--no-warnings');
    assert.deepEqual([code, stdout.length], [0, 2]);
    assert.match(stdout[0]!, /^ResourceWarning: A pool was collected/);
  });

  it('arguments and results are dropped after their tasks, so that they can be collected', async () => {
    const { code, stdout, stderr } = await run('references', '--expose-gc');
    assert.deepEqual({ code, stdout, stderr }, { code: 0, stdout: ['0'], stderr: '' });
  });

  it('a pool that is still there at the end of the program does not keep it from exiting', async () => {
    const { code, stdout, stderr } = await run('held');
    assert.deepEqual({ code, stdout, stderr }, { code: 0, stdout: ['[ 1, 2 ]'], stderr: '' });
  });

  it('a missing main guard is no fork bomb: workers do not run the program again', async () => {
    const { code, stdout, stderr } = await run('bomb');
    assert.deepEqual({ code, stdout, stderr }, { code: 0, stdout: ['main', '[ 1, 4, 9 ]'], stderr: '' });
  });

  it('a pool made while a worker is loading its module is a BootstrapError', async () => {
    await using pool = new Pool(1);
    const use = fromModule<{ use(): number }>(fixture('loading'), 'use');
    await assert.rejects(pool.apply(use), { code: 'ERR_ALLCORES_BOOTSTRAP' });
    assert.equal(await pool.apply((x: number) => x, [1]), 1);
  });

  it('Ctrl-C ends the program by its signal, and workers print nothing', async () => {
    const { code, signal, stderr } = await run('interrupted');
    assert.deepEqual({ code, signal, stderr }, { code: null, signal: 'SIGINT', stderr: '' });
  });
});
