/** One trial in a process of its own. Argument: a `Job` as JSON; last line of output: `Outcome` as JSON. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Variant } from './drivers/driver.js';
import { driverId, drivers } from './drivers/index.js';
import { workloads } from './workloads/index.js';
import { expectResult, type Metrics, type Workload } from './workloads/workload.js';

export interface Job {
  readonly driver: string;
  readonly workload: string;
  readonly variant: Variant;
  readonly quick: boolean;
}

export interface Outcome {
  readonly metrics?: Metrics;
  readonly error?: string;
}

/** Not a measurement: tells whether the driver's library loads and computes at all. */
const probe: Pick<Workload, 'id' | 'run'> = {
  id: 'probe',
  async run({ open }) {
    const pool = await open();
    expectResult(await pool.caller('increment')(1), 2);
    return {};
  },
};

async function run(job: Job): Promise<Metrics> {
  const driver = drivers.find((each) => driverId(each) === job.driver);
  const workload = [...workloads, probe].find((each) => each.id === job.workload);
  if (!driver || !('open' in driver) || !workload) throw new Error(`no such trial: ${job.driver} ${job.workload}`);
  const { variant, quick } = job;
  return workload.run({
    variant,
    quick,
    objects() {
      if (!driver.objects) throw new Error(`${driver.name} has no shared objects`);
      return driver.objects(variant);
    },
    vectors() {
      if (!driver.vectors) throw new Error(`${driver.name} does not work on vectors`);
      return driver.vectors();
    },
    async open(changes) {
      const pool = await driver.open({ ...variant, ...changes } as Variant);
      if (driver.kind === 'ours') return pool;
      // Some peers' pools do not always come to an end; their figures are known by then.
      return { ...pool, close: () => Promise.race([pool.close(), sleep(1000)]) };
    },
  });
}

let outcome: Outcome;
try {
  outcome = { metrics: await run(JSON.parse(process.argv[2] ?? '{}') as Job) };
} catch (error) {
  outcome = { error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}
process.stdout.write(`\n${JSON.stringify(outcome)}\n`, () => process.exit(outcome.error ? 1 : 0));
