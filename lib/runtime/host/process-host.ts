import { spawn, type ChildProcess } from 'node:child_process';
import { statSync } from 'node:fs';
import type { Socket } from 'node:net';
import { constants } from 'node:os';
import { join } from 'node:path';
import { ProcessError } from '../../base/errors.js';
import { addonPath, native, packageRoot } from '../../binding/native.js';
import { join as joinProgram } from '../../heap/program.js';
import { channelSocket } from './channel-socket.js';
import { coreCodeFile } from './core-code.js';
import { QueueMailbox } from './mailbox.js';
import type { InboxMessage } from './worker-data.js';
import { nodeOptions, programArguments } from './node-options.js';
import type { HostExit, HostListeners, HostOptions, Start, Stdio, StdioOf, WorkerHost } from './worker-host.js';

/** Calls `startChild` of `entry/child.ts`. */
const ENTRY = join(packageRoot, 'dist', 'child.cjs');

/** The first name of a number is the one that Node uses; others are aliases: SIGIOT is SIGABRT. */
function nameOfSignal(signal: number): NodeJS.Signals {
  const known = Object.entries(constants.signals).find(([, number]) => number === signal);
  return (known?.[0] ?? 'SIGKILL') as NodeJS.Signals;
}

/**
 * A worker in an OS process of its own.
 *
 * It inherits the program's memory and one end of a channel. Its arguments are numbers: what it is to do comes through
 * shared memory, with the arguments of the program. It dies with this process, and with this end of the channel.
 */
export class ProcessHost implements WorkerHost {
  readonly mailbox: QueueMailbox;
  readonly bell: number;
  readonly #child: ChildProcess;
  readonly #socket: Socket;
  #exit: HostExit | undefined;
  #recovered = false;
  /** The last signal that we sent it. */
  #sent: NodeJS.Signals | null = null;

  /**
   * @throws {ProcessError} when there is no such folder, or the system has no process or no channel left; that Node refuses
   * its options is told by its exit, with code 9
   */
  constructor(options: HostOptions, { onExit, onBell }: HostListeners) {
    joinProgram();
    const compiled = coreCodeFile();
    const ends = native.openChannel();
    if (ends.length === 0) throw new ProcessError('The system has no descriptor left for another process');
    const [ours, theirs] = ends;
    this.mailbox = new QueueMailbox();
    this.bell = ours;
    this.#socket = channelSocket(ours, onBell);
    this.#socket.unref();
    const told = [addonPath, String(this.mailbox.offset), String(compiled?.bytes ?? 0)];
    try {
      this.#child = spawn(process.execPath, [...nodeOptions(options), ENTRY, ...told], {
        stdio: [
          ...standardOf(options.stdio),
          native.openProgram(),
          theirs,
          ...(compiled === undefined ? [] : [compiled.descriptor]),
        ],
        env: options.env ?? process.env,
        windowsHide: true,
        ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      });
    } catch (error) {
      this.#close();
      throw error;
    } finally {
      native.closeEnd(theirs);
    }
    const ended = (exit: HostExit): void => {
      if (this.#exit !== undefined) return;
      this.#exit = exit;
      this.#recover();
      onExit(exit, undefined);
      this.#close();
    };
    this.#child.on('exit', (code, signal) => ended({ code, signal }));
    this.#child.on('error', () => {}); // told here and now, if it is about the start; else it ends, or has ended
    this.#child.unref();
    if (this.#child.pid !== undefined) return;
    this.#exit = { code: 1, signal: null };
    this.#close();
    throw new ProcessError(whyNot(options));
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Tells it what it is. It may have been waiting for that. */
  start(start: Start): void {
    this.post({ type: 'start', start, argv: programArguments() });
  }

  post(message: InboxMessage): void {
    if (this.#exit !== undefined) return;
    this.mailbox.post(message);
    native.ring(this.bell);
  }

  terminate(signal: 'SIGTERM' | 'SIGKILL' = 'SIGKILL'): void {
    this.#sent = signal;
    this.#child.kill(signal);
  }

  hold(held: boolean): void {
    if (held) this.#child.ref();
    else this.#child.unref();
  }

  peek(): HostExit | undefined {
    if (this.#exit !== undefined || this.#child.pid === undefined) return this.#exit;
    const told = native.peekExit(this.#child.pid);
    if (told === undefined) return undefined;
    this.#recover();
    const [code, signal] = told;
    if (signal === 0) return { code, signal: null };
    // The runtime waits for all children that have ended before it emits the first one's event, in whose course we may be.
    if (signal < 0) return { code: null, signal: this.#sent };
    return { code: null, signal: nameOfSignal(signal) };
  }

  /** What it held is free before anybody is told of its end. The system has said that it is gone: recovery asks, too. */
  #recover(): void {
    if (this.#recovered) return;
    this.#recovered = true;
    native.recoverDead();
  }

  #close(): void {
    this.#socket.destroy();
    this.mailbox.close();
  }
}

/** Why there is no process. Its event would say no more than "no such file", of a missing folder, too. */
function whyNot({ cwd }: HostOptions): string {
  if (cwd !== undefined && statSync(cwd, { throwIfNoEntry: false })?.isDirectory() !== true) {
    return `A process cannot start in cwd '${cwd}': there is no such folder`;
  }
  return `The system could not start ${process.execPath}: it is not there, or there are too many processes or open files`;
}

/** As Python: what a terminal sends is for the one in front of it, and what is printed appears. */
function standardOf(stdio: Stdio = ['ignore', 'inherit', 'inherit']): readonly StdioOf[] {
  return typeof stdio === 'object' ? stdio : [stdio, stdio, stdio];
}
