import { bar, columns, significant, styled } from '../base/text.js';
import { drivers, type DriverName } from '../child/driver.js';
import type { Round } from './measure.js';
import { advantage, rows, type Row } from './rows.js';
import { measured, type Measured } from './statistics.js';

/** A row of the table, measured with the drivers that this system has, in their order. */
export interface Line extends Row {
  readonly results: ReadonlyMap<DriverName, Measured>;
}

const NAMES = { thread: 'threads', process: 'processes', yardstick: 'yardstick' } as const satisfies Record<
  DriverName,
  string
>;
const BAR_WIDTH = 40;

export function linesOf(rounds: readonly Round[]): Line[] {
  const present = drivers.filter((driver) => rounds.every((round) => round.has(driver)));
  return rows.map((row) => {
    const values = (driver: DriverName): number[] => rounds.map((round) => round.get(driver)![row.figure]);
    return { ...row, results: new Map(present.map((driver) => [driver, measured(values(driver))])) };
  });
}

const percent = (spread: number): string => `±${(spread * 100).toFixed(0)} %`;

/** Medians, each with its noise. */
export function table(lines: readonly Line[]): string[] {
  const cells = lines.map(({ title, results, format, yardstick }) => [
    title,
    ...[...results.values()].flatMap(({ median, spread }) => [format(median), percent(spread)]),
    yardstick,
  ]);
  const present = [...(lines[0]?.results.keys() ?? [])];
  const heads = ['', ...present.flatMap((driver) => [NAMES[driver], '']), 'the yardstick is'];
  const numbers = heads.map((_, column) => column).slice(1, -1);
  return columns([heads, ...cells], numbers);
}

/** How many times better than the yardstick, as bars: within a row longer is better. */
export function chart(lines: readonly Line[]): string[] {
  const width = Math.max(...Object.values(NAMES).map((name) => name.length));
  return lines.flatMap(({ title, better, results }) => {
    const yardstick = results.get('yardstick')!.median;
    const times = [...results].map(([driver, { median }]) => ({ driver, time: advantage(better, median, yardstick) }));
    const most = Math.max(...times.map(({ time }) => time));
    const bars = times.map(({ driver, time }) => {
      const drawn = bar(time / most, BAR_WIDTH);
      const colored = styled(driver === 'yardstick' ? 'gray' : 'cyan', drawn);
      return `  ${NAMES[driver].padEnd(width)}  ${colored} ${significant(time)} ×`;
    });
    return [title, ...bars];
  });
}

export function asJson(lines: readonly Line[], rounds: number): object {
  const results = lines.map(({ figure, unit, better, results: measurements }) => ({
    figure,
    unit,
    better,
    ...Object.fromEntries([...measurements].map(([driver, value]) => [NAMES[driver], value])),
  }));
  return { rounds, results };
}
