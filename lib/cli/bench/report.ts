import { bar, columns, significant, styled } from '../base/text.js';
import { drivers, type DriverName, type Figures } from '../child/driver.js';
import { advantage, rows, type Row } from './rows.js';
import { measured, type Measured } from './statistics.js';

/** A row of the table, measured. */
export interface Line extends Row {
  readonly results: Readonly<Record<DriverName, Measured>>;
}

const NAMES: Readonly<Record<DriverName, string>> = { thread: 'threads', process: 'processes', yardstick: 'yardstick' };
const BAR_WIDTH = 40;

/** @param rounds figures of each driver, one for each round */
export function linesOf(rounds: Readonly<Record<DriverName, readonly Figures[]>>): Line[] {
  return rows.map((row) => {
    const of = (driver: DriverName): Measured => measured(rounds[driver].map((figures) => figures[row.figure]));
    return { ...row, results: { thread: of('thread'), process: of('process'), yardstick: of('yardstick') } };
  });
}

const percent = (spread: number): string => `±${(spread * 100).toFixed(0)} %`;

/** Medians, each with its noise. */
export function table(lines: readonly Line[]): string[] {
  const cells = lines.map(({ title, results, format, yardstick }) => [
    title,
    ...drivers.flatMap((driver) => [format(results[driver].median), percent(results[driver].spread)]),
    yardstick,
  ]);
  const heads = ['', ...drivers.flatMap((driver) => [NAMES[driver], '']), 'the yardstick is'];
  return columns([heads, ...cells], [1, 2, 3, 4, 5, 6]);
}

/** How many times better than the yardstick, as bars: within a row longer is better. */
export function chart(lines: readonly Line[]): string[] {
  const width = Math.max(...Object.values(NAMES).map((name) => name.length));
  return lines.flatMap(({ title, better, results }) => {
    const times = drivers.map((driver) => advantage(better, results[driver].median, results.yardstick.median));
    const most = Math.max(...times);
    const bars = drivers.map((driver, i) => {
      const drawn = bar(times[i]! / most, BAR_WIDTH);
      const colored = styled(driver === 'yardstick' ? 'gray' : 'cyan', drawn);
      return `  ${NAMES[driver].padEnd(width)}  ${colored} ${significant(times[i]!)} ×`;
    });
    return [title, ...bars];
  });
}

export function asJson(lines: readonly Line[], rounds: number): object {
  const results = lines.map(({ figure, unit, better, results: { thread, process, yardstick } }) => ({
    figure,
    unit,
    better,
    threads: thread,
    processes: process,
    yardstick,
  }));
  return { rounds, results };
}
