// Minifies a folder of JavaScript with terser, a file a task.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { cpuCount, Pool } from 'allcores';
import { minify } from 'terser';

const USAGE = `Usage: node minify-js.mjs <folder> <folder for the results> [--workers n]

Minifies each .js, .mjs and .cjs file below a folder, but for node_modules, and prints the bytes before and after.
Exits with 1 when one of them could not be done.`;

/** What a worker runs. The import of terser goes along, and each worker loads it once. */
async function minifyFile(from, to) {
  const source = readFileSync(from);
  const { code } = await minify({ [from]: source.toString('utf8') }, { module: from.endsWith('.mjs') });
  mkdirSync(path.dirname(to), { recursive: true });
  writeFileSync(to, code);
  return [source.length, Buffer.byteLength(code)];
}

/** The JavaScript below a folder, relative to it. */
function* scriptsBelow(root, folder = '') {
  for (const entry of readdirSync(path.join(root, folder), { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory() && entry.name !== 'node_modules') yield* scriptsBelow(root, file);
    else if (entry.isFile() && /\.[mc]?js$/.test(entry.name)) yield file;
  }
}

/** An error of terser has the place in the file; it comes from the worker with all its properties. */
function placeOf(file, { line, col }) {
  return line === undefined ? file : `${file}:${line}:${col + 1}`;
}

function row(name, before, after) {
  const less = before === 0 ? 0 : 100 - (100 * after) / before;
  return `${String(before).padStart(10)} ${String(after).padStart(10)} ${less.toFixed(1).padStart(6)} %  ${name}`;
}

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { help: { type: 'boolean', short: 'h' }, workers: { type: 'string', default: String(cpuCount()) } },
  });
  if (values.help) return console.log(USAGE);
  const [folder, target] = positionals;
  if (target === undefined) throw new Error(`two folders are needed\n\n${USAGE}`);
  const way = path.relative(folder, target);
  const outside = way.startsWith('..') || path.isAbsolute(way);
  if (!outside) throw new Error('the results must not go into the folder itself');
  const files = [...scriptsBelow(folder)].sort();

  // Ctrl-C ends the program with its workers at once; files that are done are there.
  const pool = new Pool(Number(values.workers));
  const results = await Promise.allSettled(
    files.map((file) => pool.apply(minifyFile, [path.join(folder, file), path.join(target, file)])),
  );
  pool.close();
  await pool.join();

  let [before, after] = [0, 0];
  console.log('    before      after     less');
  for (const [i, { status, value, reason }] of results.entries()) {
    if (status === 'fulfilled') {
      console.log(row(files[i], ...value));
      before += value[0];
      after += value[1];
    } else {
      console.error(`${placeOf(path.join(folder, files[i]), reason)}: ${reason.message}`);
      process.exitCode = 1;
    }
  }
  console.log(row('total', before, after));
}

try {
  await main();
} catch (error) {
  console.error(`minify-js: ${error.message}`);
  process.exitCode = 2;
}
