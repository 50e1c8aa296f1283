import assert from 'node:assert/strict';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build, type BuildOptions } from 'esbuild';
import { fixture, fixtures, runProgram, scratch, type Row } from './support.js';

const folder = fileURLToPath(scratch);

function assertSame(rows: Record<string, Row>, names: string[]): void {
  for (const name of names) {
    const row = rows[name];
    assert.ok(row, `${name} was not reported`);
    assert.equal(row.refused ?? row.failed, undefined, name);
    assert.deepEqual(
      { value: row.value, error: row.error },
      { value: undefined, error: undefined, ...row.local },
      name,
    );
  }
}

function assertRefused(row: Row | undefined, pattern: RegExp): void {
  assert.match(row?.refused ?? 'not refused', pattern);
}

describe('functions of the program itself', function () {
  this.timeout(60_000);
  before(() => mkdirSync(folder, { recursive: true }));
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('travel without running the program again', async () => {
    const rows = await runProgram([fixture('entry.mjs')]);
    assertSame(rows, ['exported', 'scaled', 'given', 'url']);
    assert.equal(rows['exported']?.kind, 'synthetic');
    assertRefused(rows['missing'], /captures the local variable "k"; write task\(fn, { k }\)/);
  });

  it('travel from a CommonJS program, given without its extension', async () => {
    const rows = await runProgram([fixture('entry.cjs')]);
    assertSame(rows, ['exported', 'hidden']);
    assert.equal(rows['exported']?.kind, 'synthetic');
  });

  for (const flags of [[], ['--preserve-symlinks-main', '--preserve-symlinks']]) {
    it(`travel from a program behind a link ${flags.join(' ')}`, async () => {
      const link = fileURLToPath(new URL('./lïnk dir', scratch));
      rmSync(link, { force: true });
      symlinkSync(fileURLToPath(fixtures), link);
      const rows = await runProgram([...flags, `${link}/entry.mjs`]);
      assertSame(rows, ['exported', 'scaled', 'given', 'url']);
      assert.equal(rows['exported']?.kind, 'synthetic');
    });
  }

  it('travel from a text given to --eval', async () => {
    const harness = JSON.stringify(new URL('harness.mjs', fixtures).href);
    const esm = `import { report } from ${harness}; import { sep } from 'node:path'; const k = 2; await report({ f: [(x) => x * k + sep, 2] })`;
    assertSame(await runProgram(['--input-type=module', '--eval', esm]), ['f']);
    const cjs = `const { sep } = require('path'); const k = 2; import(${harness}).then((m) => m.report({ f: [(x) => x * k + sep, 2] }))`;
    assertSame(await runProgram(['--eval', cjs]), ['f']);
  });
});

describe('TypeScript', function () {
  this.timeout(60_000);
  before(() => mkdirSync(folder, { recursive: true }));

  for (const extension of ['ts', 'mts']) {
    it(`travels when tsx runs it (.${extension})`, async () => {
      const rows = await runProgram([
        '--import',
        'tsx',
        fixture(extension === 'ts' ? 'typescript.ts' : 'typescript-module.mts'),
      ]);
      assertSame(rows, ['work', 'asynchronous', 'square', 'closed']);
      assert.equal(rows['square']?.kind, 'module');
      assert.match(rows['work']?.at ?? '', /typescript(-module\.m|\.)ts:\d+:\d+$/);
      assertRefused(rows['local'], /typescript(-module\.m|\.)ts:\d+:\d+\) .* captures the local variable "k"/);
      assert.match(rows['failing']?.error ?? '', /failing .*typescript(-module\.m|\.)ts:\d+:\d+/);
    });
  }

  it('travels when tsx makes CommonJS of it', async () => {
    const rows = await runProgram(['--import', 'tsx', fixture('typescript-legacy.cts')]);
    assertSame(rows, ['exported', 'hidden', 'name']);
    assert.equal(rows['exported']?.kind, 'synthetic');
    assertRefused(rows['nested'], /typescript-legacy\.cts:\d+:\d+\) .* captures the local variable "k"/);
  });

  it('travels when Node itself strips the types', async function () {
    const node = process.env['ALLCORES_TEST_NODE'] ?? process.execPath;
    if (!process.env['ALLCORES_TEST_NODE'] && !('typescript' in process.features)) {
      console.log(`      (Node ${process.versions.node} does not strip types)`);
      this.skip();
    }
    assertSame(await runProgram(['--experimental-strip-types', fixture('stripped.ts')], {}, node), ['work', 'closed']);
  });
});

describe('a bundle', function () {
  this.timeout(60_000);
  before(() => mkdirSync(folder, { recursive: true }));
  after(() => rmSync(folder, { recursive: true, force: true }));

  const plain: BuildOptions = { bundle: true, platform: 'node', external: ['#lib/*'], logLevel: 'error' };
  const kinds: [string, BuildOptions][] = [
    ['esm.mjs', { format: 'esm' }],
    ['esm.min.mjs', { format: 'esm', minify: true }],
    ['esm.names.mjs', { format: 'esm', minify: true, keepNames: true, sourcemap: 'linked' }],
    ['es2020.mjs', { format: 'esm', target: 'es2020', keepNames: true }],
    ['cjs.cjs', { format: 'cjs' }],
    ['cjs.min.cjs', { format: 'cjs', minify: true, sourcemap: 'inline' }],
    ['iife.cjs', { format: 'iife' }],
  ];
  for (const [name, options] of kinds) {
    it(`of esbuild carries its functions (${name})`, async () => {
      const outfile = fileURLToPath(new URL(name, scratch));
      writeFileSync(outfile, '');
      const define = options.format === 'esm' ? {} : { 'import.meta.resolve': '__resolve' };
      await build({ ...plain, ...options, define, entryPoints: [fixture('bundled.ts')], outfile });
      const rows = await runProgram([outfile], { HARNESS_WORKER: new URL('harness-worker.mjs', fixtures).href });
      assertSame(rows, ['scale', 'named', 'count', 'required', 'even', 'addLimit', 'wrapped', 'failing']);
      assertRefused(rows['local'], /captures the local variable/);
    });
  }
});
