// Answers requests on all cores with one cache for all of them, and tells how often it helped.
import { parseArgs } from 'node:util';
import { cpuCount, Manager, Pool } from 'allcores';
import { createCache, getOrCompute } from './cache.mjs';

const USAGE = `Usage: node main.mjs [--requests n] [--keys n] [--size n] [--workers n]

Answers requests (default 2000) for the number of primes below key × 1000, for keys from 1 to so many (default 40), of
which small ones are asked for more often. The cache keeps so many answers (default 30). Key 13 fails, to show what
becomes of failures.`;

/** What a worker runs for a request. */
function answer(cache, key) {
  return getOrCompute(cache, key, countPrimes);
}

function countPrimes(key) {
  if (key === 13) throw new RangeError('there is no answer for 13');
  let count = 0;
  for (let n = 2; n < key * 1000; n++) {
    let divisor = 2;
    while (divisor * divisor <= n && n % divisor !== 0) divisor++;
    if (divisor * divisor > n) count++;
  }
  return count;
}

async function main() {
  const number = (otherwise) => ({ type: 'string', default: String(otherwise) });
  const { values: options } = parseArgs({
    options: {
      help: { type: 'boolean', short: 'h' },
      requests: number(2000),
      keys: number(40),
      size: number(30),
      workers: number(cpuCount()),
    },
  });
  if (options.help) return console.log(USAGE);
  const [requests, keys, size] = [options.requests, options.keys, options.size].map(Number);
  if (!(requests > 0 && keys > 0 && size > 0)) throw new RangeError(`these must be numbers above 0\n\n${USAGE}`);

  const pool = new Pool(Number(options.workers));
  const manager = new Manager();
  const cache = createCache(manager, size);
  const wanted = Array.from({ length: requests }, (_, i) => 1 + Math.floor(keys * (((i * 7919) % 1000) / 1000) ** 2));
  const results = await Promise.allSettled(wanted.map((key) => pool.apply(answer, [cache, key])));
  pool.close();
  await pool.join();

  const answers = new Map();
  const failures = new Map();
  for (const [i, { status, value, reason }] of results.entries()) {
    if (status === 'fulfilled') answers.set(wanted[i], value);
    else failures.set(reason.message, (failures.get(reason.message) ?? 0) + 1);
  }
  for (const key of [1, keys]) console.log(`primes below ${key * 1000}: ${answers.get(key) ?? 'no answer'}`);
  for (const [message, times] of failures) console.log(`failed ${times} times: ${message}`);
  const { hits, waits, computed, evicted } = cache.counts.toObject();
  console.log(
    `${requests} requests for ${new Set(wanted).size} keys: ${hits} found, ${waits} waited, ${computed} computed`,
  );
  console.log(`${evicted} evicted, ${cache.values.size} stored, ${cache.locks.size} locks`);
  manager.shutdown();
}

try {
  await main();
} catch (error) {
  console.error(`shared-cache: ${error.message}`);
  process.exitCode = 2;
}
