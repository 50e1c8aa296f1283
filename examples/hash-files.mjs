// Prints the SHA-256 of every file below folders, as sha256sum does, in order of their paths.
import { createHash } from 'node:crypto';
import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { cpuCount, Pool } from 'allcores';

const USAGE = `Usage: node hash-files.mjs [folder or file …] [--workers n]

Prints "<hash>  <path>" for each file below the folders (default: this one). Links within them are not followed.
Exits with 1 when something could not be read.`;

const PIECE = 1024 * 1024;

/** What a worker runs. It reads the file itself, piece by piece: no content crosses threads, and a large file needs no memory. */
function hashFile(file) {
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafe(PIECE);
  let descriptor;
  try {
    descriptor = openSync(file, 'r');
    for (;;) {
      const length = readSync(descriptor, buffer);
      if (length === 0) return { file, hash: hash.digest('hex') };
      hash.update(buffer.subarray(0, length));
    }
  } catch (error) {
    // That a file cannot be read is a result like another: the files after it are hashed all the same.
    return { file, problem: error.message };
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** The files below a folder in the order of their paths, found while the first ones are being hashed. */
function* filesBelow(folder) {
  let entries;
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    return complain(folder, error.message);
  }
  // A folder stands where the paths of its files do, which go on with a separator.
  const key = (entry) => (entry.isDirectory() ? entry.name + path.sep : entry.name);
  entries.sort((a, b) => (key(a) < key(b) ? -1 : 1));
  for (const entry of entries) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(file);
    else if (entry.isFile()) yield file;
  }
}

function* filesOf(names) {
  for (const name of names) {
    // What is missing goes to a worker as a file, which tells what is wrong with it.
    if (statSync(name, { throwIfNoEntry: false })?.isDirectory()) yield* filesBelow(name);
    else yield name;
  }
}

function complain(file, problem) {
  console.error(`hash-files: ${file}: ${problem}`);
  process.exitCode = 1;
}

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { help: { type: 'boolean', short: 'h' }, workers: { type: 'string', default: String(cpuCount()) } },
  });
  if (values.help) return console.log(USAGE);
  // A reader that has enough, such as `head`, closes the pipe: that is no failure of ours.
  process.stdout.on('error', (error) => process.exit(error.code === 'EPIPE' ? 0 : 1));

  // Ctrl-C ends the program with its workers at once: there is nothing to clean up.
  const pool = new Pool(Number(values.workers));
  const files = filesOf(positionals.length > 0 ? positionals : ['.']);
  // imap reads only so many names ahead, and gives the results in the order of the names.
  for await (const { file, hash, problem } of pool.imap(hashFile, files)) {
    if (problem === undefined) console.log(`${hash}  ${file}`);
    else complain(file, problem);
  }
  pool.close();
  await pool.join();
}

try {
  await main();
} catch (error) {
  console.error(`hash-files: ${error.message}`);
  process.exitCode = 2;
}
