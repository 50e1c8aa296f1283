import type { SharedArray } from 'allcores';

/** What workers of the benchmark run. */

export function noop(): void {}

/** 200 rounds of xorshift, in 32 bits: about half a microsecond of work. */
export function scramble(seed: number): number {
  let state = seed | 0;
  for (let round = 0; round < 200; round++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
  }
  return state;
}

/** Looks at each page, so that the memory has really arrived. */
export function touch(buffer: ArrayBuffer): number {
  const bytes = new Uint8Array(buffer);
  let sum = 0;
  for (let i = 0; i < bytes.length; i += 4096) sum += bytes[i]!;
  return sum;
}

/** Sums again and again for so many ms. @returns seconds for each time */
export async function sumAgain(vector: SharedArray<'float64'>, millis: number): Promise<number> {
  await vector.sum();
  const begin = performance.now();
  let times = 0;
  do {
    await vector.sum();
    times++;
  } while (performance.now() - begin < millis);
  return (performance.now() - begin) / times / 1000;
}
