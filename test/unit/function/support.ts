import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { AnyFunction, FunctionDescriptor } from '#lib/transport/function/protocol.js';

export interface Outcome {
  value?: unknown;
  error?: string;
}

export interface Answer extends Outcome {
  sync: boolean;
  kind: FunctionDescriptor['kind'];
  at?: string;
  /** The function could not be loaded. */
  failed?: string;
  stack?: string;
}

export interface Crossing {
  call(fn: AnyFunction, args?: unknown[], how?: How): Promise<Answer>;
  send(descriptor: FunctionDescriptor, args?: unknown[], how?: How): Promise<Answer>;
  close(): Promise<void>;
}

export type How = 'call' | 'new';
export type Shape = [name: string, fn: AnyFunction, args: unknown[], how?: How];

/** The folder of fixtures, which is not compiled. */
export const fixtures = new URL('../../../../test/unit/function/fixtures/', import.meta.url);
/** A folder for what tests write, inside of the package so that its own names resolve. */
export const scratch = new URL('../../../function-scratch/', import.meta.url);

export const fixture = (name: string): string => fileURLToPath(new URL(name, fixtures));
export const load = async <T>(name: string): Promise<T> => (await import(new URL(name, fixtures).href)) as T;

export async function openCrossing(): Promise<Crossing> {
  const { Crossing } = await load<{ Crossing: new () => Crossing }>('harness.mjs');
  return new Crossing();
}

export async function settle(fn: AnyFunction, args: unknown[], how?: How): Promise<Outcome> {
  const module = await load<{ settle: (fn: AnyFunction, args: unknown[], how?: How) => Promise<Outcome> }>(
    'settle.mjs',
  );
  return module.settle(fn, args, how);
}

export interface Row extends Answer {
  local: Outcome;
  refused?: string;
}

const run = promisify(execFile);

/** Runs a program that reports what its functions did: see `report` of the harness. */
export async function runProgram(
  args: string[],
  env: NodeJS.ProcessEnv = {},
  node = process.execPath,
): Promise<Record<string, Row>> {
  const { stdout } = await run(node, args, { env: { ...process.env, ...env }, cwd: fileURLToPath(fixtures) });
  const lines = stdout.trim().split('\n');
  return JSON.parse(lines.at(-1) ?? '') as Record<string, Row>;
}
