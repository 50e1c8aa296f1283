import type { Call } from '../drivers/driver.js';

/**
 * Keeps `inFlight` tasks running for `duration` ms and gives the tasks finished a second.
 * `make` gives the argument of the i-th task, `check` looks at every result.
 */
export async function sustainedRate<T>(
  call: Call,
  inFlight: number,
  duration: number,
  make: (i: number) => T,
  check: (result: unknown, argument: T) => boolean,
): Promise<number> {
  let next = 0;
  let wrong = 0;
  const start = performance.now();
  const end = start + duration;
  let running = true;
  const lane = async (): Promise<void> => {
    while (running) {
      const i = next++;
      // A look at the clock for each task would be a visible part of the fastest ones.
      if ((i & 63) === 0 && performance.now() > end) running = false;
      const argument = make(i);
      if (!check(await call(argument), argument)) wrong++;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, lane));
  if (wrong > 0) throw new Error(`${wrong} of ${next} results are wrong`);
  return (next / (performance.now() - start)) * 1000;
}

/** Times `count` tasks one after the other, in µs, with whatever `before` does outside the clock. */
export async function latencies(
  call: Call,
  count: number,
  make: (i: number) => unknown,
  before?: () => Promise<unknown>,
): Promise<Float64Array> {
  const samples = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const argument = make(i);
    if (before) await before();
    const start = performance.now();
    await call(argument);
    samples[i] = (performance.now() - start) * 1000;
  }
  return samples;
}
