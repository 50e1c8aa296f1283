import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../../..', import.meta.url));

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** Folder of the package whose command runs. */
  readonly from?: string;
  readonly cwd?: string;
  /** Besides the environment of the tests. */
  readonly env?: NodeJS.ProcessEnv;
}

/** Runs the command as a user would, to its end. */
export function allcores(args: readonly string[], { from = root, cwd, env }: RunOptions = {}): Promise<Outcome> {
  return run(process.execPath, [path.join(from, 'dist', 'cli', 'main.js'), ...args], { ...(cwd && { cwd }), env });
}

export function run(
  program: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv | undefined } = {},
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...options, env: { ...process.env, NO_COLOR: '1', ...options.env } });
    const output = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].setEncoding('utf8').on('data', (text: string) => (output[stream] += text));
    }
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, ...output }));
  });
}

/** Scratch folders of the tests of a file, with a space in their path; removed at the end. */
export function scratchFolder(): string {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'allcores cli-')));
  after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const DEPENDENCIES = ['acorn', 'cli-progress', 'node-addon-api'];

/** What the package leaves out of dist/: a thousand files, which a busy disk takes a minute to remove. */
const UNPUBLISHED = path.join(root, 'dist', 'lib');

/** A copy of the package as it is installed where no binary fits: with sources, if wanted, and without an addon. */
export function installedCopy(folder: string, sources: readonly string[] = []): string {
  mkdirSync(path.join(folder, 'node_modules'), { recursive: true });
  for (const file of ['package.json', 'dist', 'templates', ...sources]) {
    const filter = (source: string) => source !== UNPUBLISHED;
    cpSync(path.join(root, file), path.join(folder, file), { recursive: true, filter });
  }
  for (const name of DEPENDENCIES) {
    symlinkSync(path.join(root, 'node_modules', name), path.join(folder, 'node_modules', name));
  }
  return folder;
}

/** Puts something into a copy that is no addon. */
export function damage(copy: string): void {
  const release = path.join(copy, 'build', 'Release');
  mkdirSync(release, { recursive: true });
  writeFileSync(path.join(release, 'allcores.node'), 'no library');
}
