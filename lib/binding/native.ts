import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { workerData } from 'node:worker_threads';

/** Sizes of a pool's segment. `records` and `resultBytes` are powers of two. */
export interface PoolSize {
  readonly slots: number;
  readonly records: number;
  readonly resultBytes: number;
  readonly arenaBytes: number;
}

/** Byte offsets of the parts of a pool's segment. */
export interface PoolLayout {
  readonly entries: number;
  readonly entryCapacity: number;
  readonly records: number;
  readonly workers: number;
  readonly results: number;
  readonly arena: number;
}

/** Byte offsets within the shared structures, as the C++ side lays them out. */
export interface Constants {
  readonly control: Readonly<
    Record<'owner' | 'shutdown' | 'deaths' | 'slotLimit' | 'sleepers' | 'tail' | 'head', number>
  >;
  readonly record: Readonly<
    Record<
      'size' | 'state' | 'flags' | 'function' | 'kind' | 'length' | 'location' | 'time' | 'payload' | 'payloadBytes',
      number
    >
  >;
  readonly worker: Readonly<
    Record<
      | 'size'
      | 'status'
      | 'command'
      | 'exitCode'
      | 'room'
      | 'claims'
      | 'mostClaims'
      | 'mailboxTail'
      | 'mailboxHead'
      | 'mailbox'
      | 'mailboxCapacity'
      | 'enteredAt'
      | 'claimedAt'
      | 'cost'
      | 'busy'
      | 'completed'
      | 'failed'
      | 'waitHistogram'
      | 'runHistogram'
      | 'histogramBuckets'
      | 'resultTail'
      | 'resultHead',
      number
    >
  >;
}

/** The owner's end of a pool. Times are nanoseconds where the name says so, else milliseconds. */
export interface NativePoolOwner {
  readonly id: number;
  /** The pool's segment. Call once; each call makes another buffer over the same memory. */
  buffer(): ArrayBuffer;
  /** Wakes up to `count` idle workers; gives how many. */
  wake(count: number): number;
  /** Makes one worker look at its mailbox and commands, wherever it waits. */
  nudge(slot: number): void;
  /** Waits briefly without giving up the processor. True: there are results, or more deaths than `deathsSeen`. */
  spin(deathsSeen: number, nanos: number): boolean;
  /** Asks to be called back on the event loop at the next result. False: there is one already. */
  parkInLoop(deathsSeen: number): boolean;
  /** Blocks the thread until there is a result. False: the time passed first. */
  sleep(deathsSeen: number, millis: number): boolean;
  notifyRoom(slot: number): void;
  bury(slot: number): void;
  shutdown(): void;
  /** While referenced, the event loop stays alive. */
  ref(): void;
  unref(): void;
  close(): void;
}

/** A worker's end of a pool. Its environment's end reports the worker dead. */
export interface NativePoolWorker {
  buffer(): ArrayBuffer;
  /** Claims up to `most` tasks into the claim list of this worker, spinning for `spinNanos` first; gives their number. */
  take(most: number, spinNanos: number): number;
  park(millis: number): void;
  enterLoop(): boolean;
  leaveLoop(): void;
  awaitRoom(head: number, millis: number): void;
  notifyOwner(): void;
  ref(): void;
  unref(): void;
}

/** All that the addon exports. No other file loads it. */
export interface Native {
  readonly constants: Constants;
  readonly PoolOwner: new (size: PoolSize, onWake: () => void) => NativePoolOwner;
  readonly PoolWorker: new (poolId: number, slot: number, onWake: () => void) => NativePoolWorker;
  layoutOf(size: PoolSize): PoolLayout;
  /** Processors that this process may use: affinity- and cgroup-aware. */
  cpuCount(): number;
  /** The operating system's number of this thread. */
  threadId(): number;
  bindThread(cpu: number): boolean;
  /** Nanoseconds on the clock that all threads share. */
  now(): number;
  /** Number of a new segment with one holder, or 0 when there is no memory. */
  createSegment(bytes: number): number;
  /** A buffer over the first `bytes` of a segment, which takes over one holder. */
  adoptSegment(id: number, bytes: number): ArrayBuffer;
  /** Gives the buffer's holder back at once; the buffer is empty afterwards. */
  dropBuffer(buffer: ArrayBuffer): void;
  retainSegment(id: number): boolean;
  releaseSegment(id: number): void;
  segmentCount(): number;
}

const require = createRequire(import.meta.url);

/** The package's own folder, wherever in it this code was bundled to. */
function findRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
}

export const packageRoot: string = findRoot();

/** The binary for this machine. A worker is told what its owner found: looking takes longer than loading. */
function findAddon(): string {
  const data = workerData as { readonly allcores?: true; readonly addon?: string } | null;
  if (data?.allcores === true && data.addon !== undefined) return data.addon;
  const finder = require('node-gyp-build') as { resolve(directory: string): string };
  return finder.resolve(packageRoot);
}

export const addonPath: string = findAddon();
export const native = require(addonPath) as Native;
