// Runs clang-tidy over the sources that the native build compiles (npm run test:native writes that list).
// The core alone, or with --all the C++ tests too, which takes ten times as long.
// Paths given as arguments limit it to the sources whose path contains one of them.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { root } from './native-files.mjs';
import { llvmTool } from './run-tool.mjs';

const buildFolder = path.join(root, 'out/native');
const databaseFile = path.join(buildFolder, 'compile_commands.json');
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
  const listed = JSON.parse(readFileSync(databaseFile, 'utf8')).map((entry) =>
    path.resolve(entry.directory, entry.file),
  );
  return [...new Set(listed)]
    .filter((file) => inProject.some((folder) => file.startsWith(folder)) && existsSync(file))
    .filter((file) => only.length === 0 || only.some((part) => file.includes(part)))
    .sort();
}

function tidy(tool, file) {
  return new Promise((resolve, reject) => {
    const child = spawn(tool, ['-p', buildFolder, '--quiet', file], { stdio: ['ignore', 'pipe', 'pipe'] });
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
