import type { SharedArray } from 'allcores';

/** What is measured: two kinds of pool, and what Node offers without this library. */
export const drivers = ['thread', 'process', 'yardstick'] as const;
export type DriverName = (typeof drivers)[number];

/** Seconds, or amounts per second. */
export interface Figures {
  readonly inFlight: number;
  readonly p50: number;
  readonly p99: number;
  readonly map: number;
  readonly transfer: number;
  readonly sum: number;
}

/** What a driver can do. */
export interface Driver {
  /** A task that does nothing. */
  noop(): Promise<unknown>;
  /** `scramble` of tasks.ts of many numbers. */
  map(numbers: readonly number[]): Promise<readonly number[]>;
  /** Gives a buffer away to `touch` of tasks.ts. */
  send(buffer: ArrayBuffer): Promise<unknown>;
  /** Sums a vector again and again for so many ms. @returns seconds for each time */
  sum(vector: SharedArray<'float64'>, millis: number): Promise<number>;
  close(): Promise<unknown>;
}

export const IN_FLIGHT = 64;
