import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { build } from 'esbuild';
import { manifest } from '../tarball.mjs';
import { node } from '../run.mjs';
import { addPrograms, installedFolder } from '../user.mjs';

const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');

const STRICT = {
  target: 'es2022',
  lib: ['es2023'],
  types: ['node'],
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: false,
};

const KINDS = {
  node16: { files: ['typed.mts', 'typed.cts'], options: { module: 'node16', outDir: 'node16' } },
  bundler: {
    files: ['bundled.ts', 'bundled-part.ts'],
    options: { module: 'esnext', moduleResolution: 'bundler', noEmit: true },
  },
};

async function compile(folder, kind) {
  const { files, options } = KINDS[kind];
  const project = path.join(folder, `tsconfig.${kind}.json`);
  writeFileSync(project, JSON.stringify({ compilerOptions: { ...STRICT, ...options }, files }));
  await node([tsc, '-p', project], { cwd: folder });
}

/** A folder of somebody with a name of his own, and the package in it. */
export const installed = ({ scratch, tarball }) =>
  installedFolder(scratch, 'Mes idées à moi', tarball, [
    `acorn@${manifest.dependencies.acorn}`,
    `@types/node@${manifest.devDependencies['@types/node']}`,
  ]);

/** That programs of every kind import the package, are type-checked, and have their functions travel. */
export async function consumers(context, report) {
  const folder = await context.installed();
  const plain = addPrograms(folder, 'esm.mjs', 'cjs.cjs', 'thread.mjs', 'thread.cjs');
  addPrograms(folder, ...Object.values(KINDS).flatMap(({ files }) => files));
  await compile(folder, 'node16');
  await compile(folder, 'bundler');
  await build({
    absWorkingDir: folder,
    entryPoints: ['bundled.ts'],
    outfile: path.join(folder, 'bundled.mjs'),
    bundle: true,
    format: 'esm',
    platform: 'node',
    external: ['allcores', 'acorn'],
    logLevel: 'warning',
  });
  const programs = [
    ...plain.map((name) => [name]),
    ['esm.mjs', 'process'],
    ['cjs.cjs', 'process'],
    ['node16/typed.mjs'],
    ['node16/typed.cjs'],
    ['bundled.mjs'],
  ];
  for (const args of programs) {
    assert.equal(await node(args, { cwd: folder }), 'ok\n', args.join(' '));
    report.say(args.join(' '));
  }
}
