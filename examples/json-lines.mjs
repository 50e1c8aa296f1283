// Sums up a file of JSON lines of any size on all cores, in memory that does not grow with the file.
import { createReadStream, createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { cpuCount, Pool } from 'allcores';

const USAGE = `Usage: node json-lines.mjs [file] [--workers n]
       node json-lines.mjs --generate lines file

Reads a log with one JSON object a line, { "path", "status", "ms" }, from the file or from stdin, and prints a table.
Lines that are no such object are listed; then it exits with 1. The second form writes such a log.`;

const PIECE = 1024 * 1024;
const MAX_LINE = 16 * PIECE;

/** What a worker runs: parses the lines of a piece and gives what the rest of the program needs of them. */
function summarize(piece) {
  const paths = new Map();
  const bad = [];
  const lines = new TextDecoder().decode(piece).split('\n');
  if (lines.at(-1) === '') lines.pop(); // what follows the last line end is no line
  for (const [index, line] of lines.entries()) {
    try {
      const { path, status, ms } = JSON.parse(line);
      if (typeof path !== 'string' || typeof ms !== 'number') throw new TypeError('it needs a path and ms');
      add(paths, path, { requests: 1, failed: status >= 500 ? 1 : 0, ms, slowest: ms });
    } catch (error) {
      bad.push({ index, message: error.message });
    }
  }
  return { bytes: piece.length, lines: lines.length, paths, bad };
}

function add(paths, path, { requests, failed, ms, slowest }) {
  const sums = paths.get(path);
  if (sums === undefined) paths.set(path, { requests, failed, ms, slowest });
  else {
    sums.requests += requests;
    sums.failed += failed;
    sums.ms += ms;
    sums.slowest = Math.max(sums.slowest, slowest);
  }
}

/** Cuts a stream of bytes into pieces of whole lines. This thread only looks for the last line end of what it reads. */
async function* piecesOf(stream, flow) {
  let rest = [];
  let length = 0;
  const piece = () => {
    const bytes = Buffer.concat(rest);
    flow.read += bytes.length;
    flow.most = Math.max(flow.most, flow.read - flow.done);
    return bytes;
  };
  for await (const bytes of stream) {
    const end = bytes.lastIndexOf(0x0a) + 1;
    if (end > 0) {
      rest.push(bytes.subarray(0, end));
      yield piece();
      rest = [];
      length = 0;
    }
    rest.push(bytes.subarray(end));
    length += bytes.length - end;
    if (length > MAX_LINE) throw new RangeError(`a line is longer than ${MAX_LINE} bytes`);
  }
  if (length > 0) yield piece();
}

async function report(source, workers) {
  const pool = new Pool(workers);
  const paths = new Map();
  const flow = { read: 0, done: 0, most: 0 };
  let lines = 0;
  let bad = 0;
  // Ctrl-C ends the reading; what has been summed up so far is printed.
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort(new Error('interrupted')));
  try {
    // The bound: at most two pieces for each worker are read and not summed up. While there are so many, imap does not ask
    // for another one, so the stream is not read.
    const options = { buffersize: 2 * workers, signal: stop.signal };
    for await (const part of pool.imap(summarize, piecesOf(source, flow), options)) {
      // Parts come in the order of the file, so the lines of each can be numbered by those before.
      for (const { index, message } of part.bad) console.error(`line ${lines + index + 1}: ${message}`);
      for (const [path, sums] of part.paths) add(paths, path, sums);
      bad += part.bad.length;
      lines += part.lines;
      flow.done += part.bytes;
    }
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    console.error('interrupted: this is the beginning only');
    process.exitCode = 130;
  } finally {
    source.destroy();
    await pool.terminate();
  }
  for (const [path, { requests, failed, ms, slowest }] of [...paths].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const mean = (ms / requests).toFixed(1);
    console.log(`${path}: ${requests} requests, ${failed} failed, mean ${mean} ms, slowest ${slowest} ms`);
  }
  const size = (bytes) => `${(bytes / PIECE).toFixed(1)} MiB`;
  console.log(
    `${lines} lines, ${bad} bad; ${size(flow.done)} read, at most ${size(flow.most)} of it in memory at once`,
  );
  if (bad > 0) process.exitCode ??= 1;
}

function* sample(lines) {
  for (let i = 0; i < lines; i++) {
    const entry = {
      path: `/page/${i % 7}`,
      status: i % 50 === 0 ? 503 : 200,
      ms: (i * 7919) % 1000,
      user: `user-${i}`,
    };
    yield `${JSON.stringify(entry)}\n`;
  }
}

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      help: { type: 'boolean', short: 'h' },
      workers: { type: 'string', default: String(cpuCount()) },
      generate: { type: 'string' },
    },
  });
  const [file] = positionals;
  if (values.help) console.log(USAGE);
  else if (values.generate !== undefined) {
    const lines = Number(values.generate);
    if (!Number.isSafeInteger(lines) || file === undefined) {
      throw new RangeError(`--generate needs a number and a file\n\n${USAGE}`);
    }
    await pipeline(Readable.from(sample(lines)), createWriteStream(file));
  } else {
    const source = file === undefined ? process.stdin : createReadStream(file, { highWaterMark: PIECE });
    await report(source, Number(values.workers));
  }
} catch (error) {
  console.error(`json-lines: ${error.message}`);
  process.exitCode = 2;
}
