import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { allcores, installedCopy, scratchFolder } from './support.js';

interface Measured {
  readonly median: number;
  readonly spread: number;
}

interface Report {
  readonly rounds: number;
  readonly results: readonly ({ readonly figure: string } & Record<'threads' | 'yardstick', Measured> & {
      readonly processes?: Measured;
    })[];
}

describe('allcores bench', function () {
  this.timeout(60_000);
  const scratch = scratchFolder();

  it('measures each kind of pool and the yardstick, in the time that it promises', async () => {
    const begin = performance.now();
    const { code, stdout, stderr } = await allcores(['bench', '--rounds', '1', '--json']);
    assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
    assert.ok(performance.now() - begin < 20_000);
    const { rounds, results } = JSON.parse(stdout) as Report;
    assert.equal(rounds, 1);
    assert.deepEqual(
      results.map(({ figure }) => figure),
      ['inFlight', 'p50', 'p99', 'map', 'transfer', 'sum'],
    );
    for (const { figure, threads, processes, yardstick } of results) {
      assert.equal(processes === undefined, process.platform === 'win32');
      for (const { median, spread } of [threads, processes, yardstick].filter((value) => value !== undefined)) {
        assert.ok(median > 0 && Number.isFinite(median), `${figure}: ${median}`);
        assert.equal(spread, 0);
      }
    }
  });

  it('leaves out processes where there are none', async () => {
    // An addon of such a system.
    const preload = path.join(scratch, 'without.cjs');
    writeFileSync(
      preload,
      `const load = process.dlopen;
process.dlopen = (module, ...rest) => {
  load.call(process, module, ...rest);
  module.exports = { ...module.exports, processesAvailable: false };
};`,
    );
    const env = { NODE_OPTIONS: `--require ${JSON.stringify(preload)}` };
    const { code, stdout, stderr } = await allcores(['bench', '--rounds', '1'], { env });
    assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
    assert.match(stdout, /^ +threads +yardstick +the yardstick is$/m);
    assert.doesNotMatch(stdout, /^ +processes/m);
    assert.match(stdout, /^Workers that are processes are not available here\.$/m);
  });

  it('says what cannot be measured', async () => {
    const { code, stdout, stderr } = await allcores(['bench'], { from: installedCopy(path.join(scratch, 'none')) });
    assert.deepEqual({ code, stdout }, { code: 1, stdout: '' });
    assert.match(stderr, /^A pool of threads could not be measured: [^]*\nTry: allcores doctor\n$/);
  });
});
