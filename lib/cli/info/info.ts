import { parse, type Command } from '../base/command.js';
import { manifest } from '../base/package.js';
import { runJob } from '../child/run.js';
import { inspectMachine } from './machine.js';
import { asText, infoOf } from './report.js';

/** Longest that the library may take to tell about itself, in ms. */
const TIMEOUT = 20_000;

export const info: Command = {
  summary: 'what to paste into a bug report: versions, the binary, processors, memory, limits',
  usage: `[--json]

Prints versions, the binary that is loaded or why there is none, processors, memory and limits.

  --json   print it as JSON`,

  async run(args) {
    const { values } = parse(args, { json: { type: 'boolean' } });
    const report = infoOf(manifest.version, inspectMachine(), await runJob('probe', undefined, TIMEOUT));
    console.log(values.json === true ? JSON.stringify(report, null, 2) : asText(report).join('\n'));
    return 0;
  },
};
