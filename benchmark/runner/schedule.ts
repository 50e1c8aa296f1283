import type { Driver, Variant } from '../drivers/driver.js';
import { driverId } from '../drivers/index.js';
import { advantage } from '../report/goal.js';
import type { Workload } from '../workloads/workload.js';
import { quietCores, waitForQuiet } from './noise.js';
import { measure, type Measurement } from './spawn.js';

/** One driver with one of its variants at one workload, and the trials so far. */
export interface Entry {
  readonly driver: Driver;
  readonly workload: Workload;
  readonly variant: Variant;
  readonly trials: Measurement[];
  /** Another variant was clearly better in the first round: no more trials. */
  dropped: boolean;
}

export interface Noise {
  /** Trials during which others used more than the quiet limit, after the repeats. */
  disturbed: number;
  repeated: number;
  waitedMs: number;
  repeatedMs: number;
  /** Trials that a quick run left out at its time limit. */
  skipped: number;
  /** Cores used by others, a figure for each trial that counts. */
  readonly samples: number[];
}

export interface Plan {
  readonly entries: Entry[];
  readonly trials: number;
  readonly quick: boolean;
  log(line: string): void;
}

function takesPart(driver: Driver, workload: Workload): boolean {
  if (workload.drivers !== undefined) return workload.drivers.includes(driver.name);
  return driver.workers === workload.workers && (driver.workloads?.includes(workload.id) ?? true);
}

/** Every driver that takes part in the workload, with all variants; with `quick` each driver's first alone. */
export function entriesOf(drivers: readonly Driver[], workloads: readonly Workload[], quick: boolean): Entry[] {
  return workloads.flatMap((workload) =>
    drivers
      .filter((driver) => takesPart(driver, workload))
      .flatMap((driver) => {
        const plain = driver.variants(workload.mode);
        const variants = workload.vary?.(plain, driver) ?? plain;
        return (quick ? variants.slice(0, 1) : variants).map((variant) => ({
          driver,
          workload,
          variant,
          trials: [],
          dropped: false,
        }));
      }),
  );
}

const isDisturbed = ({ noise }: Measurement): boolean => noise !== undefined && noise > quietCores * 1.5;

async function quietest(entry: Entry, plan: Plan, noise: Noise, waitBudget: () => number): Promise<Measurement> {
  const job = {
    driver: driverId(entry.driver),
    workload: entry.workload.id,
    variant: entry.variant,
    quick: plan.quick,
  };
  let best: Measurement | undefined;
  // A machine that is never quiet must not make the run three times as long.
  const repeats = plan.quick || noise.repeatedMs > 300_000 ? 0 : 2;
  for (let repeat = 0; repeat <= repeats; repeat++) {
    noise.waitedMs += await waitForQuiet(plan.quick ? 50 : 250, waitBudget());
    const trial = await measure(entry.driver, job, plan.quick ? 10_000 : 45_000);
    if (repeat > 0) {
      noise.repeated++;
      noise.repeatedMs += trial.seconds * 1000;
    }
    if (!best || (trial.metrics && (trial.noise ?? 0) < (best.noise ?? 0))) best = trial;
    if (trial.error || !isDisturbed(trial)) break;
  }
  if (isDisturbed(best!)) noise.disturbed++;
  if (best!.noise !== undefined) noise.samples.push(best!.noise);
  return best!;
}

/** After the first round only variants that came within a fifth of their driver's best go on. */
function dropClearlyWorse(entries: readonly Entry[]): void {
  for (const entry of entries) {
    const { metric, better } = entry.workload.rows[0];
    const figure = (other: Entry): number => other.trials[0]?.metrics?.[metric] ?? NaN;
    const rivals = entries.filter((other) => other.driver === entry.driver && other.workload === entry.workload);
    entry.dropped =
      entry.trials[0]?.metrics === undefined ||
      rivals.some((rival) => advantage(better, figure(rival), figure(entry)) > 1.2);
  }
}

/** Round after round through every workload and, within it, every driver, so that slow noise meets all alike. */
export async function runTrials(plan: Plan): Promise<Noise> {
  const noise: Noise = { disturbed: 0, repeated: 0, waitedMs: 0, repeatedMs: 0, skipped: 0, samples: [] };
  // Waiting is bounded for a trial and for the run, or a busy machine would never see the end.
  const total = plan.quick ? 5_000 : 300_000;
  const waitBudget = (): number => Math.min(plan.quick ? 500 : 5_000, Math.max(0, total - noise.waitedMs));
  const start = performance.now();
  for (let round = 1; round <= plan.trials; round++) {
    const live = plan.entries.filter((entry) => !entry.dropped);
    for (const [i, entry] of live.entries()) {
      if (plan.quick && performance.now() - start > 200_000 * plan.trials) {
        noise.skipped++;
        continue;
      }
      const trial = await quietest(entry, plan, noise, waitBudget);
      entry.trials.push(trial);
      const { metric, unit } = entry.workload.rows[0];
      const result = trial.error
        ? `failed: ${trial.error.split('\n')[0]}`
        : `${Number((trial.metrics?.[metric] ?? NaN).toPrecision(4))} ${unit}`;
      const place = `round ${round}/${plan.trials}, ${i + 1}/${live.length}`;
      plan.log(
        `${place} (${trial.seconds.toFixed(1)} s, noise ${trial.noise?.toFixed(2)}): ${entry.workload.id} ${entry.driver.name} ${describe(entry.variant)}: ${result}`,
      );
    }
    if (round === 1) dropClearlyWorse(plan.entries);
  }
  return noise;
}

/** A variant in words: "2 workers, atomics disabled". */
export function describe(variant: Variant): string {
  const { workers, ...settings } = variant;
  const parts = Object.entries(settings).map(([name, value]) => `${name} ${value}`);
  return [`${workers} worker${workers === 1 ? '' : 's'}`, ...parts].join(', ');
}
