import { spawn } from 'node:child_process';
import type { Driver } from '../drivers/driver.js';
import { compiledFile } from '../paths.js';
import type { Job, Outcome } from '../trial.js';
import type { Metrics } from '../workloads/workload.js';
import { NoiseMeter } from './noise.js';

export interface Measurement extends Outcome {
  /** Cores that other programs used meanwhile; undefined where that cannot be known. */
  readonly noise: number | undefined;
  readonly seconds: number;
}

/**
 * The environment of trials: this one without extra certificates. Where they are set each process of Node reads them as it
 * starts, unless its pool gives it another environment: tens of milliseconds that say nothing about a pool.
 */
const { NODE_EXTRA_CA_CERTS: _certificates, ...environment } = process.env;

function commandOf(driver: Driver, job: Job): string[] {
  if ('command' in driver) return driver.command(job.workload, job.variant, job.quick);
  return [process.execPath, '--expose-gc', compiledFile('trial.js'), JSON.stringify(job)];
}

function parse(stdout: string, stderr: string, status: string): Outcome {
  const last = stdout.trimEnd().split('\n').at(-1) ?? '';
  try {
    const parsed = JSON.parse(last) as Outcome | Metrics;
    return 'metrics' in parsed || 'error' in parsed ? parsed : { metrics: parsed as Metrics };
  } catch {
    return { error: `${status} without a result${stderr ? `: ${stderr.trim().slice(-2000)}` : ''}` };
  }
}

/** Runs one trial in a process of its own, which is killed after `limit` ms. Never rejects: errors are outcomes. */
export function measure(driver: Driver, job: Job, limit: number): Promise<Measurement> {
  const [file = '', ...args] = commandOf(driver, job);
  const meter = new NoiseMeter();
  const start = performance.now();
  return new Promise((resolve) => {
    const child = spawn(file, args, { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    let late = false;
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const timer = setTimeout(() => {
      late = true;
      child.kill('SIGKILL');
    }, limit);
    const settle = (outcome: Outcome): void => {
      clearTimeout(timer);
      resolve({ ...outcome, noise: meter.read(), seconds: (performance.now() - start) / 1000 });
    };
    child.on('error', (error) => settle({ error: error.message }));
    child.on('close', (code, signal) => {
      const status = late ? `not done after ${limit / 1000} s` : `ended with ${signal ?? code}`;
      settle(late ? { error: status } : parse(stdout, stderr, status));
    });
  });
}
