import { processName } from '../drivers/driver.js';
import { allOf, atMost, overBaseline, timesDriver, type Goal } from '../report/goal.js';
import { latency, latencyAfterIdle } from './latency.js';
import { noopInFlight } from './noop-in-flight.js';
import { sharedArgument } from './shared-argument.js';
import { start } from './start.js';
import type { Row, Workload } from './workload.js';

const pools = ['allcores process', 'tinypool process', 'workerpool process', 'Python executor'];

/** The same workload with workers that are processes, by these drivers, and goals of its own for some of its metrics. */
function withProcesses(
  workload: Workload,
  drivers: readonly string[],
  goals: Readonly<Record<string, Goal>>,
): Workload {
  const change = (row: Row): Row => {
    const changed: { -readonly [Key in keyof Row]: Row[Key] } = { ...row };
    delete changed.goal;
    const goal = goals[row.metric];
    return goal === undefined ? changed : { ...changed, goal };
  };
  const [first, ...others] = workload.rows;
  return {
    ...workload,
    id: processName(workload.id),
    workers: 'processes',
    drivers,
    rows: [change(first), ...others.map(change)],
  };
}

/** Nobody else's processes take an argument without a copy, so that row is ours alone. */
export const processWorkloads: readonly Workload[] = [
  withProcesses(noopInFlight, [...pools, 'allcores'], {
    rate: allOf(
      timesDriver('allcores', 0.5),
      timesDriver('tinypool process', 10),
      timesDriver('workerpool process', 10),
      timesDriver('Python executor', 20),
    ),
  }),
  withProcesses(latency, [...pools, 'allcores', 'bare fork', 'futex'], { p50: atMost(8, 'µs') }),
  withProcesses(latencyAfterIdle, [...pools, 'allcores', 'bare fork', 'futex'], {
    p50: overBaseline('futex', { factor: 1.5, plus: 25 }),
  }),
  withProcesses(sharedArgument, ['allcores process', 'allcores'], { difference: atMost(20, 'µs') }),
  withProcesses(start, [...pools, 'allcores', 'bare fork'], { total: overBaseline('bare fork', { plus: 5 }) }),
];
