// Packs the built package with the addon of this machine, looks at what the tarball holds, installs it into an empty folder
// and runs the first example of README.md and the command there. With --prebuilds: with the addons that `npm run prebuilds`
// has made.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';

const root = fileURLToPath(new URL('..', import.meta.url));
const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));

/** Kilobytes that the tarball may have, to notice when something large slips in. */
const LIMIT = 4096;

const withPrebuilds = process.argv.includes('--prebuilds');

const REQUIRED = [
  'package.json',
  'README.md',
  'LICENSE',
  'include/allcores.h',
  'dist/allcores.js',
  'dist/allcores.cjs',
  'dist/core.cjs',
  'dist/core-text.cjs',
  'dist/worker.cjs',
  'dist/child.cjs',
  'dist/cli/main.js',
  'dist/cli/child.js',
  'dist/cli/jobs.js',
  'dist/lib/index.d.ts',
  'templates/kernel/KERNEL_NAME.c',
  'templates/kernel/CMakeLists.txt',
  'templates/kernel/run.mjs',
  'templates/kernel/README.md',
  'sources.txt',
];
const WELCOME =
  /^(dist|include|native|prebuilds|templates)\/|^(package\.json|README\.md|LICENSE|sources\.txt|CMakeLists\.txt|binding\.gyp)$/;

/** Runs npm with its output passed through, except stdout, which is returned. */
function npm(folder, ...args) {
  return execFileSync('npm', args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
}

/** What `npm pack` would take, in a folder of its own, so that the prebuilt addon does not come into the checkout. */
function stage(folder) {
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

function pack(folder) {
  const [report] = JSON.parse(npm(folder, 'pack', '--ignore-scripts', '--json'));
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

function firstExample() {
  const [, example] = /^```js\n([^]*?)^```$/m.exec(readFileSync(path.join(root, 'README.md'), 'utf8')) ?? [];
  assert.ok(example, 'README.md has no ```js block');
  return example;
}

/** Runs `npx allcores` where the package is installed. */
function checkCommand(folder) {
  const npx = (...args) => npm(folder, 'exec', '--no', '--', 'allcores', ...args);
  const { library } = JSON.parse(npx('info', '--json'));
  assert.ok(library.addon?.startsWith(realpathSync(folder)), `no addon of the installed package: ${inspect(library)}`);
  npx('new-kernel', 'scale');
  const kernel = path.join(folder, 'scale');
  execFileSync('cmake', ['-B', 'build'], { cwd: kernel });
  execFileSync('cmake', ['--build', 'build'], { cwd: kernel });
  const printed = execFileSync(process.execPath, ['run.mjs'], { cwd: kernel, encoding: 'utf8' });
  assert.equal(printed, 'scale: 1000000 elements, their sum is 2000000\n');
  console.log('npx allcores info and new-kernel work');
}

const scratch = mkdtempSync(path.join(tmpdir(), 'allcores-package-'));
try {
  const [staged, user] = ['staged', 'user'].map((name) => path.join(scratch, name));
  mkdirSync(staged);
  mkdirSync(user);
  stage(staged);
  const tarball = pack(staged);

  writeFileSync(path.join(user, 'package.json'), '{ "private": true }\n');
  npm(user, 'install', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund', tarball);
  writeFileSync(path.join(user, 'example.mjs'), firstExample());
  const options = { cwd: user, stdio: ['ignore', 'inherit', 'inherit'], timeout: 60_000 };
  console.log('README.md, first example:');
  execFileSync(process.execPath, ['example.mjs'], options);
  execFileSync(
    process.execPath,
    ['-e', "require('node:assert').equal(typeof require('allcores').Pool, 'function')"],
    options,
  );
  console.log('the installed package works, by import and by require');
  checkCommand(user);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
