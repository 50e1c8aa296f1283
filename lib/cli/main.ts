#!/usr/bin/env node
import { CommandError, UsageError, type Command } from './base/command.js';
import { manifest } from './base/package.js';
import { columns } from './base/text.js';
import { bench } from './bench/bench.js';
import { build } from './build/build.js';
import { doctor } from './doctor/doctor.js';
import { info } from './info/info.js';
import { newKernel } from './new-kernel/new-kernel.js';

const commands = new Map<string, Command>(Object.entries({ info, doctor, build, bench, 'new-kernel': newKernel }));

function overview(): string {
  const list = [...commands].map(([name, { summary }]) => [`  ${name}`, summary]);
  return `Usage: allcores COMMAND [options]

${columns(list).join('\n')}

  allcores COMMAND --help   tells its options
  allcores --version        prints the version`;
}

const helpOf = (name: string, { usage }: Command): string => `Usage: allcores ${name} ${usage}`;

async function main([name = 'help', ...args]: readonly string[]): Promise<number> {
  const wantsHelp = ['help', '--help', '-h'].includes(name);
  if (wantsHelp && args.length === 0) console.log(overview());
  else if (['--version', '-v'].includes(name)) console.log(manifest.version);
  else {
    const asked = wantsHelp ? (args[0] ?? '') : name;
    const command = commands.get(asked);
    if (command === undefined) {
      throw new UsageError(`Unknown command '${asked}'. There are: ${[...commands.keys()].join(', ')}`);
    }
    if (!wantsHelp && !args.includes('--help') && !args.includes('-h')) return command.run(args);
    console.log(helpOf(asked, command));
  }
  return 0;
}

// Whoever reads what is printed may have had enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

const args = process.argv.slice(2);
try {
  process.exitCode = await main(args);
} catch (error) {
  if (error instanceof UsageError) {
    const more = commands.has(args[0] ?? '') ? `allcores ${args[0]} --help` : 'allcores help';
    console.error(`${error.message}\nTry: ${more}`);
    process.exitCode = 2;
  } else if (error instanceof CommandError) {
    console.error(error.message);
    process.exitCode = 1;
  } else throw error;
}
