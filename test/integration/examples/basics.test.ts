import assert from 'node:assert/strict';
import { run, type Outcome } from './run.js';

describe('examples', function () {
  this.timeout(60_000);

  describe('pool-apply-async.mjs', () => {
    let outcome: Outcome;
    before(async () => {
      outcome = await run('pool-apply-async.mjs');
    });

    it('succeeds and complains of nothing', () => {
      assert.deepEqual({ code: outcome.code, stderr: outcome.stderr }, { code: 0, stderr: '' });
    });

    it('gets the results in the order of submission', () => {
      const results = [...outcome.stdout.matchAll(/^result: (.*)$/gm)].map(([, result]) => result);
      assert.deepEqual(results, ['10', '20', '30', '40', '50']);
    });

    it('shows that a result which has not been fetched is pending', () => {
      assert.match(outcome.stdout, /^before: AsyncResult \{.*pending.*\}$/m);
      assert.doesNotMatch(outcome.stdout, /^after: .*pending/m);
    });

    it('runs four of the five tasks at once', () => {
      const [, took, slept] = /took (\d+) ms; slept (\d+) ms/.exec(outcome.stdout) ?? [];
      assert.ok(Number(took) < Number(slept), `took ${took} ms for ${slept} ms of sleep`);
    });
  });

  describe('process-each.mjs', () => {
    it('greets from one process for each item, in any order, and then tells how they ended', async () => {
      const { code, stdout, stderr } = await run('process-each.mjs');
      assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
      const lines = stdout.trimEnd().split('\n');
      const names = ['Alice', 'Bob', 'Carol'];
      assert.deepEqual(
        lines.slice(0, 3).sort(),
        names.map((name, i) => `hello ${name}, from Process-${i + 1}`),
      );
      assert.deepEqual(
        lines.slice(3),
        names.map((_, i) => `Process-${i + 1} ended with exit code 0`),
      );
    });
  });

  describe('manager-list.mjs', () => {
    it('has every entry of every process, those of one in their order', async () => {
      const { code, stdout, stderr } = await run('manager-list.mjs');
      assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
      const entries = [...stdout.matchAll(/'(\w: \d)'/g)].map(([, entry]) => entry!);
      for (const name of 'abcd') {
        const own = entries.filter((entry) => entry.startsWith(name));
        assert.deepEqual(own, [1, 2, 3].map((i) => `${name}: ${i}`)); // prettier-ignore
      }
      assert.match(stdout, /^length: 12$/m);
    });
  });

  describe('manager-dict.mjs', () => {
    it('has the key of every process, and counted each', async () => {
      const { code, stdout, stderr } = await run('manager-dict.mjs');
      assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
      assert.deepEqual(stdout.trimEnd().split('\n'), [
        "squares: { '1': 1, '2': 4, '3': 9, '4': 16 }",
        'processes: 4',
        'seen: 1 2 3 4',
      ]);
    });
  });
});
