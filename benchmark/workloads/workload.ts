import type { Goal } from '../report/goal.js';
import type { Driver, Mode, OpenPool, Variant } from '../drivers/driver.js';

/** Named figures of one trial, in the units of the workload's rows. */
export type Metrics = Record<string, number>;

export type Unit = 'tasks/s' | 'µs' | 'ms' | 'GB/s' | 'ratio' | 'MB' | '% of a core' | '/s';

/** One line of the report: a metric of the workload, and what it has to reach. */
export interface Row {
  readonly metric: string;
  readonly title: string;
  readonly unit: Unit;
  readonly better: 'higher' | 'lower';
  /** The pool written by hand counts among the peers here. */
  readonly byHand?: true;
  /** A difference, perhaps near zero or below it: ratios of it say nothing. */
  readonly difference?: true;
  readonly goal?: Goal;
}

export interface Context {
  readonly variant: Variant;
  /** Whether the trial should take a fraction of a second; figures are rougher then, not different. */
  readonly quick: boolean;
  /** Opens the driver under test, with some settings changed where the workload is about them. */
  open(changes?: Partial<Variant>): Promise<OpenPool>;
}

export interface Workload {
  readonly id: string;
  readonly mode: Mode;
  /** The first row decides which variant of a driver is the best. */
  readonly rows: readonly [Row, ...Row[]];
  /** Adds the workload's own dimension, such as the number of chunks, to the driver's variants. */
  vary?(variants: Variant[], driver: Driver): Variant[];
  run(context: Context): Promise<Metrics>;
}

/** Throws unless a result is what the task must give: a fast wrong answer is no measurement. */
export function expectResult(actual: unknown, expected: unknown): void {
  if (!Object.is(actual, expected)) throw new Error(`wrong result: ${String(actual)} instead of ${String(expected)}`);
}
