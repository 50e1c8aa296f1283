import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CommandError, parse, UsageError, type Command } from '../base/command.js';
import { packageFolder } from '../base/package.js';

const TEMPLATE = join(packageFolder, 'templates', 'kernel');

/** Stands for the kernel's name in the files of the template, and in their names. */
const PLACEHOLDER = 'KERNEL_NAME';

export const newKernel: Command = {
  summary: 'writes a folder with a kernel in C, to build and run as it is and to go on from',
  usage: `NAME [--folder DIR]

Writes DIR/NAME: a kernel in C, its CMakeLists.txt, a program that runs it, and a README with the commands for that.

  NAME           letters, digits, - and _, beginning with a letter
  --folder DIR   default: the current folder`,

  run(args) {
    const { values, positionals } = parse(args, { folder: { type: 'string' } }, 1);
    const [name] = positionals;
    if (name === undefined) throw new UsageError('A name is missing');
    if (!/^[a-z][\w-]{0,63}$/i.test(name)) {
      throw new UsageError(`NAME must be up to 64 letters, digits, - and _, beginning with a letter, got '${name}'`);
    }
    const folder = join(values.folder ?? '', name);
    if (existsSync(folder)) throw new CommandError(`${folder} is there already: nothing was written`);
    try {
      write(name, folder);
    } catch (error) {
      if (!(error instanceof Error) || !('code' in error)) throw error;
      throw new CommandError(`${folder} cannot be written: ${error.message}`);
    }
    console.log(`${folder} is written. Its README.md has the commands that build and run it.`);
    return Promise.resolve(0);
  },
};

function write(name: string, folder: string): void {
  mkdirSync(dirname(folder), { recursive: true });
  mkdirSync(folder);
  for (const file of readdirSync(TEMPLATE)) {
    const text = readFileSync(join(TEMPLATE, file), 'utf8').replaceAll(PLACEHOLDER, name);
    writeFileSync(join(folder, file.replace(PLACEHOLDER, name)), text, { flag: 'wx' });
  }
}
