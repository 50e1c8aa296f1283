import type { Driver, WorkerKind } from '../drivers/driver.js';
import { advantage, type GoalView } from '../report/goal.js';
import { median } from '../statistics.js';
import type { Metrics, Row, Workload } from '../workloads/workload.js';
import { describe, type Entry } from './schedule.js';

/** A driver's result at a workload: its best variant, medians over the trials. */
export interface Cell {
  readonly driver: string;
  readonly kind: Driver['kind'];
  readonly workers: WorkerKind | undefined;
  readonly variant: string;
  readonly metrics: Metrics;
  /** Distance of the middle half of the trials, as a part of the median; by metric. */
  readonly spread: Metrics;
  readonly trials: number;
}

export interface Line {
  readonly workload: string;
  /** What the row is about: of our drivers the one whose workers are that. Undefined: threads. */
  readonly workers: WorkerKind | undefined;
  readonly row: Row;
  readonly cells: readonly Cell[];
  readonly best: { readonly driver: string; readonly value: number } | undefined;
  /** How many times better than the best peer. */
  readonly ratio: number | undefined;
  readonly goal: string | undefined;
  readonly met: boolean | undefined;
}

export interface Failure {
  readonly driver: string;
  readonly workload: string;
  readonly variant: string;
  readonly error: string;
}

function interquartile(values: number[]): number {
  const sorted = Float64Array.from(values).sort();
  const at = (q: number): number => sorted[Math.round(q * (sorted.length - 1))]!;
  return (at(0.75) - at(0.25)) / Math.abs(median(sorted));
}

function cellOf(entry: Entry): Cell | undefined {
  const measured = entry.trials.flatMap((trial) => (trial.metrics ? [trial.metrics] : []));
  if (measured.length === 0) return undefined;
  const metrics: Metrics = {};
  const spread: Metrics = {};
  for (const name of Object.keys(measured[0]!)) {
    const values = measured.map((each) => each[name]!);
    metrics[name] = median(values);
    spread[name] = interquartile(values);
  }
  const { driver, variant } = entry;
  return {
    driver: driver.name,
    kind: driver.kind,
    workers: driver.workers,
    variant: describe(variant),
    metrics,
    spread,
    trials: measured.length,
  };
}

/** Of each driver the variant that did best, by the workload's first row; dropped ones cannot win. */
function bestCells(entries: readonly Entry[], { metric, better }: Row): Cell[] {
  const best = new Map<Driver, Cell>();
  for (const entry of entries) {
    if (entry.dropped) continue;
    const cell = cellOf(entry);
    if (!cell) continue;
    const rival = best.get(entry.driver);
    if (!rival || advantage(better, cell.metrics[metric]!, rival.metrics[metric]!) > 1) best.set(entry.driver, cell);
  }
  return [...best.values()];
}

function lineOf({ id, workers }: Workload, row: Row, cells: readonly Cell[]): Line {
  const { metric, better } = row;
  const value = (cell: Cell | undefined): number | undefined => cell?.metrics[metric];
  let best: Line['best'];
  for (const cell of cells) {
    const figure = value(cell);
    if (row.difference || figure === undefined || !(row.against ?? ['peer']).includes(cell.kind)) continue;
    if (!best || (better === 'higher' ? figure > best.value : figure < best.value)) {
      best = { driver: cell.driver, value: figure };
    }
  }
  const ours = value(cells.find((cell) => cell.kind === 'ours' && cell.workers === workers));
  const view: GoalView = {
    better,
    ours: ours ?? NaN,
    best: best?.value,
    value: (name) => value(cells.find((cell) => cell.driver === name)),
  };
  return {
    workload: id,
    workers,
    row,
    cells,
    best,
    ratio: ours !== undefined && best && !row.difference ? advantage(better, ours, best.value) : undefined,
    goal: row.goal?.text,
    met: ours === undefined ? undefined : row.goal?.met(view),
  };
}

export function summarize(entries: readonly Entry[], workloads: readonly Workload[]): Line[] {
  return workloads.flatMap((workload) => {
    const cells = bestCells(
      entries.filter((entry) => entry.workload === workload),
      workload.rows[0],
    );
    return workload.rows.map((row) => lineOf(workload, row, cells));
  });
}

export function failuresOf(entries: readonly Entry[]): Failure[] {
  return entries.flatMap(({ driver, workload, variant, trials }) => {
    const error = trials.find((trial) => trial.error)?.error;
    return error ? [{ driver: driver.name, workload: workload.id, variant: describe(variant), error }] : [];
  });
}
