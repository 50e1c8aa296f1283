import { rate, significant } from '../base/text.js';
import type { Figures } from '../child/driver.js';

/** A row of the table. */
export interface Row {
  readonly figure: keyof Figures;
  readonly title: string;
  /** What the yardstick does instead. */
  readonly yardstick: string;
  readonly unit: string;
  readonly better: 'higher' | 'lower';
  format(value: number): string;
}

const PING_PONG = 'messages to bare workers';
const LOOP = 'a loop in one thread';

export const rows: readonly Row[] = [
  {
    figure: 'inFlight',
    title: 'empty tasks, 64 in flight',
    yardstick: PING_PONG,
    unit: 'tasks/s',
    better: 'higher',
    format: rate,
  },
  { figure: 'p50', title: 'one at a time, p50', yardstick: PING_PONG, unit: 's', better: 'lower', format: micros },
  { figure: 'p99', title: 'one at a time, p99', yardstick: PING_PONG, unit: 's', better: 'lower', format: micros },
  {
    figure: 'map',
    title: 'map of 100,000 numbers',
    yardstick: LOOP,
    unit: 'numbers/s',
    better: 'higher',
    format: rate,
  },
  {
    figure: 'transfer',
    title: 'a buffer of 16 MiB given away',
    yardstick: 'moved to bare workers, not copied',
    unit: 'B/s',
    better: 'higher',
    format: byteRate,
  },
  { figure: 'sum', title: 'sum of 4 M float64', yardstick: LOOP, unit: 'B/s', better: 'higher', format: byteRate },
];

function micros(seconds: number): string {
  return `${significant(seconds * 1e6)} µs`;
}

function byteRate(bytes: number): string {
  return rate(bytes, 'B');
}

/** How many times better a value is than the yardstick's. */
export function advantage(better: Row['better'], value: number, yardstick: number): number {
  return better === 'higher' ? value / yardstick : yardstick / value;
}
