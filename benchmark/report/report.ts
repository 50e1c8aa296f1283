import { availableParallelism, cpus, release, totalmem } from 'node:os';
import type { Driver } from '../drivers/driver.js';
import type { Options } from '../runner/options.js';
import type { Noise } from '../runner/schedule.js';
import type { Failure, Line } from '../runner/summary.js';
import { median, quantile } from '../statistics.js';

/** Everything that the run found out; results.json is this object. */
export interface Report {
  readonly date: string;
  readonly machine: { readonly cpu: string; readonly cores: number; readonly memoryGB: number; readonly os: string };
  readonly node: string;
  readonly quick: boolean;
  readonly trials: number;
  readonly seconds: number;
  readonly noise: {
    /** Cores used by other programs during the trials; absent where the system does not tell. */
    readonly medianCores?: number;
    readonly worstCores?: number;
    readonly disturbed: number;
    readonly repeated: number;
    readonly skipped: number;
    readonly waitedSeconds: number;
  };
  readonly drivers: readonly { readonly name: string; readonly kind: Driver['kind']; readonly settings: string }[];
  readonly unavailable: readonly { readonly name: string; readonly reason: string }[];
  readonly lines: readonly Line[];
  readonly failures: readonly Failure[];
}

interface Parts {
  readonly options: Options;
  readonly seconds: number;
  readonly noise: Noise;
  readonly drivers: readonly Driver[];
  readonly unavailable: Report['unavailable'];
  readonly lines: readonly Line[];
  readonly failures: readonly Failure[];
}

export function makeReport({ options, seconds, noise, drivers, unavailable, lines, failures }: Parts): Report {
  return {
    date: new Date().toISOString(),
    machine: {
      cpu: cpus()[0]?.model.trim() ?? 'unknown',
      cores: availableParallelism(),
      memoryGB: Math.round(totalmem() / 2 ** 30),
      os: `${process.platform} ${release()} ${process.arch}`,
    },
    node: process.version,
    quick: options.quick,
    trials: options.trials,
    seconds,
    noise: {
      ...(noise.samples.length > 0 && {
        medianCores: median(noise.samples),
        worstCores: quantile(noise.samples, 1),
      }),
      disturbed: noise.disturbed,
      repeated: noise.repeated,
      skipped: noise.skipped,
      waitedSeconds: noise.waitedMs / 1000,
    },
    drivers: drivers.map(({ name, kind, settings }) => ({ name, kind, settings })),
    unavailable,
    lines,
    failures,
  };
}
