import { parseArgs } from 'node:util';
import { driverId, drivers } from '../drivers/index.js';
import { repositoryFile } from '../paths.js';
import { workloads } from '../workloads/index.js';

export interface Options {
  readonly quick: boolean;
  readonly trials: number;
  readonly workloads: readonly string[];
  readonly drivers: readonly string[];
  readonly out: string;
}

const workloadIds = workloads.map((workload) => workload.id);
const driverIds = drivers.map(driverId);

/** The names as indented lines of at most 100 characters. */
function wrapped(names: readonly string[]): string {
  return names
    .join(', ')
    .replace(/(.{1,96})(?:, |$)/g, '  $1\n')
    .trimEnd();
}

export const help = `Usage: npm run bench -- [flags]

  --quick            the whole table in about three minutes: short trials, one each, the first settings only
  --only a,b         these workloads alone
  --drivers a,b      these drivers alone
  --trials N         trials of every driver at every workload; their median counts (default 5, with --quick 1)
  --out DIR          where results.md, results.json and chart.svg go (default out/bench)
  --help             this text

Workloads:
${wrapped(workloadIds)}
Drivers:
${wrapped(driverIds)}
`;

/** A flag that cannot be obeyed; its message is for the user. */
export class OptionError extends Error {}

function chosen(flag: string, list: string | undefined, known: readonly string[]): readonly string[] {
  if (list === undefined) return known;
  const names = list.split(',').map((name) => name.trim());
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new OptionError(
      `${flag}: unknown name ${unknown.map((name) => `'${name}'`).join(', ')}; known: ${known.join(', ')}`,
    );
  }
  return known.filter((name) => names.includes(name));
}

/** Undefined when help was asked for; throws `OptionError`. */
export function parseOptions(args: string[]): Options | undefined {
  const flags = {
    quick: { type: 'boolean' },
    only: { type: 'string' },
    drivers: { type: 'string' },
    trials: { type: 'string' },
    out: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  } as const;
  let values;
  try {
    ({ values } = parseArgs({ args, options: flags, allowPositionals: false }));
  } catch (error) {
    throw new OptionError((error as Error).message);
  }
  if (values.help) return undefined;
  const quick = values.quick ?? false;
  const trials = Number(values.trials ?? (quick ? 1 : 5));
  if (!Number.isInteger(trials) || trials < 1) {
    throw new OptionError(`--trials: expected a whole number of at least 1, got '${values.trials}'`);
  }
  return {
    quick,
    trials,
    workloads: chosen('--only', values.only, workloadIds),
    drivers: chosen('--drivers', values.drivers, driverIds),
    out: values.out ?? repositoryFile('out/bench'),
  };
}
