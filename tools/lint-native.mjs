// Runs clang-tidy over the addon and its core, and with --all over the C++ tests, which takes several times as long.
// Paths given as arguments limit it to the sources whose path contains one of them.
//
// Most of its time goes into what sources include, the standard library above all. So it is given several at once: one of
// each folder, since names in the unnamed namespaces of one folder's sources would meet.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { nativeFiles, root } from './native-files.mjs';
import { llvmTool } from './run-tool.mjs';

/** Those of Node-API are packages, which is where cmake-js takes them from, too. */
const require = createRequire(import.meta.url);
const headersOf = (name) => `-isystem${path.resolve(require(name).include_dir)}`;

/** As CMakeLists.txt has it. */
const FLAGS = [
  '-std=c++20',
  '-DALLCORES_HEAP_CHECKS',
  ...['NAPI_VERSION=9', 'NAPI_CPP_EXCEPTIONS', 'NODE_ADDON_API_DISABLE_DEPRECATED'].map((name) => `-D${name}`),
  ...['node-api-headers', 'node-addon-api'].map(headersOf),
  ...['native', 'include', 'test/native'].map((folder) => `-I${path.join(root, folder)}`),
];
/** Where the batches are written. */
const lintFolder = path.join(root, 'out/lint');
const args = process.argv.slice(2);
const all = args.includes('--all');
const only = args.filter((arg) => arg !== '--all');

const isKernel = (source) => source.includes(`${path.sep}native${path.sep}kernel${path.sep}`);

function sourcesToCheck() {
  const listed = readFileSync(path.join(root, 'sources.txt'), 'utf8').trim().split('\n');
  const tests = all ? nativeFiles().filter((file) => /\/test\/native\/.*\.cc$/.test(file)) : [];
  return [...listed.map((source) => path.join(root, source)), ...tests].filter(
    (file) => only.length === 0 || only.some((part) => file.includes(part)),
  );
}

/** @returns {string[][]} sources to look at together: at most one of each folder */
function batchesOf(sources) {
  const batches = [];
  const taken = new Map();
  for (const source of sources) {
    const folder = path.dirname(source);
    const index = taken.get(folder) ?? 0;
    taken.set(folder, index + 1);
    (batches[index] ??= []).push(source);
  }
  return batches;
}

/**
 * Not included but copied, since the analyzer looks at what is in the main file. But for kernels: it would go path by path
 * through templates of arithmetic for each type, for up to half a minute a source.
 */
function writeBatch(sources, number) {
  const file = path.join(lintFolder, `batch_${number}.cc`);
  const texts = sources.map((source) =>
    isKernel(source) ? `#include "${source}"  // NOLINT(bugprone-suspicious-include)\n` : readFileSync(source, 'utf8'),
  );
  writeFileSync(file, texts.join(''));
  /** The place in its source for a line of the batch. */
  const placeOf = (line) => {
    let index = 0;
    for (; ; index++) {
      const lines = texts[index].split('\n').length - 1;
      if (line <= lines) return `${path.relative(root, sources[index])}:${line}`;
      line -= lines;
    }
  };
  return { file, sources, placeOf };
}

function tidy(tool, { file }) {
  return new Promise((resolve, reject) => {
    const child = spawn(tool, ['--quiet', file, '--', ...FLAGS], { stdio: ['ignore', 'pipe', 'pipe'] });
    const output = [];
    child.stdout.on('data', (chunk) => output.push(chunk));
    child.stderr.on('data', (chunk) => output.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output: Buffer.concat(output).toString() }));
  });
}

const tool = llvmTool('clang-tidy');
const sources = sourcesToCheck();
rmSync(lintFolder, { recursive: true, force: true });
mkdirSync(lintFolder, { recursive: true });
const waiting = batchesOf(sources).map(writeBatch).values();
let failed = 0;

async function worker() {
  for (const batch of waiting) {
    const { code, output } = await tidy(tool, batch);
    if (code === 0) continue;
    failed += 1;
    console.error(output.replaceAll(/^\S*\/batch_\d+\.cc:(\d+)/gm, (_, line) => batch.placeOf(Number(line))));
  }
}

await Promise.all(Array.from({ length: availableParallelism() }, worker));
if (failed > 0) process.exitCode = 1;
else console.log(`clang-tidy: ${sources.length} sources are clean`);
