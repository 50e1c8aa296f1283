import { CommandError, parse, UsageError, type Command } from '../base/command.js';
import { manifest } from '../base/package.js';
import { runJob } from '../child/run.js';
import { drivers, type DriverName, type Figures } from '../child/driver.js';
import { inspectMachine } from '../info/machine.js';
import { progressBar } from './progress.js';
import { asJson, chart, linesOf, table } from './report.js';

/** In all, in ms: a second less than what is promised, for what is before and after. */
const LONGEST = 19_000;
const MOST_ROUNDS = 5;

/** What each figure is measured for, in ms. */
const MILLIS = 170;

export const bench: Command = {
  summary: 'a short benchmark of this machine: pools of threads and of processes beside bare workers',
  usage: `[--rounds N] [--json]

Measures tasks, latency, a map, a transferred buffer and a sum, with threads and with processes, in at most 20 seconds.
Each figure is the median of up to ${MOST_ROUNDS} rounds; behind it stands half the distance of its extremes: the noise.

  --rounds N   how many at most; default ${MOST_ROUNDS}
  --json       print the figures as JSON, in seconds and amounts per second`,

  async run(args) {
    const { values } = parse(args, { json: { type: 'boolean' }, rounds: { type: 'string' } });
    const rounds = await measure(roundsOf(values.rounds ?? String(MOST_ROUNDS)));
    const lines = linesOf(rounds);
    const { processors, node, platform, arch } = inspectMachine();
    const count = rounds.yardstick.length;
    if (values.json === true) {
      const machine = { version: manifest.version, node, platform, arch, processors };
      console.log(JSON.stringify({ ...machine, ...asJson(lines, count) }, null, 2));
      return 0;
    }
    const noisy = lines.some(({ results }) => Object.values(results).some(({ spread }) => spread > 0.25));
    console.log(`allcores ${manifest.version}, Node ${node}, ${processors.usable} processors, rounds: ${count}\n`);
    console.log(table(lines).join('\n'));
    console.log(`\nTimes better than the yardstick:\n\n${chart(lines).join('\n')}`);
    if (noisy) console.log('\nThis machine is busy with other things: run it again when it is quiet.');
    return 0;
  },
};

/** Rounds through all drivers, so that slow drift meets all alike; as many as there is time for. */
async function measure(most: number): Promise<Record<DriverName, Figures[]>> {
  const figures: Record<DriverName, Figures[]> = { thread: [], process: [], yardstick: [] };
  const begin = performance.now();
  const spent = (): number => performance.now() - begin;
  const progress = progressBar(most * drivers.length);
  try {
    for (let round = 1; round <= most && spent() * (round / Math.max(1, round - 1)) < LONGEST; round++) {
      for (const driver of drivers) {
        figures[driver].push(await figuresOf(driver, LONGEST - spent()));
        progress.step();
      }
    }
  } finally {
    progress.end();
  }
  return figures;
}

async function figuresOf(driver: DriverName, timeout: number): Promise<Figures> {
  const outcome = await runJob('trial', { driver, millis: MILLIS }, Math.max(1, timeout));
  if ('value' in outcome) return outcome.value;
  const who = driver === 'yardstick' ? 'Bare workers' : `A pool of ${driver === 'thread' ? 'threads' : 'processes'}`;
  throw new CommandError(`${who} could not be measured: ${outcome.failure.message.trim()}\nTry: allcores doctor`);
}

function roundsOf(text: string): number {
  const rounds = Number(text);
  if (Number.isInteger(rounds) && rounds >= 1 && rounds <= MOST_ROUNDS) return rounds;
  throw new UsageError(`--rounds must be an integer from 1 to ${MOST_ROUNDS}, got '${text}'`);
}
