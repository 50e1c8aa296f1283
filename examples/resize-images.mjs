// Makes thumbnails of a folder of images with jimp, which is JavaScript: each image keeps a core busy.
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { cpuCount, Pool } from 'allcores';
import { Jimp } from 'jimp';

const USAGE = `Usage: node resize-images.mjs <folder> <folder for thumbnails> [--size pixels] [--workers n]

Scales each BMP, GIF, JPEG, PNG and TIFF image of a folder to fit a square (default: 160 pixels); small ones stay as
they are. Exits with 1 when one of them could not be done.`;

/** Longest that one image may take: a small file may claim to be a very large image. */
const TIMEOUT = 60_000;

/** What a worker runs. The import of jimp goes along, and each worker loads it once. */
async function resize(from, to, size) {
  const bytes = readFileSync(from);
  const image = await Jimp.fromBuffer(bytes);
  const { width, height } = image;
  const fits = width <= size && height <= size;
  const result = fits ? bytes : await image.scaleToFit({ w: size, h: size }).getBuffer(image.mime);
  // Under another name first, so that no half of an image is left behind whatever happens.
  const unfinished = `${to}.unfinished`;
  writeFileSync(unfinished, result);
  renameSync(unfinished, to);
  return { from: [width, height, bytes.length], to: [image.width, image.height, result.length] };
}

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      help: { type: 'boolean', short: 'h' },
      size: { type: 'string', default: '160' },
      workers: { type: 'string', default: String(cpuCount()) },
    },
  });
  if (values.help) return console.log(USAGE);
  const [folder, target] = positionals;
  const size = Number(values.size);
  if (target === undefined || !(Number.isInteger(size) && size > 0)) throw new Error(`wrong arguments\n\n${USAGE}`);
  if (path.resolve(folder) === path.resolve(target)) throw new Error('the thumbnails must go into another folder');
  const names = readdirSync(folder).filter((name) => /\.(bmp|gif|jpe?g|png|tiff?)$/i.test(name));
  mkdirSync(target, { recursive: true });

  // Ctrl-C gives up what has not been done; a second one ends the program at once.
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort(new Error('interrupted')));

  const pool = new Pool(Number(values.workers));
  const options = { timeout: TIMEOUT, signal: stop.signal };
  const failed = [];
  /** Each image is a task of its own, so that what goes wrong with one, be it the end of its worker, is told of that one. */
  const work = async (name) => {
    try {
      const result = await pool.apply(resize, [path.join(folder, name), path.join(target, name), size], options);
      const shown = ([width, height, bytes]) => `${width} x ${height}, ${bytes} bytes`;
      console.log(`${name}: ${shown(result.from)} -> ${shown(result.to)}`);
    } catch (error) {
      if (!stop.signal.aborted) console.error(`${name}: ${error.message}`);
      failed.push(name);
    }
  };
  await Promise.all(names.map(work));
  pool.close();
  await pool.join();
  // The workers are gone: one that was ended in the midst of an image may have left a part of it.
  for (const name of failed) rmSync(path.join(target, `${name}.unfinished`), { force: true });

  console.log(`${names.length - failed.length} images done, ${failed.length} not`);
  if (stop.signal.aborted) process.exitCode = 130;
  else if (failed.length > 0) process.exitCode = 1;
}

try {
  await main();
} catch (error) {
  console.error(`resize-images: ${error.message}`);
  process.exitCode = 2;
}
