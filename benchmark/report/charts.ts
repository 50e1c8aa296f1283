import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { drivers } from '../drivers/index.js';
import { repositoryFile } from '../paths.js';
import type { Cell, Line } from '../runner/summary.js';
import type { Unit } from '../workloads/workload.js';
import { toSvg } from './chart.js';

/**
 * The charts of docs/performance.md, made of the tables of docs/benchmark.md, so that both show the same figures:
 * `npm run build:benchmark && node out/benchmark/report/charts.js`.
 */
const charts: Readonly<Record<string, { readonly section: string; readonly rows: readonly string[] }>> = {
  throughput: {
    section: 'Measurements',
    rows: [
      'No-op, 64 in flight',
      'No-op, 100,000 submitted at once',
      'Map of 1,000,000 integers, plain array in and out',
      'Map of 1,000,000 integers, Int32Array in and out',
      'imap: a lazy, ordered stream of numbers',
      'CPU-bound tasks of 2 ms, efficiency on 2 cores',
    ],
  },
  copying: {
    section: 'Measurements',
    rows: [
      'Small object there and back, 64 in flight, cost of each',
      'Object of 10 KB there and back, 64 in flight, cost of each',
      'Vector of 1 MB there and back',
      'Vector of 64 MB there and back',
      'Shared vector of 64 MB as an argument, p50',
    ],
  },
  'shared-objects': {
    section: 'Shared objects',
    rows: [
      'Lock that two workers want, each time to add 1 to a number',
      'Queue between two workers, numbers',
      'Queue between two workers, objects of three properties',
      'Queue between two workers, buffers of 64 MB',
      'Dict, get a number',
      'Dict, set a number',
      'List, append a number',
      'Value, two workers that add to it, cost of each addition',
    ],
  },
  processes: {
    section: 'Process workers',
    rows: [
      'No-op, 64 in flight',
      'Latency one at a time, p50',
      'Latency after 5 ms of idleness, p50',
      'Start in a program that has begun: a pool of one worker, first result',
    ],
  },
};

/** What is written behind a figure: its unit, how many of that it is, and which direction is better. */
const units: Readonly<
  Record<string, { readonly unit: Unit; readonly times: number; readonly better: Line['row']['better'] }>
> = {
  '': { unit: 'ratio', times: 1, better: 'higher' },
  'M/s': { unit: 'ops/s', times: 1e6, better: 'higher' },
  'k/s': { unit: 'ops/s', times: 1e3, better: 'higher' },
  'GB/s': { unit: 'GB/s', times: 1, better: 'higher' },
  ns: { unit: 'ns', times: 1, better: 'lower' },
  µs: { unit: 'µs', times: 1, better: 'lower' },
  ms: { unit: 'µs', times: 1e3, better: 'lower' },
};

const kinds = new Map(drivers.map(({ name, kind }) => [name, kind]));

function lineOf(header: readonly string[], cells: readonly string[]): Line {
  let about: (typeof units)[string] | undefined;
  let best: Line['best'];
  const figures = cells.slice(1).flatMap((cell, i): Cell[] => {
    const driver = header[i + 1]!;
    const kind = kinds.get(driver);
    const [, bold, number, suffix] = /^(\*\*)?(-?[\d.]+) ?([^\d*]*?)\*{0,2}$/.exec(cell) ?? [];
    if (kind === undefined || number === undefined) return [];
    const unit = units[suffix!];
    if (unit === undefined) throw new Error(`No unit is known for ${cell}, in ${cells[0]}`);
    about = unit;
    const value = Number(number) * unit.times;
    if (bold !== undefined) best = { driver, value };
    return [{ driver, kind, workers: undefined, variant: '', metrics: { value }, spread: {}, trials: 1 }];
  });
  if (about === undefined || best === undefined) throw new Error(`${cells[0]} has no best peer`);
  const [title = ''] = cells;
  const { unit, better } = about;
  const row = { metric: 'value', title, unit, better };
  return {
    workload: title,
    workers: undefined,
    row,
    cells: figures,
    best,
    ratio: undefined,
    goal: undefined,
    met: undefined,
  };
}

/** Rows of the first table below a heading. */
function linesBelow(text: string, heading: string, titles: readonly string[]): Line[] {
  const start = text.search(new RegExp(`^#+ ${heading}$`, 'm'));
  const [, table] = /\n\n(\|[^]*?\|)\n\n/.exec(text.slice(start)) ?? [];
  if (start < 0 || table === undefined) throw new Error(`docs/benchmark.md has no table below ${heading}`);
  const rows = table.split('\n').map((line) => line.slice(1, -1).split('|'));
  const [header, ...body] = rows.map((cells) => cells.map((cell) => cell.trim()));
  return titles.map((title) => {
    const cells = body.find(([first]) => first === title);
    if (cells === undefined) throw new Error(`docs/benchmark.md has no row ${title} below ${heading}`);
    return lineOf(header!, cells);
  });
}

/** @returns the charts by the names of their files */
function chartsOf(text: string): Map<string, string> {
  return new Map(
    Object.entries(charts).map(([name, { section, rows }]) => [
      `docs/assets/bench-${name}.svg`,
      toSvg({ lines: linesBelow(text, section, rows) }),
    ]),
  );
}

if (import.meta.url === pathToFileURL(process.argv[1]!).href) {
  const text = readFileSync(repositoryFile('docs/benchmark.md'), 'utf8');
  for (const [file, svg] of chartsOf(text)) writeFileSync(repositoryFile(file), svg);
}
