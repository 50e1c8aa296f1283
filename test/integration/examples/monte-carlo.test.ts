import assert from 'node:assert/strict';
import { run } from './run.js';

const PROGRAM = 'monte-carlo.mjs';

describe(`examples: ${PROGRAM}`, function () {
  this.timeout(60_000);

  it('gives the same price to the last bit with 1, 2 and 5 workers, near to the formula', async () => {
    const outputs = [];
    for (const workers of [1, 2, 5]) {
      const { code, stdout, stderr } = await run(PROGRAM, '--samples', '200000', '--workers', String(workers));
      assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
      outputs.push(stdout);
    }
    assert.equal(new Set(outputs).size, 1, outputs.join(''));
    const [, price, error] = /^price: +([\d.]+) ± ([\d.]+)$/m.exec(outputs[0]!)?.map(Number) ?? [];
    const [, formula] = /^formula: +([\d.]+)$/m.exec(outputs[0]!)?.map(Number) ?? [];
    assert.ok(Math.abs(formula! - 6.7048) < 1e-4, outputs[0]); // as tables of option prices have it
    assert.ok(error! > 0.02 && error! < 0.04, outputs[0]);
    // The seed is fixed, so this does not hang on chance.
    assert.ok(Math.abs(price! - formula!) < 3 * error!, outputs[0]);
  });

  it('gives another price for another seed', async () => {
    const prices = [];
    for (const seed of ['1', '2']) {
      const { stdout } = await run(PROGRAM, '--samples', '10000', '--batches', '10', '--seed', seed);
      prices.push(/^price: +([\d.]+)/m.exec(stdout)?.[1]);
    }
    assert.notEqual(prices[0], undefined);
    assert.notEqual(prices[0], prices[1]);
  });

  it('refuses numbers that are none, and a single batch', async () => {
    for (const [args, message] of [
      [['--samples', 'many'], /^--samples must be an integer above 0\n/],
      [['--workers', '0'], /^--workers must be an integer above 0\n/],
      [['--batches', '1'], /^--batches must be at least 2/],
      [['--sample', '1'], /^Unknown option '--sample'/],
    ] as const) {
      const { code, stdout, stderr } = await run(PROGRAM, ...args);
      assert.deepEqual({ code, stdout }, { code: 2, stdout: '' });
      assert.match(stderr, message);
      assert.match(stderr, /Usage: node monte-carlo\.mjs/);
    }
  });
});
