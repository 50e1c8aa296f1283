import { parse, UsageError, type Command } from '../base/command.js';
import { styled } from '../base/text.js';
import { inspectMachine } from '../info/machine.js';
import { checks } from './checks.js';
import { examine, withoutAddon, type Examined, type Status } from './examine.js';

/** Seconds that a check may take; most take a quarter of one. */
const TIMEOUT = 30;

/** As many seconds as a timer can run for. */
const LONGEST = 2_000_000;

const COLORS = { ok: 'green', failed: 'red', 'not available here': 'yellow' } as const satisfies Record<Status, string>;
const STATUS_WIDTH = Math.max(...Object.keys(COLORS).map((status) => status.length));
const TITLE_WIDTH = Math.max(...checks.map(({ title }) => title.length));

export const doctor: Command = {
  summary: 'tries everything that the library needs of this machine, and says what to do about what fails',
  usage: `[--timeout SECONDS] [--json]

Tries one capability after the other, each in a process of its own. Exit code 1 when one fails.

  --timeout SECONDS   of each check; default ${TIMEOUT}, at most ${LONGEST}
  --json              print what was found as JSON`,

  async run(args) {
    const { values } = parse(args, { json: { type: 'boolean' }, timeout: { type: 'string' } });
    const timeout = secondsOf(values.timeout ?? String(TIMEOUT)) * 1000;
    const machine = inspectMachine();
    const results: Examined[] = [];
    for (const { name, title } of checks) {
      const [addon] = results;
      const needless = addon?.status === 'failed' && addon.started !== false;
      const result = needless ? withoutAddon(name) : await examine(name, timeout, machine);
      const known = results.some(({ advice }) => advice === result.advice);
      results.push(result);
      if (values.json !== true) for (const line of linesOf(title, result, known)) console.log(line);
    }
    const failed = results.filter(({ status }) => status === 'failed').length;
    if (values.json === true) console.log(JSON.stringify({ checks: results, failed }, null, 2));
    else console.log(`\n${failed === 0 ? 'Nothing fails here.' : `${failed} of ${checks.length} checks failed.`}`);
    return failed === 0 ? 0 : 1;
  },
};

/**
 * One line, and two more for what fails.
 *
 * @param known the advice was given above
 */
function linesOf(title: string, { status, millis, reason, advice }: Examined, known: boolean): string[] {
  const duration = status === 'not available here' ? (reason ?? '') : `${millis.toFixed(0)} ms`;
  const line = `${title.padEnd(TITLE_WIDTH)}  ${styled(COLORS[status], status.padEnd(STATUS_WIDTH))}  ${duration}`;
  if (status !== 'failed') return [line];
  return [line, `  why: ${(reason ?? '').replaceAll(/\n\s*/g, '\n       ')}`, `  do:  ${known ? 'as above' : advice}`];
}

function secondsOf(text: string): number {
  const seconds = Number(text);
  if (text.trim() !== '' && seconds > 0 && seconds <= LONGEST) return seconds;
  throw new UsageError(`--timeout must be a number of seconds greater than 0 and at most ${LONGEST}, got '${text}'`);
}
