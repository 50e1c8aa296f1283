import { SharedArray } from 'allcores';
import { IN_FLIGHT, type Driver, type DriverName, type Figures } from './driver.js';
import { PoolDriver } from './pool-driver.js';
import { Yardstick } from './yardstick.js';

const NUMBERS = Array.from({ length: 100_000 }, (_, i) => i + 1);
const BUFFER_BYTES = 2 ** 24;
const ELEMENTS = 2 ** 22;

/** Repeats for at least so many ms. @returns seconds of each time */
async function timed(millis: number, work: () => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  const begin = performance.now();
  let before = begin;
  do {
    await work();
    const now = performance.now();
    times.push((now - before) / 1000);
    before = now;
  } while (before - begin < millis);
  return times;
}

async function flow(driver: Driver, millis: number): Promise<number> {
  const begin = performance.now();
  let done = 0;
  const lane = async (): Promise<void> => {
    do {
      await driver.noop();
      done++;
    } while (performance.now() - begin < millis);
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, lane));
  return (done * 1000) / (performance.now() - begin);
}

const quantile = (sorted: readonly number[], part: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))]!;
const ascending = (values: readonly number[]): number[] => values.toSorted((a, b) => a - b);

/** Measures one driver, each figure for about so many ms. */
export async function trial(input: { readonly driver: DriverName; readonly millis: number }): Promise<Figures> {
  const { millis } = input;
  const driver = input.driver === 'yardstick' ? new Yardstick() : new PoolDriver(input.driver);
  try {
    await flow(driver, millis * 2); // workers start, and compilers see what is hot
    const inFlight = await flow(driver, millis);
    const latency = ascending(await timed(millis, () => driver.noop()));
    await timed(millis * 2, () => driver.map(NUMBERS)); // chunks find their size
    const map = quantile(ascending(await timed(millis, () => driver.map(NUMBERS))), 0.5);
    const buffers = (): Promise<unknown> => driver.send(new ArrayBuffer(BUFFER_BYTES));
    await buffers();
    const transfer = quantile(ascending(await timed(millis, buffers)), 0.5);
    const sum = await driver.sum(new SharedArray('float64', ELEMENTS).fill(1), millis);
    return {
      inFlight,
      p50: quantile(latency, 0.5),
      p99: quantile(latency, 0.99),
      map: NUMBERS.length / map,
      transfer: BUFFER_BYTES / transfer,
      sum: (ELEMENTS * Float64Array.BYTES_PER_ELEMENT) / sum,
    };
  } finally {
    await driver.close();
  }
}
