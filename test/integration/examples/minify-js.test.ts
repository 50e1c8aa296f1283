import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { run, temporaryFolder } from './run.js';

const PROGRAM = 'minify-js.mjs';

const FILES = {
  'numbers.mjs': `// Adds up.\nexport function total(numbers) {\n  let sumOfAll = 0;
  for (const number of numbers) sumOfAll += number;\n  return sumOfAll;\n}\n`,
  'lib/main.mjs': `import { total } from '../numbers.mjs';\n\n/* Twice. */\nexport const twice = (list) => 2 * total(list);\n`,
  'lib/old.cjs': `'use strict';\nconst secret = 6 * 7; // a comment\nmodule.exports = { secret };\n`,
};

describe(`examples: ${PROGRAM}`, function () {
  this.timeout(60_000);
  const at = temporaryFolder();
  before(() => {
    mkdirSync(at('source', 'lib'), { recursive: true });
    mkdirSync(at('source', 'node_modules'), { recursive: true });
    for (const [name, text] of Object.entries(FILES)) writeFileSync(at('source', name), text);
    writeFileSync(at('source', 'node_modules', 'left.js'), 'let alone;\n');
    writeFileSync(at('source', 'readme.txt'), 'no JavaScript');
  });

  it('makes each file smaller, says by how much, and what it wrote still computes the same', async () => {
    const { code, stdout, stderr } = await run(PROGRAM, at('source'), at('result'));
    assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
    const rows = stdout.trimEnd().split('\n').slice(1);
    const names = ['lib/main.mjs', 'lib/old.cjs', 'numbers.mjs'];
    const sizes = names.map((name) => [statSync(at('source', name)).size, statSync(at('result', name)).size] as const);
    const sum = (column: 0 | 1) => sizes.reduce((total, size) => total + size[column], 0);
    const found = rows.map((row) => /^ *(\d+) +(\d+) +[\d.]+ % {2}(.*)$/.exec(row)?.slice(1));
    const expected = [...sizes, [sum(0), sum(1)]].map((size, i) => [...size.map(String), [...names, 'total'][i]]);
    assert.deepEqual(found, expected);
    for (const [before, after] of sizes) assert.ok(after < before);
    assert.deepEqual(readdirSync(at('result')).sort(), ['lib', 'numbers.mjs']);

    const main = (await import(pathToFileURL(at('result', 'lib', 'main.mjs')).href)) as {
      twice(list: number[]): number;
    };
    assert.equal(main.twice([1, 2, 3]), 12);
    const old = (await import(pathToFileURL(at('result', 'lib', 'old.cjs')).href)) as { default: { secret: number } };
    assert.equal(old.default.secret, 42);
    assert.doesNotMatch(readFileSync(at('result', 'numbers.mjs'), 'utf8'), /Adds up|sumOfAll/);
  });

  it('tells file and line of what is no JavaScript, does the others, and exits with 1', async () => {
    mkdirSync(at('faulty'));
    writeFileSync(at('faulty', 'bad.js'), 'let a = 1;\n\nlet b = ;\n');
    writeFileSync(at('faulty', 'good.js'), 'console.log( 1 );\n');
    const { code, stdout, stderr } = await run(PROGRAM, at('faulty'), at('result-2'));
    assert.equal(code, 1);
    assert.equal(stderr, `${at('faulty', 'bad.js')}:3:9: Unexpected token: punc (;)\n`);
    assert.match(stdout, /good\.js\n.*total\n$/);
    assert.deepEqual(readdirSync(at('result-2')), ['good.js']);
  });

  it('refuses a folder that is missing, and results among the sources', async () => {
    for (const [args, message] of [
      [[at('gone'), at('result-3')], /^minify-js: ENOENT/],
      [[at('source'), at('source', 'result')], /^minify-js: the results must not go into the folder itself/],
      [[at('source')], /^minify-js: two folders are needed\n\nUsage:/],
    ] as const) {
      const { code, stdout, stderr } = await run(PROGRAM, ...args);
      assert.deepEqual({ code, stdout }, { code: 2, stdout: '' });
      assert.match(stderr, message);
    }
  });
});
