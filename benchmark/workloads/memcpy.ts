import { median } from '../statistics.js';

/** Seconds that `Float64Array.set` needs for one copy, into a warm buffer or into one made for the purpose. */
export function memcpySeconds(source: Float64Array, rounds: number, target?: Float64Array): number {
  const samples: number[] = [];
  for (let i = 0; i < rounds; i++) {
    const start = performance.now();
    (target ?? new Float64Array(source.length)).set(source);
    samples.push((performance.now() - start) / 1000);
  }
  return median(samples);
}
