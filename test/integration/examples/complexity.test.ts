import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { run } from './run.js';

describe('examples', function () {
  this.timeout(60_000);

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
