import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { told } from '../base/told.js';
import type { NativeAgent } from './agent.js';
import type { NativeKernelHost } from './kernels.js';
import { buffersRefused, locateAddon, unloadable } from './locate.js';
import type { Constants, NativePoolOwner, NativePoolWorker, PoolLayout, PoolSize } from './pool.js';

/** The end of a thread, told through the first word of a segment: 1 while it runs, 2 once it has ended. */
export interface NativeExitNotice {
  /** From now on the end of this thread is told, whatever ends it. The object must stay alive until then. */
  announce(): void;
  /** Blocks until the thread that announced itself has ended. False: the time, in ms, passed first. */
  wait(millis: number): boolean;
}

/** How a process hears of the one that started it. It dies as soon as that one is gone, whatever it is doing. */
export interface NativeOwnerEar {
  /** While referenced, it keeps the event loop alive; at first it does not. */
  ref(): void;
  unref(): void;
}

/** A mapping of shared memory that has a name. Errors are numbers of the system's; 0: it has worked. */
export interface NativeNamedMemory {
  /** Of making it. No method may be called unless it is 0. */
  readonly error: number;
  /** Of the object, in bytes. */
  readonly size: number;
  /** The first `bytes` of it. Call once. */
  buffer(bytes: number): ArrayBuffer;
  /** Unmaps it. Its buffer, which has to be given, and all views of that are empty afterwards. */
  close(buffer: ArrayBuffer): void;
  unlink(): number;
}

/** All that the addon exports. No other file loads it. */
export interface Native {
  /** The runtime has no buffers over memory outside its own heap: nothing else of this works. */
  readonly buffersRefused: boolean;
  readonly constants: Constants;
  readonly ExitNotice: new (segment: number) => NativeExitNotice;
  /** `key` names this thread to {@link interruptParticipant}. `onFinished` is called on the event loop. */
  readonly KernelHost: new (key: number, onFinished: () => void) => NativeKernelHost;
  /** The names of all kernels, by number. */
  readonly kernelNames: readonly string[];
  /** @param end of the channel that this process has inherited. Once in a process. */
  readonly OwnerEar: new (end: number, onRing: () => void) => NativeOwnerEar;
  /** @param processes its workers are processes */
  readonly PoolOwner: new (size: PoolSize, onWake: () => void, processes: boolean) => NativePoolOwner;
  /** @param bell end of a channel, for the event loop of an owner in another process */
  readonly PoolWorker: new (
    poolId: number,
    slot: number,
    onWake: () => void,
    size: PoolSize,
    bell: number,
  ) => NativePoolWorker;
  /** Creates an object of `bytes` bytes that begins with `contents`; with 0 attaches to the one of this name. */
  readonly NamedMemory: new (name: string, bytes: number, contents?: Uint8Array) => NativeNamedMemory;
  /** Number of the process that removes the names of this one's objects when it ends; 0 before there is one. */
  nameTracker(): number;
  layoutOf(size: PoolSize): PoolLayout;
  /** Processors that this process may use: affinity- and cgroup-aware. */
  cpuCount(): number;
  /** The operating system's number of this thread. */
  threadId(): number;
  bindThread(cpu: number): boolean;
  /** Nanoseconds on the clock that all threads share. */
  now(): number;
  /**
   * Number of a new segment with one holder, or 0 when there is no memory. Of zeroes, unless any contents will do. Processes
   * reach the `shared` ones; those of this process alone are faster to fill.
   */
  createSegment(bytes: number, anyContents?: boolean, shared?: boolean): number;
  /** A buffer over the first `bytes` of a segment, which takes over one holder. */
  adoptSegment(id: number, bytes: number): ArrayBuffer;
  /** The same with a holder of its own; undefined when there is no such segment any more. */
  attachSegment(id: number, bytes: number): ArrayBuffer | undefined;
  /** Copies bytes to the beginning of a segment. */
  fillSegment(id: number, bytes: Uint8Array | ArrayBuffer): void;
  /** Gives the buffer's holder back at once; the buffer is empty afterwards. */
  dropBuffer(buffer: ArrayBuffer): void;
  retainSegment(id: number): boolean;
  releaseSegment(id: number): void;
  /** A holder of a shared segment goes over to another process, or has come from there. Of no account for others. */
  exportSegment(id: number): void;
  importSegment(id: number): void;
  segmentCount(): number;
  /** Whether workers can be processes on this system. */
  readonly processesAvailable: boolean;
  /** The descriptor of the program's memory, for a process to inherit. */
  openProgram(): number;
  /** Has this process take part in the program whose memory it inherited. Before anything else; false: that is none. */
  attachProgram(descriptor: number): boolean;
  /** Gives back what killed processes held, and wakes who waited for them. */
  recoverDead(): void;
  /** Two connected ends, ours and one for a child; empty when the system refuses. */
  openChannel(): [] | [ours: number, theirs: number];
  closeEnd(end: number): void;
  /** Makes the other end readable. */
  ring(end: number): void;
  /** Ctrl-C is for whoever started this process. */
  ignoreInterrupts(): void;
  /**
   * How a child of this process ended; undefined while it is alive. A signal below 0: the runtime was told how, and is about to
   * emit the event.
   */
  peekExit(pid: number): [code: number, signal: number] | undefined;
  /** `key` names this thread to {@link interruptParticipant}. `onMail` is called on the event loop. */
  joinProgram(key: number, onMail: () => void): NativeAgent;
  /** Makes a thread return from waits for shared objects, and from kernels. False: it is in none, and never was. */
  interruptParticipant(key: number): boolean;
}

const require = createRequire(import.meta.filename);

/** The package's own folder, wherever in it this code was bundled to. */
function findRoot(): string {
  const own = import.meta.dirname;
  for (let folder = own; ; folder = dirname(folder)) {
    // At the root of the file system: the files were taken out of the package. The addon will be missed below.
    if (existsSync(join(folder, 'package.json'))) return folder;
    if (dirname(folder) === folder) return own;
  }
}

export const packageRoot: string = findRoot();

/** The binary for this system. A worker is told what its owner found: looking takes longer than loading. */
export const addonPath: string = told()?.addon ?? locateAddon(packageRoot);
export const native: Native = load();

function load(): Native {
  let addon: Native;
  try {
    addon = require(addonPath) as Native;
  } catch (error) {
    throw unloadable(addonPath, error);
  }
  if (addon.buffersRefused) throw buffersRefused();
  return addon;
}
