import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the examples, seen from the compiled tests in out/test/integration/examples/. */
const examples = fileURLToPath(new URL('../../../../examples', import.meta.url));

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts an example in a Node of its own. */
export function start(file: string, ...args: string[]): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [path.join(examples, file), ...args], { timeout: 60_000 });
}

/** What a child that was started prints from now on, and how it ends. */
export function outcomeOf(child: ChildProcessWithoutNullStreams): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const output = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].setEncoding('utf8').on('data', (text: string) => (output[stream] += text));
    }
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, ...output }));
  });
}

/** Runs an example in a Node of its own, to its end. */
export function run(file: string, ...args: string[]): Promise<Outcome> {
  return outcomeOf(start(file, ...args));
}

/** A folder for the tests of a suite: made before the first, removed after the last. Gives the path of a file in it. */
export function temporaryFolder(): (...names: string[]) => string {
  let folder = '';
  before(() => {
    folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'allcores-example-')));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));
  return (...names) => path.join(folder, ...names);
}
