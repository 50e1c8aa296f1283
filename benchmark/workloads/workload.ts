import type { Goal } from '../report/goal.js';
import type { Driver, Mode, OpenPool, SharedObjects, Variant, VectorWork, WorkerKind } from '../drivers/driver.js';

/** Named figures of one trial, in the units of the workload's rows. */
export type Metrics = Record<string, number>;

export type Unit =
  'tasks/s' | 'messages/s' | 'ops/s' | 'ns' | 'µs' | 'ms' | 'GB/s' | 'ratio' | 'MB' | '% of a core' | '/s';

/** One line of the report: a metric of the workload, and what it has to reach. */
export interface Row {
  readonly metric: string;
  readonly title: string;
  readonly unit: Unit;
  readonly better: 'higher' | 'lower';
  /** The kinds of drivers that `allcores` is compared with here; absent: the peers alone. */
  readonly against?: readonly Driver['kind'][];
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
  /** Opens what the driver under test has of shared objects. */
  objects(): Promise<SharedObjects>;
  /** Opens what the driver under test has of work on vectors. */
  vectors(): Promise<VectorWork>;
}

export interface Workload {
  readonly id: string;
  readonly mode: Mode;
  /** What the workers are; absent: threads. */
  readonly workers?: WorkerKind;
  /** The names of the only drivers that take part; absent: all whose own list does not say otherwise. */
  readonly drivers?: readonly string[];
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
