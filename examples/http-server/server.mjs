// An HTTP server that has a pool compute its answers, and stays able to answer: it says no in time instead of falling behind.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import { cpuCount, Pool } from 'allcores';
import { renderTile } from './tile.mjs';

const USAGE = `Usage: node server.mjs [--port n] [--workers n] [--queue n] [--timeout ms] [--no-pool]

GET /tile?x=-0.75&y=0&width=2.5&size=256   a picture of the Mandelbrot set, computed by a pool
GET /health                                what the server is doing, answered at once

  --queue n     requests that may wait for a worker (default 16); one more is answered with 503
  --timeout ms  longest that a request may wait and run (default 5000); then the answer is 504
  --no-pool     compute on the thread of the server, to see what that does to everybody`;

const BASE = 'http://localhost';
const TIMED_OUT = new Error('the request took too long');
const CLIENT_GONE = new Error('the client has gone');

let pool;
let most;
let timeout;
let stopping = false;
const responses = new Set();
const counts = { inFlight: 0, served: 0, refused: 0, timedOut: 0, abandoned: 0, failed: 0 };

function answer(response, status, body, headers = {}) {
  // A connection that stays open would keep a server open that is stopping.
  if (stopping) response.setHeader('connection', 'close');
  const content = typeof body === 'object' && !ArrayBuffer.isView(body) ? `${JSON.stringify(body)}\n` : body;
  response.writeHead(status, { 'content-length': Buffer.byteLength(content), ...headers }).end(content);
}

/** The arguments of `renderTile`, checked: what a client sends is not trusted. Undefined if one is no good. */
function argumentsOf(query) {
  const numbers = Object.entries({ x: -0.75, y: 0, width: 2.5, size: 256 }).map(([name, otherwise]) =>
    query.has(name) ? Number(query.get(name)) : otherwise,
  );
  const [, , width, size] = numbers;
  const good = numbers.every(Number.isFinite) && width > 0 && Number.isInteger(size) && size >= 1 && size <= 4096;
  return good ? numbers : undefined;
}

async function tile(query, response) {
  const args = argumentsOf(query);
  if (args === undefined) return answer(response, 400, 'x, y, width and size (1 to 4096) must be numbers\n');
  // The bound: those that run and those that wait. Work that nobody can do in time is better refused at once.
  if (stopping || counts.inFlight >= most) {
    counts.refused += 1;
    return answer(response, 503, 'busy\n', { 'retry-after': '1' });
  }

  // One signal for both ends. Unlike the option `timeout`, which counts from the task's start, it counts the waiting, too.
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(TIMED_OUT), timeout);
  response.once('close', () => stop.abort(CLIENT_GONE)); // after the answer, that does nothing
  counts.inFlight += 1;
  try {
    const png = pool ? await pool.apply(renderTile, args, { signal: stop.signal }) : renderTile(...args);
    counts.served += 1;
    answer(response, 200, png, { 'content-type': 'image/png' });
  } catch (error) {
    if (error === CLIENT_GONE) counts.abandoned += 1;
    else if (error === TIMED_OUT) {
      counts.timedOut += 1;
      answer(response, 504, 'it took too long\n');
    } else {
      // A worker that died, for example. The pool has replaced it.
      counts.failed += 1;
      console.error(error);
      answer(response, 500, 'failed\n');
    }
  } finally {
    clearTimeout(timer);
    counts.inFlight -= 1;
  }
}

async function handle(request, response) {
  responses.add(response);
  response.once('close', () => responses.delete(response));
  if (!URL.canParse(request.url, BASE)) return answer(response, 400, 'not an address\n');
  const { pathname, searchParams } = new URL(request.url, BASE);
  if (pathname === '/health') return answer(response, 200, { stopping, ...counts });
  if (pathname === '/tile') return tile(searchParams, response);
  return answer(response, 404, 'not found\n');
}

/** Takes no more, finishes what is there, ends the workers; then nothing keeps the process alive. */
async function shutDown(server, signal) {
  stopping = true;
  console.log(`${signal}: finishing ${counts.inFlight} requests`);
  const closed = once(server, 'close');
  server.close();
  // Who is slow to read an answer does not hold the server up for ever.
  setTimeout(() => server.closeAllConnections(), timeout + 1000).unref();
  while (responses.size > 0) await once([...responses][0], 'close');
  // Browsers open connections in advance; `close` waits for those that have not had a request yet.
  server.closeAllConnections();
  await closed;
  pool?.close();
  await pool?.join();
  console.log(`stopped; ${counts.served} served`);
}

async function main() {
  const number = (otherwise) => ({ type: 'string', default: String(otherwise) });
  const { values } = parseArgs({
    options: {
      help: { type: 'boolean', short: 'h' },
      port: number(8080),
      workers: number(cpuCount()),
      queue: number(16),
      timeout: number(5000),
      'no-pool': { type: 'boolean' },
    },
  });
  if (values.help) return console.log(USAGE);
  const workers = Number(values.workers);
  timeout = Number(values.timeout);
  most = workers + Number(values.queue);
  if (!(timeout > 0 && most >= 1)) throw new RangeError(`--timeout and --queue must be numbers\n\n${USAGE}`);
  if (!values['no-pool']) pool = new Pool(workers);

  const server = createServer((request, response) => void handle(request, response)).listen(Number(values.port));
  await once(server, 'listening');
  for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => void shutDown(server, signal));
  console.log(`listening on http://localhost:${server.address().port}`);
}

try {
  await main();
} catch (error) {
  console.error(`server: ${error.message}`);
  process.exit(2);
}
