/** Of one figure in several rounds. */
export interface Measured {
  readonly median: number;
  /** Half of the distance between the extremes, as a part of the median: the noise. */
  readonly spread: number;
}

export function measured(values: readonly number[]): Measured {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
  return { median, spread: (sorted.at(-1)! - sorted[0]!) / 2 / median };
}
