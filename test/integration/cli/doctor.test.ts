import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { allcores, damage, installedCopy, scratchFolder } from './support.js';

interface Report {
  readonly failed: number;
  readonly checks: readonly { name: string; status: string; millis: number; reason?: string; advice?: string }[];
}

/** What a sandbox does that knows nothing of anonymous shared memory. */
const REFUSAL = `
#include <errno.h>
int memfd_create(const char* name, unsigned flags) {
  (void)name, (void)flags;
  errno = EPERM;
  return -1;
}
`;

describe('allcores doctor', function () {
  this.timeout(120_000);
  const scratch = scratchFolder();

  it('finds nothing where everything works', async () => {
    const { code, stdout, stderr } = await allcores(['doctor']);
    assert.equal(code, 0, stdout + stderr);
    const lines = stdout.trimEnd().split('\n');
    assert.equal(lines.length, 9 + 2);
    for (const line of lines.slice(0, 9)) assert.match(line, / {2}ok +\d+ ms$/);
    assert.equal(lines.at(-1), 'Nothing fails here.');
  });

  it('tries nothing else without a binary, and says how to get one', async () => {
    const { code, stdout, stderr } = await allcores(['doctor'], { from: installedCopy(path.join(scratch, 'none')) });
    assert.deepEqual({ code, stderr }, { code: 1, stderr: '' });
    assert.match(stdout, /^the addon loads +failed +\d+ ms\n {2}why: [^]*?\n {2}do: {2}.*`npx allcores build`/);
    assert.equal([...stdout.matchAll(/not available here +needs the addon$/gm)].length, 8);
    assert.match(stdout, /^1 of 9 checks failed\.$/m);
  });

  it('tells a missing binary from one that does not load', async () => {
    const copy = installedCopy(path.join(scratch, 'damaged'));
    damage(copy);
    const { code, stdout } = await allcores(['doctor', '--json'], { from: copy });
    assert.equal(code, 1);
    const { failed, checks } = JSON.parse(stdout) as Report;
    assert.equal(failed, 1);
    assert.equal(checks[0]?.status, 'failed');
    assert.match(checks[0]?.advice ?? '', /does not fit this system or is damaged: `npx allcores build`/);
  });

  it('tells a refused memfd_create from what works without it', async function () {
    if (process.platform !== 'linux') this.skip(); // memfd_create is a call of Linux alone
    const [source, library] = ['refusal.c', 'refusal.so'].map((file) => path.join(scratch, file));
    writeFileSync(source!, REFUSAL);
    execFileSync('cc', ['-shared', '-fPIC', source!, '-o', 'refusal.so'], { cwd: scratch });
    // The path of a preloaded library cannot have spaces.
    const env = { LD_PRELOAD: path.basename(library!), LD_LIBRARY_PATH: scratch };
    const { code, stdout } = await allcores(['doctor', '--json'], { env });
    assert.equal(code, 1);
    const { checks } = JSON.parse(stdout) as Report;
    const statuses = new Map(checks.map(({ name, status }) => [name, status]));
    assert.equal(statuses.get('addon'), 'ok');
    assert.equal(statuses.get('named'), 'ok');
    for (const name of ['threads', 'workers', 'locks', 'kernels', 'crash']) assert.equal(statuses.get(name), 'failed');
    assert.match(checks.find(({ name }) => name === 'threads')?.advice ?? '', /seccomp.*memfd_create/);
  });

  it('blames limits, not the addon, when no process can be started', async function () {
    if (process.platform === 'win32') this.skip(); // open files have no such limit there
    // What Node.js gives when the system has no open file left for the pipes of a process.
    const preload = path.join(scratch, 'full.cjs');
    writeFileSync(
      preload,
      `const { ChildProcess } = require('node:child_process');
ChildProcess.prototype.spawn = function () {
  const error = Object.assign(new Error('spawn node EMFILE'), { code: 'EMFILE' });
  process.nextTick(() => this.emit('error', error));
};`,
    );
    const { code, stdout } = await allcores(['doctor'], {
      env: { NODE_OPTIONS: `--require ${JSON.stringify(preload)}` },
    });
    assert.equal(code, 1);
    const [first = '', why = '', advice = ''] = stdout.split('\n');
    assert.match(first, /^the addon loads +failed +\d+ ms$/);
    assert.equal(why, '  why: could not be started (spawn node EMFILE)');
    assert.match(advice, /^ {2}do: {2}Threads, processes or open files may have run out\..*ulimit -n/);
    assert.equal([...stdout.matchAll(/could not be started/g)].length, 9);
    assert.match(stdout, /^9 of 9 checks failed\.$/m);
  });

  it('names the bounds of a timeout', async () => {
    for (const seconds of ['0', '2000001', 'soon', '']) {
      const { code, stderr } = await allcores(['doctor', '--timeout', seconds]);
      assert.equal(code, 2);
      assert.ok(
        stderr.startsWith(
          `--timeout must be a number of seconds greater than 0 and at most 2000000, got '${seconds}'\n`,
        ),
        stderr,
      );
    }
  });

  it('gives up what takes too long', async () => {
    const { code, stdout } = await allcores(['doctor', '--timeout', '0.01']);
    assert.equal(code, 1);
    assert.match(stdout, /failed +\d+ ms\n {2}why: was not over after 0\.01 s\n {2}do: {2}.*--timeout/);
  });
});
