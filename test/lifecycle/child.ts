import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** How a child process ended, and what it told until then. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** What it passed to `report`, in order. */
  readonly reports: readonly unknown[];
  /** Without the reports. */
  readonly stdout: string;
  readonly stderr: string;
}

export interface ChildOptions {
  /** Of the child, in ms. Beyond it the child hangs, and the test fails with what it said so far. Default: 15 s. */
  readonly timeout?: number;
  readonly execArgv?: readonly string[];
  readonly args?: readonly unknown[];
  /** A command that runs it, with its arguments: what is told of the child is told of that then. */
  readonly through?: readonly string[];
  /** Told each report as it comes, with the child, for instance to send it a signal. */
  readonly onReport?: (report: unknown, child: ChildProcess) => void;
}

/** A folder inside of the package, so that its own name resolves in the programs. */
const folder = fileURLToPath(new URL('../../lifecycle-scratch/', import.meta.url));
const inside = new URL('inside.js', import.meta.url).href;
const children = new URL('processes/children.js', import.meta.url).href;

/** What the bodies of programs may use beside globals: the same names as in the test file, which knows their types. */
const HEAD = `
import { EventEmitter, once } from 'node:events';
import { readFileSync, writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker, isMainThread, parentPort, threadId } from 'node:worker_threads';
import {
  Barrier, BoundedSemaphore, Condition, Event, JoinableQueue, Lock, Manager, Pipe, Pool, Process, Queue, RLock, Semaphore, ShareableList, SharedArray, SharedMemory, SimpleQueue, Value, activeChildren, currentProcess, currentTask, fromModule, getContext, heapFigures, setStartMethod, wait
} from 'allcores';
import * as inside from '${inside}';
import { childProcesses, comesTrue, crashIn, crashOf, descriptorCount, isGone, killHard, stateOf } from '${children}';
const { base, described, drainsAtTheEndOfScope, letGo, report, seen, spinFor, threadCount } = inside;
const { voluntarySwitches, workersGone } = inside;
`;

/** Runs the source of a function as the whole program of a Node process. Resolves when it has ended by itself. */
export function run<A extends readonly unknown[]>(
  body: (...args: A) => unknown,
  options: ChildOptions & { readonly args?: A } = {},
): Promise<Ended> {
  mkdirSync(folder, { recursive: true });
  const scratch = mkdtempSync(path.join(folder, 'child-'));
  const program = path.join(scratch, 'main.mjs');
  writeFileSync(program, `${HEAD}\nawait (${body.toString()})(...${JSON.stringify(options.args ?? [])});\n`);
  return start(program, options).finally(() => rmSync(scratch, { recursive: true, force: true }));
}

function start(program: string, options: ChildOptions): Promise<Ended> {
  const limit = options.timeout ?? 15_000;
  const [command, ...rest] = [...(options.through ?? []), process.execPath, ...(options.execArgv ?? []), program];
  const child = spawn(command!, rest, { stdio: ['ignore', 'pipe', 'pipe'] });
  const reports: unknown[] = [];
  const text = { stdout: '', stderr: '' };
  let line = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (line + chunk).split('\n');
    line = lines.pop() ?? '';
    for (const each of lines) {
      if (!each.startsWith('{"report":')) {
        text.stdout += `${each}\n`;
        continue;
      }
      const { report } = JSON.parse(each) as { report: unknown };
      reports.push(report);
      options.onReport?.(report, child);
    }
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (text.stderr += chunk));
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      const said = `reports: ${JSON.stringify(reports)}\nstdout: ${text.stdout}${line}\nstderr: ${text.stderr}`;
      reject(new Error(`The child hangs: it has not ended within ${limit} ms\n${said}`));
    }, limit);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code, signal, reports, ...text, stdout: text.stdout + line });
    });
  });
}
