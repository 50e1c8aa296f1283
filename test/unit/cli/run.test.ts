import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runJob, type Outcome } from '#lib/cli/child/run.js';

describe('a job in a process of its own', function () {
  this.timeout(40_000);
  let folder = '';
  before(() => (folder = mkdtempSync(path.join(tmpdir(), 'allcores-job-'))));
  after(() => rmSync(folder, { recursive: true, force: true }));

  function run(source: string, timeout = 30_000): Promise<Outcome<unknown>> {
    const entry = path.join(folder, 'entry.mjs');
    writeFileSync(entry, source);
    return runJob('addon', undefined as never, timeout, entry);
  }

  it('gives what it answers', async () => {
    assert.deepEqual(await run('process.send({ value: process.argv.slice(2) });'), { value: ['addon', 'null'] });
    const failure = { message: 'so it is', code: 'EX' };
    assert.deepEqual(await run(`process.send({ failure: ${JSON.stringify(failure)} }); process.exitCode = 1;`), {
      failure,
    });
  });

  it('is killed when it takes too long, whether it loops or waits, before or after its answer', async () => {
    const late = (after = '') => ({ failure: { message: `was not over after 0.3 s${after}`, name: 'Late' } });
    assert.deepEqual(await run('for (;;);', 300), late());
    assert.deepEqual(await run('setInterval(() => {}, 1000);', 300), late());
    const answered = await run('process.send({ value: 1 }); setInterval(() => {}, 1000);', 1000);
    assert.match(
      'failure' in answered ? answered.failure.message : '',
      /^was not over after 1 s after its work was done$/,
    );
  });

  it('may crash, and its last words are quoted without a stack', async () => {
    assert.deepEqual(await run(`process.kill(process.pid, 'SIGKILL'); setInterval(() => {}, 1000);`), {
      failure: { message: 'was killed by SIGKILL', name: 'Crash' },
    });
    assert.deepEqual(await run(`console.error('no luck'); process.exit(7);`), {
      failure: { message: 'ended with exit code 7: no luck', name: 'Crash' },
    });
    const thrown = await run(`process.send({ value: 1 }); setTimeout(() => { throw new Error('late'); }, 50);`);
    const { message } = 'failure' in thrown ? thrown.failure : { message: '' };
    assert.match(message, /^ended with exit code 1 after its work was done: [^]*Error: late$/);
    assert.doesNotMatch(message, /^ +at |Node\.js v/m);
  });

  it('is told apart from one that could not be started', async () => {
    const { execPath } = process;
    process.execPath = path.join(folder, 'nothing');
    try {
      const outcome = await run('process.send({ value: 1 });');
      const { name, code, message } = 'failure' in outcome ? outcome.failure : { message: '' };
      assert.deepEqual({ name, code }, { name: 'NotStarted', code: 'ENOENT' });
      assert.match(message, /^could not be started \(spawn .*nothing ENOENT\)$/);
    } finally {
      process.execPath = execPath;
    }
  });

  it('has to answer', async () => {
    assert.deepEqual(await run(''), { failure: { message: 'ended without an answer', name: 'Crash' } });
  });
});
