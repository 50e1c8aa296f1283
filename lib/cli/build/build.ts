import { readFileSync, rmSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { CommandError, parse, UsageError, type Command } from '../base/command.js';
import { interruptible } from './interruption.js';
import { abandonPlacing, isBuilt, place } from './place.js';
import { runLogged } from './run-logged.js';
import { addPackages, logOf, stage } from './stage.js';
import { impossible, installing, osRelease, systemsOf } from './system.js';
import { attempt } from './temporary.js';
import { candidates, ways, type Way } from './ways.js';

/** Memory that one compiler may need, in bytes. */
const COMPILER_MEMORY = 2 ** 30;

/** Lines of the log that are shown when the build fails. */
const LINES = 30;

const names = ways.map(({ name }) => name);

export const build: Command = {
  summary: 'compiles the addon from the sources in the package, where no binary fits',
  usage: `[--with ${names.join('|')}] [--jobs N] [--verbose]

Compiles the addon in a temporary folder, puts it into the package and has it loaded. Says before what is missing for it.

  --with NAME   by cmake-js, else by the node-gyp of npm, unless this chooses; cmake-js is used if it is installed
  --jobs N      compilers at once; default: as many as processors and memory allow
  --verbose     shows what the compiler says`,

  async run(args) {
    const options = { with: { type: 'string' }, jobs: { type: 'string' }, verbose: { type: 'boolean' } } as const;
    const { values } = parse(args, options);
    const jobs = jobsOf(values.jobs);
    if (values.with !== undefined && !names.some((name) => name === values.with)) {
      throw new UsageError(`--with must be ${names.join(' or ')}, got '${values.with}'`);
    }
    const reason = impossible(process.platform);
    if (reason !== undefined) throw new CommandError(reason);
    const way = wayFor(values.with);
    let folder: string | undefined;
    const remove = (): void => {
      if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
    };
    return interruptible(
      async () => {
        folder = stage();
        await compile(folder, way, jobs, values.verbose === true);
        try {
          console.log(`Built and loaded: ${await place(folder)}`);
          return 0;
        } finally {
          remove();
        }
      },
      () => {
        remove();
        attempt('What was there before cannot be put back', abandonPlacing);
      },
    );
  },
};

/** @throws {CommandError} when that fails; the folder stays then, for its log */
async function compile(folder: string, way: Way, jobs: number, verbose: boolean): Promise<void> {
  const log = logOf(folder);
  const script = await addPackages(folder, way, verbose);
  console.error(`Compiling with ${way.name}, ${jobs} files at once, in ${folder}: this takes some minutes …`);
  const done = await runLogged([script, ...way.args(jobs)], folder, log, verbose);
  if (done && isBuilt(folder)) return;
  const end = readFileSync(log, 'utf8').trimEnd().split('\n').slice(-LINES).join('\n');
  throw new CommandError(`${verbose ? '' : `${end}\n\n`}${way.name} has failed. All that it said is in ${log}`);
}

/** @throws {CommandError} that says what is missing for the first choice, if nothing has all that it needs */
function wayFor(name: string | undefined): Way {
  const choices = candidates(name).map((way) => ({ way, missing: way.needs.filter((need) => !need.isMet()) }));
  const { way, missing } = choices.find((choice) => choice.missing.length === 0) ?? choices[0]!;
  if (missing.length === 0) return way;
  const lines = missing.map(({ what }) => `  ${what}`);
  const commands = installing(missing, systemsOf(process.platform, osRelease()), process.getuid?.() === 0);
  throw new CommandError([`To build with ${way.name}, this is missing:`, ...lines, ...commands].join('\n'));
}

function jobsOf(text: string | undefined): number {
  if (text === undefined) {
    const memory = Math.min(totalmem(), process.constrainedMemory() || Infinity);
    return Math.max(1, Math.min(availableParallelism(), Math.floor(memory / COMPILER_MEMORY)));
  }
  const jobs = Number(text);
  if (Number.isInteger(jobs) && jobs >= 1 && text.trim() !== '') return jobs;
  throw new UsageError(`--jobs must be an integer of at least 1, got '${text}'`);
}
