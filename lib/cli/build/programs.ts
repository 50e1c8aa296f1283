import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** A program of the search path. */
export function programNamed(name: string): string | undefined {
  const endings = process.platform === 'win32' ? (process.env['PATHEXT'] ?? '.EXE').split(';') : [''];
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter(Boolean);
  return folders.flatMap((folder) => endings.map((ending) => join(folder, name + ending))).find(isProgram);
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Output of a program that succeeds. */
export function outputOf(program: string, args: readonly string[], input = ''): string | undefined {
  const { status, stdout } = spawnSync(program, args, { input, encoding: 'utf8', timeout: 60_000, windowsHide: true });
  return status === 0 ? stdout : undefined;
}
