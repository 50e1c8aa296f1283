import type { Machine } from '../info/machine.js';
import { runJob, type Failure } from '../child/run.js';
import { adviceFor } from './advice.js';
import type { CheckName } from './checks.js';

export type Status = 'ok' | 'failed' | 'not available here';

export interface Examined {
  readonly name: CheckName;
  readonly status: Status;
  readonly millis: number;
  /** False: the check has not run, so its failure says nothing of what it tries. */
  readonly started?: false;
  /** Why it failed or is not available, and what to do about a failure. */
  readonly reason?: string;
  readonly advice?: string;
}

/** Tries one thing, in a process of its own. */
export async function examine(name: CheckName, timeout: number, machine: Machine): Promise<Examined> {
  const begin = performance.now();
  const outcome = await runJob(name, undefined as never, timeout);
  const millis = performance.now() - begin;
  if (!('failure' in outcome)) return { name, status: 'ok', millis };
  return { name, millis, ...verdict(name, outcome.failure, machine) };
}

function verdict(name: CheckName, failure: Failure, machine: Machine): Omit<Examined, 'name' | 'millis'> {
  const reason = failure.message.trim();
  if (failure.name === 'Unavailable') return { status: 'not available here', reason };
  const started = failure.name === 'NotStarted' ? ({ started: false } as const) : {};
  return { status: 'failed', ...started, reason, advice: adviceFor({ name, failure, machine }) };
}

/** What is not tried, since it needs the addon. */
export function withoutAddon(name: CheckName): Examined {
  return { name, status: 'not available here', millis: 0, reason: 'needs the addon' };
}
