// The price of an option by simulation, the same to the last bit with any number of workers.
import { parseArgs } from 'node:util';
import { cpuCount, Pool, SharedArray } from 'allcores';

const USAGE = `Usage: node monte-carlo.mjs [--samples n] [--batches n] [--seed n] [--workers n]

Prices a European call option by simulating the end of its term: spot 100, strike 105, 1 year, 2 % interest, 20 %
volatility. Prints the price, its standard error, and what the formula of Black and Scholes says.`;

const MARKET = { spot: 100, strike: 105, years: 1, rate: 0.02, volatility: 0.2 };

/** Uniform numbers below 1 from a seed: sfc32, its state spread by splitmix32 so that seeds which follow each other differ. */
function randomNumbers(seed) {
  const next = () => {
    seed = (seed + 0x9e3779b9) | 0;
    let z = Math.imul(seed ^ (seed >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return z ^ (z >>> 15);
  };
  let [a, b, c, counter] = [next(), next(), next(), 1];
  return () => {
    const sum = (a + b + counter++) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return (sum >>> 0) / 2 ** 32;
  };
}

/** What a worker runs: the mean payoff of one batch. All that is random in it comes from the seed of the batch. */
function simulate(seed, samples) {
  const { spot, strike, years, rate, volatility } = MARKET;
  const random = randomNumbers(seed);
  const drift = (rate - volatility ** 2 / 2) * years;
  const spread = volatility * Math.sqrt(years);
  let sum = 0;
  for (let i = 0; i < samples; i++) {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    sum += Math.max(0, spot * Math.exp(drift + spread * normal) - strike);
  }
  return (Math.exp(-rate * years) * sum) / samples;
}

function blackScholes({ spot, strike, years, rate, volatility }) {
  const spread = volatility * Math.sqrt(years);
  const d = (Math.log(spot / strike) + (rate + volatility ** 2 / 2) * years) / spread;
  return spot * normalBelow(d) - strike * Math.exp(-rate * years) * normalBelow(d - spread);
}

/** The part of a normal distribution that lies below x: Simpson's rule over its density. */
function normalBelow(x) {
  const steps = 1000;
  const density = (t) => Math.exp((-t * t) / 2) / Math.sqrt(2 * Math.PI);
  let sum = density(0) + density(x);
  for (let i = 1; i < steps; i++) sum += (i % 2 === 0 ? 2 : 4) * density((x * i) / steps);
  return 0.5 + (sum * x) / steps / 3;
}

function options() {
  try {
    const { values } = parseArgs({
      options: {
        help: { type: 'boolean', short: 'h' },
        samples: { type: 'string', default: '10000000' },
        batches: { type: 'string', default: '200' },
        seed: { type: 'string', default: '2' },
        workers: { type: 'string', default: String(cpuCount()) },
      },
    });
    if (values.help) return values;
    for (const name of ['samples', 'batches', 'seed', 'workers']) {
      values[name] = Number(values[name]);
      const valid = Number.isInteger(values[name]) && values[name] > 0;
      if (!valid) throw new RangeError(`--${name} must be an integer above 0`);
    }
    if (values.batches < 2) throw new RangeError('--batches must be at least 2: their spread gives the standard error');
    return values;
  } catch (error) {
    console.error(`${error.message}\n\n${USAGE}`);
    return process.exit(2);
  }
}

const { help, samples, batches, seed, workers } = options();
if (help) {
  console.log(USAGE);
  process.exit();
}

// A batch has the same seed and the same place in `means` whichever worker runs it, and the kernels that sum the means up
// do so in one order. A generator that the workers shared would make the result depend on who came first.
const size = Math.ceil(samples / batches);
const tasks = Array.from({ length: batches }, (_, batch) => [seed * batches + batch, size]);
const means = new SharedArray('float64', batches);

// Ctrl-C ends the program with its workers at once: there is nothing to clean up.
const pool = new Pool(workers);
try {
  await pool.starmap(simulate, tasks, { out: means, progress: true });
} finally {
  pool.close();
  await pool.join();
}

const price = await means.mean();
const error = Math.sqrt((await means.variance({ ddof: 1 })) / batches);
console.log(`simulated ${size * batches} times in ${batches} batches`);
console.log(`price:    ${price} ± ${error.toFixed(4)}`);
console.log(`formula:  ${blackScholes(MARKET)}`);
