import { parse, UsageError, type Command } from '../base/command.js';
import { manifest } from '../base/package.js';
import { runJob } from '../child/run.js';
import { drivers } from '../child/driver.js';
import { inspectMachine } from '../info/machine.js';
import { measure, type Trial } from './measure.js';
import { progressBar } from './progress.js';
import { asJson, chart, linesOf, table } from './report.js';

const MOST_ROUNDS = 5;

/** What each figure is measured for, in ms. */
const MILLIS = 170;

const trial: Trial = (driver, timeout) => runJob('trial', { driver, millis: MILLIS }, timeout);

export const bench: Command = {
  summary: 'a short benchmark of this machine: pools of threads and of processes beside bare workers',
  usage: `[--rounds N] [--json]

Measures tasks, latency, a map, a transferred buffer and a sum, with threads and, where there are such, with processes, in
at most 20 seconds.
Each figure is the median of up to ${MOST_ROUNDS} rounds; behind it stands half the distance of its extremes: the noise.

  --rounds N   how many at most; default ${MOST_ROUNDS}
  --json       print the figures as JSON, in seconds and amounts per second`,

  async run(args) {
    const { values } = parse(args, { json: { type: 'boolean' }, rounds: { type: 'string' } });
    const most = roundsOf(values.rounds ?? String(MOST_ROUNDS));
    const progress = progressBar(most * drivers.length);
    const rounds = await measure(most, trial, progress).finally(() => progress.end());
    const lines = linesOf(rounds);
    const { processors, node, platform, arch } = inspectMachine();
    const count = rounds.length;
    if (values.json === true) {
      const machine = { version: manifest.version, node, platform, arch, processors };
      console.log(JSON.stringify({ ...machine, ...asJson(lines, count) }, null, 2));
      return 0;
    }
    const noisy = lines.some(({ results }) => [...results.values()].some(({ spread }) => spread > 0.25));
    console.log(`allcores ${manifest.version}, Node ${node}, ${processors.usable} processors, rounds: ${count}\n`);
    console.log(table(lines).join('\n'));
    console.log(`\nTimes better than the yardstick:\n\n${chart(lines).join('\n')}`);
    if (!rounds[0]!.has('process')) console.log('\nWorkers that are processes are not available here.');
    if (noisy) console.log('\nThis machine is busy with other things: run it again when it is quiet.');
    return 0;
  },
};

function roundsOf(text: string): number {
  const rounds = Number(text);
  if (Number.isInteger(rounds) && rounds >= 1 && rounds <= MOST_ROUNDS) return rounds;
  throw new UsageError(`--rounds must be an integer from 1 to ${MOST_ROUNDS}, got '${text}'`);
}
