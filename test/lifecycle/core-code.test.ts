import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { getContext, type StartMethod } from 'allcores';

const core = new URL('../../../dist/core.cjs', import.meta.url).href;

/** Whether this thread was given the code of the library's core, and could use it. */
function beganWithCode(url: string): boolean {
  return (createRequire(url)(new URL(url).pathname) as { beganWithCode: boolean }).beganWithCode;
}

async function ask(method: StartMethod, execArgv?: string[]): Promise<boolean> {
  await using pool = new (getContext(method).Pool)(1, { ...(execArgv && { execArgv }) });
  return await pool.apply(beganWithCode, [core]);
}

describe('a worker', () => {
  it('begins with the code that its owner has compiled', async () => {
    assert.equal(beganWithCode(core), false);
    assert.equal(await ask('thread'), true);
  });

  it('begins with it as a process', async function () {
    if (process.platform !== 'linux') this.skip();
    assert.equal(await ask('process'), true);
  });

  it('begins without it where that was compiled for other flags', async () => {
    assert.equal(await ask('process', ['--no-opt']), false);
  });
});
