import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { inflateSync } from 'node:zlib';

const examples = fileURLToPath(new URL('../../../examples', import.meta.url));

interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs an example in a Node of its own, to its end. */
function run(file: string, ...args: string[]): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [path.join(examples, file), ...args], { timeout: 60_000 });
    const output = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].setEncoding('utf8').on('data', (text: string) => (output[stream] += text));
    }
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, ...output }));
  });
}

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

  describe('kernels/', () => {
    it('computes an image, the same as a loop would', async () => {
      const folder = mkdtempSync(path.join(tmpdir(), 'allcores-mandelbrot-'));
      const file = path.join(folder, 'image.png');
      const [width, height] = [60, 40];
      try {
        const { code, stdout, stderr } = await run('kernels/mandelbrot.mjs', file, String(width), String(height));
        assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
        let inside = 0;
        for (let i = 0; i < width * height; i++) {
          const re = -0.6 + ((i % width) - width / 2) * (3 / width);
          const im = (Math.floor(i / width) - height / 2) * (3 / width);
          let [x, y, count] = [0, 0, 0];
          while (count < 1000 && x * x + y * y <= 4) [x, y, count] = [x * x - y * y + re, 2 * x * y + im, count + 1];
          if (count === 1000) inside++;
        }
        assert.match(stdout, new RegExp(`60 x 40 pixels in \\d+ ms, ${inside} of them inside`));
        const image = readFileSync(file);
        assert.equal(image.toString('hex', 0, 8), '89504e470d0a1a0a');
        assert.deepEqual([image.readUInt32BE(16), image.readUInt32BE(20)], [width, height]);
        const data = image.subarray(41, 41 + image.readUInt32BE(33));
        assert.equal(inflateSync(data).length, height * (width + 1));
      } finally {
        rmSync(folder, { recursive: true });
      }
    });

    it('moves bodies and keeps their momentum', async () => {
      const { code, stdout, stderr } = await run('kernels/nbody.mjs', '200', '5');
      assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
      assert.match(stdout, /^200 bodies, 5 steps: \d+ ms, \d+ million pairs a second\nmomentum: kept$/m);
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

  describe('complexity', () => {
    let folder = '';
    before(() => {
      folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'complexity-')));
      write('package.json', '{ "name": "outer" }');
      write('index.mjs', 'export const f = (x) => (x ? 1 : 2);\n');
      write('lib/package.json', '{ "type": "commonjs" }');
      write('lib/script.cjs', '#!/usr/bin/env node\nwith (x) { if (a && b) y(); }\nreturn;\n');
      write('node_modules/inner/package.json', '{ "name": "inner" }');
      write('node_modules/inner/a.js', 'switch (x) { case 1: case 2: default: }\nx ??= function () { for (;;); };\n');
      write('node_modules/inner/jsx.js', 'const a = <b />;\n');
      write('node_modules/inner/ignored.ts', 'const a: number = 1;\n');
    });
    after(() => rmSync(folder, { recursive: true, force: true }));

    function write(file: string, text: string): void {
      mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
      writeFileSync(path.join(folder, file), text);
    }

    it('reports files, bytes, nodes and complexity by package', async () => {
      const { code, stdout, stderr } = await run('complexity/main.mjs', '--json', folder);
      assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
      const report = JSON.parse(stdout) as Record<string, unknown>;
      assert.deepEqual(report['packages'], [
        { name: 'outer', files: 2, unparsed: 0, bytes: 95, nodes: 23, complexity: 6 },
        { name: 'inner', files: 2, unparsed: 1, bytes: 90, nodes: 15, complexity: 6 },
      ]);
      assert.deepEqual(report['total'], {
        name: 'total',
        files: 4,
        unparsed: 1,
        bytes: 185,
        nodes: 38,
        complexity: 12,
      });
      assert.deepEqual(report['unparsed'], [path.join(folder, 'node_modules/inner/jsx.js')]);
    });

    it('prints an aligned table, the files that could not be parsed and the comparison', async () => {
      const { code, stdout } = await run('complexity/main.mjs', folder);
      assert.equal(code, 0);
      const lines = stdout.split('\n');
      assert.match(lines[0] ?? '', /^package +files +not parsed +bytes +AST nodes +complexity$/);
      const table = lines.slice(0, lines.indexOf(''));
      assert.equal(table.length, 6);
      assert.ok(
        table.every((line) => line.length === table[0]?.length),
        stdout,
      );
      assert.match(stdout, /^not parsed:\n {2}.*jsx\.js$/m);
      assert.match(
        stdout,
        /^all cores \(\d+\): [\d.]+ s; one core: [\d.]+ s \([\d.]+x\); no pool: [\d.]+ s \([\d.]+x\)$/m,
      );
    });

    it('explains itself', async () => {
      const { code, stdout } = await run('complexity/main.mjs', '--help');
      assert.equal(code, 0);
      assert.match(stdout, /^Usage: npm run demo/);
    });

    it('refuses a folder that is missing, one without JavaScript and an unknown option', async () => {
      const cases = [
        { args: [path.join(folder, 'gone')], message: /gone is not a folder/ },
        { args: [path.join(folder, 'package.json')], message: /package\.json is not a folder/ },
        { args: [mkdtempSync(path.join(folder, 'empty-'))], message: /there are no JavaScript files under/ },
        { args: ['--fast'], message: /Unknown option '--fast'[^]*Usage:/ },
      ];
      for (const { args, message } of cases) {
        const { code, stdout, stderr } = await run('complexity/main.mjs', ...args);
        assert.deepEqual({ code, stdout }, { code: 2, stdout: '' });
        assert.match(stderr, message);
      }
    });
  });
});
