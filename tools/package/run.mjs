/** Programs that are run to their end. What they said is part of the error when they fail. */
import { execFile } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);
const ATTEMPTS = 3;

/**
 * Runs a program with nothing to read.
 * @returns what it wrote to stdout
 */
export async function run(program, args, { cwd, env = process.env, timeout = 180_000 } = {}) {
  const running = execute(program, args, { cwd, env, timeout, killSignal: 'SIGKILL', maxBuffer: 1 << 26 });
  running.child.stdin?.end();
  try {
    return (await running).stdout;
  } catch (error) {
    const how = error.killed ? `was not over after ${timeout / 1000} s` : `failed (${error.signal ?? error.code})`;
    const said = [error.stdout, error.stderr].map((text) => text?.trimEnd()).filter(Boolean);
    throw new Error([`${[program, ...args].join(' ')} ${how}`, ...said].join('\n'), { cause: error });
  }
}

export const node = (args, options) => run(process.execPath, args, options);

/** Is there a program of this name? */
export const program = (name) =>
  (process.env.PATH ?? '')
    .split(path.delimiter)
    .map((folder) => path.join(folder, name))
    .find((file) => existsSync(file));

/** npm's own script, so that it can be run where the search path has no npm. */
function npmScript() {
  const found = program('npm');
  if (found === undefined) throw new Error('there is no npm on the search path');
  return realpathSync(found);
}

export const npm = (args, options) => node([npmScript(), ...args], options);

/** What the registry is asked for; mirrors fail now and then, so it is tried again. */
export async function retried(body) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await body();
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
      console.error(`attempt ${attempt} failed: ${error.message.split('\n')[0]}`);
      await new Promise((resolve) => setTimeout(resolve, attempt * 3000));
    }
  }
}

const QUIETLY = ['--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund', '--no-save', '--no-package-lock'];

/** Installs packages into a folder that has a package.json. No script runs. */
export const npmInstall = (folder, packages, options) =>
  retried(() => npm(['install', ...QUIETLY, ...packages], { ...options, cwd: folder }));
