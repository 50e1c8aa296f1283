import { spawn, type ChildProcess } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { CommandError } from '../base/command.js';

const running = new Set<ChildProcess>();

/** No result comes from then on. */
let stopped = false;

/**
 * Runs a script with Node; what it prints goes to a file, and to the terminal if `verbose`.
 *
 * @returns did it succeed?
 * @throws {CommandError} when the file cannot be written, as on a full disk
 */
export function runLogged(args: readonly string[], folder: string, log: string, verbose: boolean): Promise<boolean> {
  return new Promise((resolve, reject) => {
    let failure: CommandError | undefined;
    const write = (text: Buffer | string): void => {
      try {
        appendFileSync(log, text);
      } catch (error) {
        failure ??= new CommandError(`${log} cannot be written: ${(error as Error).message}`);
      }
    };
    const settle = (succeeded: boolean): void => {
      if (failure === undefined) resolve(succeeded);
      else reject(failure);
    };
    // A group of its own where there are such, so that compilers end with the script that has started them.
    const detached = process.platform !== 'win32';
    const stdio = ['ignore', 'pipe', 'pipe'] as const;
    const child = spawn(process.execPath, args, { cwd: folder, stdio: [...stdio], detached, windowsHide: true });
    running.add(child);
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (text: Buffer) => {
        if (stopped) return;
        write(text);
        if (verbose) process.stderr.write(text);
      });
    }
    child.on('error', (error) => {
      running.delete(child);
      write(`${error.message}\n`);
      settle(false);
    });
    child.on('close', (code) => {
      running.delete(child);
      if (!stopped) settle(code === 0);
    });
  });
}

/** Kills whatever {@link runLogged} has started. @returns once nothing of it holds its output any more */
export async function stopLogged(): Promise<void> {
  stopped = true;
  const ends = [...running].map(
    (child) =>
      new Promise((resolve) => {
        child.on('close', resolve);
        if (process.platform === 'win32' || child.pid === undefined) child.kill('SIGKILL');
        else process.kill(-child.pid, 'SIGKILL');
      }),
  );
  await Promise.all(ends);
}
