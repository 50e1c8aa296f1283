import { namesOf, requireKnown } from '../base/options.js';
import { optionalFunction, optionalObject, requireArray, shown } from '../base/validate.js';
import type { HostOptions, ResourceLimits, Stdio, StdioOf } from '../runtime/host/worker-host.js';
import type { StartMethod } from './start-method.js';
import type { AnyFunction, ArgumentsOf } from '../transport/function/protocol.js';

/** The arguments of a target; any, where it is not known. */
export type ProcessArgs<F extends AnyFunction> = AnyFunction extends F ? readonly unknown[] : Readonly<ArgumentsOf<F>>;

/** What a process runs, and how. */
export interface ProcessOptions<F extends AnyFunction = AnyFunction> extends ProcessSettings {
  /** What the process runs: any function that travels; a class is constructed. */
  readonly target?: F | undefined;
  /** Its arguments. They are copied at `start()`, shared handles excepted. */
  readonly args?: ProcessArgs<F> | undefined;
}

/** The same where the target is written beside its arguments: parameters that are not annotated have their types. */
export interface TargetOptions<F, P extends readonly unknown[]> extends ProcessSettings {
  /** What the process runs: any function that travels. */
  readonly target?: (F & ((...args: P) => unknown)) | undefined;
  /** Its arguments. They are copied at `start()`, shared handles excepted. */
  readonly args?: readonly [...P] | undefined;
}

/** What a process is, whatever it runs. */
export interface ProcessSettings {
  /** Default: `Process-1`, and `Process-1:2` for the second one that this makes. */
  readonly name?: string | undefined;
  /** A daemon does not keep the program alive, ends with it, and starts no processes. Default: as the creator. */
  readonly daemon?: boolean | undefined;
  /** Its environment. Default: the creator's own, shared. */
  readonly env?: NodeJS.ProcessEnv | undefined;
  /** Node options, as `worker_threads` takes them. Default: the creator's. */
  readonly execArgv?: readonly string[] | undefined;
  /** Limits of its heap. One that exceeds them ends with exit code 1. */
  readonly resourceLimits?: ResourceLimits | undefined;
  /** The folder that a process of the system starts in. Default: the creator's. */
  readonly cwd?: string | undefined;
  /** What a process of the system does with stdin, stdout and stderr. Default: nothing comes in, the creator's output. */
  readonly stdio?: Stdio | undefined;
}

/** How to wait for the end of a process. */
export interface JoinOptions {
  /** Longest wait in ms; 0 or less: none. Default: without end. */
  readonly timeout?: number | undefined;
  /** Ends the wait, which then rejects with `signal.reason`. */
  readonly signal?: AbortSignal | undefined;
}

const OPTIONS = namesOf<ProcessOptions>({
  target: true,
  args: true,
  name: true,
  daemon: true,
  env: true,
  execArgv: true,
  resourceLimits: true,
  cwd: true,
  stdio: true,
});
const LIMITS = namesOf<ResourceLimits>({
  maxYoungGenerationSizeMb: true,
  maxOldGenerationSizeMb: true,
  codeRangeSizeMb: true,
  stackSizeMb: true,
});

/** @throws {TypeError | RangeError} for a bad option, by name */
export function checkOptions(options: ProcessSettings & { readonly target?: unknown; readonly args?: unknown }): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new TypeError(`options must be an object like { target, args }, got ${shown(options)}`);
  }
  requireKnown(options, OPTIONS);
  optionalFunction('target', options.target);
  if (options.args !== undefined) requireArray('args', options.args);
  if (options.name !== undefined) requireName(options.name);
  if (options.daemon !== undefined) requireBoolean('daemon', options.daemon);
}

/** @throws {TypeError | RangeError} for a bad option, by name */
export function hostOptionsOf({ env, execArgv, resourceLimits, cwd, stdio }: ProcessSettings): HostOptions {
  return {
    env: environmentOf(env),
    execArgv: strings('execArgv', execArgv),
    resourceLimits: resourceLimitsOf(resourceLimits),
    ...processOptionsOf({ cwd, stdio }, 'process'), // whether it is one is known at the start
  };
}

/**
 * What only processes of the system can be told.
 * @throws {TypeError} for a bad option, by name, and for one that threads do not have
 */
export function processOptionsOf(
  { cwd, stdio }: Pick<HostOptions, 'cwd' | 'stdio'>,
  method: StartMethod,
): Pick<HostOptions, 'cwd' | 'stdio'> {
  if (cwd !== undefined && typeof cwd !== 'string') throw new TypeError(`cwd must be a string, got ${shown(cwd)}`);
  if (stdio !== undefined) requireStdio(stdio);
  for (const [name, value] of Object.entries({ cwd, stdio })) {
    if (value === undefined || method === 'process') continue;
    throw new TypeError(`${name} is for workers that are processes, as those of getContext('process')`);
  }
  return { cwd, stdio: typeof stdio === 'object' ? [...stdio] : stdio };
}

function requireStdio(stdio: Stdio): void {
  const isOne = (one: unknown): one is StdioOf =>
    one === 'inherit' || one === 'ignore' || (Number.isInteger(one) && (one as number) >= 0);
  if (isOne(stdio) || (Array.isArray(stdio) && stdio.length === 3 && stdio.every(isOne))) return;
  throw new TypeError(
    `stdio must be 'inherit', 'ignore', a descriptor, or three of these in an array, got ${shown(stdio)}`,
  );
}

export function requireName(name: unknown): asserts name is string {
  if (typeof name !== 'string') throw new TypeError(`name must be a string, got ${shown(name)}`);
}

export function requireBoolean(name: string, value: unknown): asserts value is boolean {
  if (typeof value !== 'boolean') throw new TypeError(`${name} must be true or false, got ${shown(value)}`);
}

/** A copy: what is changed between the call and the start does not count. */
function environmentOf(env: NodeJS.ProcessEnv | undefined): NodeJS.ProcessEnv | undefined {
  optionalObject('env', env);
  if (env === undefined) return undefined;
  const entries = Object.entries(env).filter(([, value]) => value !== undefined);
  for (const [name, value] of entries) {
    if (typeof value !== 'string') throw new TypeError(`env.${name} must be a string, got ${shown(value)}`);
  }
  return Object.fromEntries(entries);
}

function strings(name: string, values: readonly string[] | undefined): readonly string[] | undefined {
  if (values === undefined) return undefined;
  for (const [i, value] of requireArray(name, values).entries()) {
    if (typeof value !== 'string') throw new TypeError(`${name}[${i}] must be a string, got ${shown(value)}`);
  }
  return [...values];
}

/** @throws {TypeError | RangeError} for a bad limit, by name */
export function resourceLimitsOf(limits: ResourceLimits | undefined): ResourceLimits | undefined {
  optionalObject('resourceLimits', limits);
  if (limits === undefined) return undefined;
  requireKnown(limits, LIMITS, 'resource limit');
  for (const [name, value] of Object.entries(limits) as [string, unknown][]) {
    if (value === undefined) continue;
    if (typeof value !== 'number') {
      throw new TypeError(`resourceLimits.${name} must be a number of MiB, got ${shown(value)}`);
    }
    if (!(value > 0)) throw new RangeError(`resourceLimits.${name} must be more than 0 MiB, got ${value}`);
  }
  return { ...limits };
}
