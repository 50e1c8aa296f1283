import { spawn } from 'node:child_process';
import { appendFileSync } from 'node:fs';

/** Runs a script with Node; what it prints goes to a file, and to the terminal if `verbose`. @returns did it succeed? */
export function runLogged(args: readonly string[], folder: string, log: string, verbose: boolean): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true });
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (text: Buffer) => {
        appendFileSync(log, text);
        if (verbose) process.stderr.write(text);
      });
    }
    child.on('error', (error) => {
      appendFileSync(log, `${error.message}\n`);
      resolve(false);
    });
    child.on('close', (code) => resolve(code === 0));
  });
}
