import assert from 'node:assert/strict';
import { getContext, type StartMethod } from 'allcores';
import { run } from './child.js';
import { report } from './inside.js';

const core = new URL('../../../dist/core.cjs', import.meta.url).href;

/** Programs of their own: other tests may have changed the flags of this one, for which its code was compiled. */
async function begun(method: StartMethod, execArgv?: string[]): Promise<unknown> {
  const child = await run(
    async (of: StartMethod, options: { execArgv?: string[] }, url: string) => {
      const pool = new (getContext(of).Pool)(1, options);
      /** Whether this thread was given the code of the library's core, and could use it. */
      const beganWithCode = (file: string): boolean => {
        const { createRequire } = process.getBuiltinModule('node:module');
        return (createRequire(file)(new URL(file).pathname) as { beganWithCode: boolean }).beganWithCode;
      };
      report([beganWithCode(url), await pool.apply(beganWithCode, [url])]);
      await pool.terminate();
    },
    { args: [method, execArgv === undefined ? {} : { execArgv }, core] },
  );
  assert.deepEqual([child.code, child.stderr], [0, '']);
  return child.reports[0];
}

describe('a worker', () => {
  it('begins with the code that its owner has compiled', async () => {
    assert.deepEqual(await begun('thread'), [false, true]);
  });

  it('begins with it as a process', async function () {
    if (process.platform !== 'linux') this.skip(); // elsewhere it has no way to inherit it
    assert.deepEqual(await begun('process'), [false, true]);
  });

  it('begins without it where that was compiled for other flags', async () => {
    assert.deepEqual(await begun('process', ['--no-opt']), [false, false]);
  });
});
