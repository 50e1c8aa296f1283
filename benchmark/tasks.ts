/** What the workers of every driver run. Plain top-level functions, so that each library may transport them its own way. */

export function increment(value: number): number {
  return value + 1;
}

export function identity<T>(value: T): T {
  return value;
}

/** The hand-written chunk function of a pool without `map`. */
export function incrementAll(chunk: number[]): number[] {
  const out = new Array<number>(chunk.length);
  for (let i = 0; i < chunk.length; i++) out[i] = chunk[i]! + 1;
  return out;
}

/** The same in place, on a chunk that was transferred and is transferred back. */
export function incrementColumn(chunk: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  for (let i = 0; i < chunk.length; i++) chunk[i]! += 1;
  return chunk;
}

/** Touches both ends of a shared vector: a `Float64Array` over shared memory or a `SharedArray`. */
export function edges(vector: { readonly length: number; at(index: number): number | undefined }): number {
  return vector.at(0)! + vector.at(vector.length - 1)!;
}

/** A pure integer loop; about 1 ns a round. */
export function spin(rounds: number): number {
  let state = 1;
  for (let i = 0; i < rounds; i++) state = (Math.imul(state, 1664525) + 1013904223) | 0;
  return state;
}
