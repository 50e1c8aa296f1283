// Puts load on the server with and without its pool, and looks meanwhile how long a cheap request takes.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpus } from 'node:os';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import autocannon from 'autocannon';

const USAGE = `Usage: node load.mjs [--duration seconds] [--connections n]

Runs server.mjs twice. Each time, so many connections (default 8) ask for /tile for so long (default 10 seconds), while
one more asks for /health 20 times a second. The server and the load share this machine.`;

const HEALTH_RATE = 20;

/** Starts the server on a port that is free, gives its address to \`use\`, and ends it. */
async function withServer(args, use) {
  const file = fileURLToPath(new URL('server.mjs', import.meta.url));
  const server = spawn(process.execPath, [file, '--port', '0', ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(server, 'exit');
  try {
    for await (const line of createInterface({ input: server.stdout })) {
      const address = /^listening on (.*)$/.exec(line)?.[1];
      if (address === undefined) continue;
      return await use(address);
    }
    throw new Error('the server did not start');
  } finally {
    server.kill('SIGTERM');
    await ended;
  }
}

async function measure(address, duration, connections) {
  const tiles = { url: `${address}/tile`, connections };
  await autocannon({ ...tiles, amount: 4 * connections }); // until the code is compiled and the workers are up
  const health = { url: `${address}/health`, connections: 1, duration, overallRate: HEALTH_RATE };
  return Promise.all([autocannon({ ...tiles, duration }), autocannon(health)]);
}

function row(name, { requests, latency, duration, errors, non2xx }) {
  const cells = [
    (requests.total / duration).toFixed(1),
    latency.p50.toFixed(0),
    latency.p99.toFixed(0),
    errors + non2xx,
  ];
  return name.padEnd(18) + cells.map((cell) => String(cell).padStart(12)).join('');
}

async function main() {
  const { values } = parseArgs({
    options: {
      help: { type: 'boolean', short: 'h' },
      duration: { type: 'string', default: '10' },
      connections: { type: 'string', default: '8' },
    },
  });
  if (values.help) return console.log(USAGE);
  const [duration, connections] = [values.duration, values.connections].map(Number);
  if (!(duration > 0 && connections > 0)) throw new RangeError(`both must be numbers above 0\n\n${USAGE}`);

  console.log(`${cpus().length} processors (${cpus()[0]?.model.trim()}), Node ${process.versions.node}`);
  console.log(`${connections} connections for ${duration} s`);
  console.log(''.padEnd(18) + ['requests/s', 'p50 ms', 'p99 ms', 'failed'].map((title) => title.padStart(12)).join(''));
  const settings = { pool: [], 'no pool': ['--no-pool'] };
  for (const [name, args] of Object.entries(settings)) {
    const [tiles, health] = await withServer(args, (address) => measure(address, duration, connections));
    console.log(row(`${name}: /tile`, tiles));
    console.log(row(`${name}: /health`, health));
  }
}

try {
  await main();
} catch (error) {
  console.error(`load: ${error.message}`);
  process.exitCode = 2;
}
