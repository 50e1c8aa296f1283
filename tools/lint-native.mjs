// Runs clang-tidy over the sources that the native build compiles (npm run test:native writes that list).
// The core alone, or with --all the C++ tests too, which takes ten times as long.
// Each source once, as the core is compiled: tests compile it again with delays injected, and clang-tidy would look twice.
// Paths given as arguments limit it to the sources whose path contains one of them.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { root } from './native-files.mjs';
import { llvmTool } from './run-tool.mjs';

const buildFolder = path.join(root, 'out/native');
const databaseFile = path.join(buildFolder, 'compile_commands.json');
/** Where the database is that has each source once. */
const lintFolder = path.join(root, 'out/lint');
const args = process.argv.slice(2);
const all = args.includes('--all');
const only = args.filter((arg) => arg !== '--all');

if (!existsSync(databaseFile)) {
  console.error(`${path.relative(root, databaseFile)} is not there: run "npm run test:native" first`);
  process.exit(2);
}

/** Sources of this project in the compilation database that still exist; generated and foreign ones are left out. */
function sourcesToCheck() {
  const folders = all ? ['native', 'test/native'] : ['native'];
  const inProject = folders.map((folder) => path.join(root, folder) + path.sep);
  /** @type {Map<string, object>} the first entry of each: the core comes before its other builds */
  const entries = new Map();
  for (const entry of JSON.parse(readFileSync(databaseFile, 'utf8'))) {
    const file = path.resolve(entry.directory, entry.file);
    if (!entries.has(file)) entries.set(file, entry);
  }
  mkdirSync(lintFolder, { recursive: true });
  writeFileSync(path.join(lintFolder, 'compile_commands.json'), JSON.stringify([...entries.values()]));
  return [...entries.keys()]
    .filter((file) => inProject.some((folder) => file.startsWith(folder)) && existsSync(file))
    .filter((file) => only.length === 0 || only.some((part) => file.includes(part)))
    .sort();
}

function tidy(tool, file) {
  return new Promise((resolve, reject) => {
    const child = spawn(tool, ['-p', lintFolder, '--quiet', file], { stdio: ['ignore', 'pipe', 'pipe'] });
    const output = [];
    child.stdout.on('data', (chunk) => output.push(chunk));
    child.stderr.on('data', (chunk) => output.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output: Buffer.concat(output).toString() }));
  });
}

const tool = llvmTool('clang-tidy');
const files = sourcesToCheck();
const waiting = files.values();
let failed = 0;

async function worker() {
  for (const file of waiting) {
    const { code, output } = await tidy(tool, file);
    if (code === 0) continue;
    failed += 1;
    console.error(`${path.relative(root, file)}\n${output}`);
  }
}

await Promise.all(Array.from({ length: availableParallelism() }, worker));
console.log(`clang-tidy: ${files.length - failed} of ${files.length} sources are clean`);
if (failed > 0) process.exitCode = 1;
