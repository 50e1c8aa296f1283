/** The package as `npm pack` makes it. */
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../native-files.mjs';
import { npm } from './run.mjs';

export const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));

/** Kilobytes that the tarball may have, to notice when something large slips in. */
const LIMIT = 4096;

const REQUIRED = [
  'package.json',
  'README.md',
  'LICENSE',
  'include/allcores.h',
  'dist/allcores.js',
  'dist/allcores.d.ts',
  'dist/allcores.cjs',
  'dist/core.cjs',
  'dist/core-text.cjs',
  'dist/worker.cjs',
  'dist/child.cjs',
  'dist/cli/main.js',
  'dist/cli/child.js',
  'dist/cli/jobs.js',
  'dist/types/index.d.ts',
  'dist/types/package.json',
  'dist/binding.gyp',
  'templates/kernel/KERNEL_NAME.c',
  'templates/kernel/CMakeLists.txt',
  'templates/kernel/run.mjs',
  'templates/kernel/README.md',
  'sources.txt',
  'CMakeLists.txt',
];
const WELCOME =
  /^(dist|include|native|prebuilds|templates)\/|^(package\.json|README\.md|LICENSE|sources\.txt|CMakeLists\.txt)$/;

/** What `npm pack` would take, in a folder of its own, so that the prebuilt addon does not come into the checkout. */
function stage(folder, withPrebuilds) {
  for (const file of ['package.json', 'README.md', 'LICENSE', ...manifest.files]) {
    if ((file === 'prebuilds' && !withPrebuilds) || file.startsWith('!')) continue;
    cpSync(path.join(root, file), path.join(folder, file), { recursive: true });
  }
  if (!withPrebuilds) stageAddon(folder);
}

/** The addon of this machine, where the loader looks for a prebuilt one. */
function stageAddon(folder) {
  const { glibcVersionRuntime } = process.report.getReport().header;
  const prebuilds = path.join(folder, 'prebuilds', `${process.platform}-${process.arch}`);
  const libc = process.platform !== 'linux' ? '' : glibcVersionRuntime ? '.glibc' : '.musl';
  mkdirSync(prebuilds, { recursive: true });
  cpSync(path.join(root, 'build/Release/allcores.node'), path.join(prebuilds, `allcores${libc}.node`));
}

/** @returns path of the tarball */
export async function pack(folder, withPrebuilds) {
  mkdirSync(folder);
  stage(folder, withPrebuilds);
  const [report] = JSON.parse(await npm(['pack', '--ignore-scripts', '--json'], { cwd: folder }));
  const files = report.files.map((file) => file.path);
  console.log(`${report.filename}: ${files.length} files, ${Math.round(report.size / 1024)} KB`);
  assert.deepEqual(
    REQUIRED.filter((file) => !files.includes(file)),
    [],
    'files that must be in the tarball',
  );
  assert.deepEqual(
    files.filter((file) => !WELCOME.test(file)),
    [],
    'files that must not be in the tarball',
  );
  assert.ok(report.size < LIMIT * 1024, `the tarball is larger than ${LIMIT} KB`);
  return path.join(folder, report.filename);
}
