import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { told } from '../base/told.js';

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
  readonly queue: Readonly<
    Record<'guard' | 'front' | 'taken' | 'backGuard' | 'doubtful' | 'back' | 'put' | 'inHand', number>
  >;
  readonly ring: Readonly<Record<'end' | 'seenBegin' | 'room' | 'begin' | 'seenEnd' | 'size' | 'data', number>>;
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
  /** Of a worker whose process was killed. */
  markDead(slot: number): void;
  /** Where to ring for the event loop of a worker that is a process; -1: nowhere. */
  setBell(slot: number, end: number): void;
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

/**
 * What one environment can do with the shared objects of the program. Objects, blocks and waits are offsets in the shared
 * heap; 0 is none. `Outcome`s are numbers of lib/memory/outcome.ts; what comes beside the returned number is in the first
 * doubles of `exchange` (control), lists are in its table, bytes in its two data areas: see EXCHANGE.
 *
 * Argument `manager`: the offset of the manager that makes the object, or 0.
 */
export interface NativeAgent {
  /** This participant, as locks record it. */
  readonly id: number;
  readonly exchange: ArrayBuffer;
  /** No object lies beyond. */
  readonly heapBytes: number;
  createManager(): number;
  closeManager(manager: number): void;
  /** Takes over a holder of the segment; 0: a single number. */
  createNumbers(dtype: number, length: number, segment: number, lock: number, manager: number): number;
  /** control: dtype, length, segment, lock */
  numbersState(numbers: number): void;
  retainObject(object: number, kind: number): number;
  releaseObject(object: number): number;
  /** A reference that no handle of this environment holds: for a name on its way to the owner. */
  exportObject(object: number, kind: number): number;
  /** All that was exported is the receiver's from here on (1), or comes back (0). */
  endExport(sent: number): void;
  importObject(object: number): void;
  isClosed(object: number): number;
  clearInterrupt(): number;
  /** While referenced, the event loop stays alive. */
  refLoop(): void;
  unrefLoop(): void;
  /** control: limit, live, committed, blocks */
  heapFigures(): void;
  /** A buffer over the heap from `number` MiB on. */
  window(number: number): ArrayBuffer;

  /** control: result */
  tryOperation(object: number, op: number, argument: number): number;
  /** control: result, node */
  beginWait(object: number, op: number, argument: number, inLoop: number, spinNanos: number): number;
  /** control: result */
  sleepWait(node: number, millis: number): number;
  /** control: result */
  cancelWait(node: number): number;
  /** table: node, outcome, result of each wait that has ended */
  takeMail(): number;

  createLock(recursive: number, manager: number): number;
  /** control: how often it was held */
  releaseLock(lock: number, entirely: number): number;
  createSemaphore(value: number, bounded: number, manager: number): number;
  releaseSemaphore(semaphore: number, permits: number): number;
  semaphoreValue(semaphore: number): number;
  createCondition(lock: number, manager: number): number;
  /** control: how many were notified */
  notifyCondition(condition: number, most: number): number;
  createEvent(manager: number): number;
  setEvent(event: number): number;
  clearEvent(event: number): number;
  createBarrier(parties: number, hasAction: number, manager: number): number;
  finishBarrier(barrier: number, ok: number): number;
  abortBarrier(barrier: number): number;
  resetBarrier(barrier: number): number;
  /** control: parties, waiting, broken */
  barrierState(barrier: number): void;

  // A value that is sent: `length` bytes of `sent`, or, with -1, what was staged; `links` objects in the table. A key is in
  // `key`. A value that was read: control has version, length, links; the bytes are in `given` where they fit, else to
  // be had by partOfRead; the table has the objects, to be made handles before releaseRead.
  /** The next value to be sent; must not change before. */
  stage(bytes: Uint8Array): void;
  readBlock(block: number): number;
  releaseRead(): void;
  partOfRead(at: number, length: number, exclusive: boolean): ArrayBuffer;
  /** The memory of a vector of bytes that a value names: itself if nobody else has the value, else a copy. */
  bufferOfVector(vector: number, exclusive: boolean): ArrayBuffer;
  makeBlock(length: number, links: number): number;
  fillBlock(block: number, at: number, bytes: Uint8Array | ArrayBuffer): void;
  dropBlock(block: number): number;

  createQueue(mostItems: number, mostBytes: number, manager: number): number;
  /** `Outcome.blocked`: control has the block to wait with. */
  putMessage(queue: number, length: number, links: number): number;
  putBlock(queue: number, block: number): number;
  getMessage(queue: number, spinNanos: number): number;
  closeQueue(queue: number): void;
  taskDone(queue: number): number;
  /** control: items, bytes, unfinished, closed, full */
  queueState(queue: number): void;
  /** control: both ends */
  createPipe(duplex: number, manager: number): number;
  /** Of a guard that JavaScript gave back, and in which somebody sleeps. */
  wakeGuard(guard: number): void;
  /** control: the queues that it receives from and sends to, or 0 */
  connectionQueues(connection: number): void;

  createDict(manager: number): number;
  dictGet(dict: number, keyLength: number): number;
  dictHas(dict: number, keyLength: number): number;
  dictSet(dict: number, keyLength: number, length: number, links: number): number;
  dictSetIf(dict: number, keyLength: number, length: number, links: number, version: number): number;
  /** `Outcome.conflict`: the value that exists has been read. */
  dictSetDefault(dict: number, keyLength: number, length: number, links: number): number;
  dictDelete(dict: number, keyLength: number): number;
  dictPop(dict: number, keyLength: number): number;
  /** The key is snapshotKey(0). */
  dictPopItem(dict: number): number;
  dictSetMany(dict: number): number;
  dictClear(dict: number): number;
  /** control: size */
  dictSize(dict: number): number;
  /** control: number of entries */
  dictSnapshot(dict: number, withValues: number): number;
  /** control: version, length; the key is in `given` */
  snapshotKey(index: number): void;
  snapshotValue(index: number): void;
  releaseSnapshot(): void;
  clearBatch(): void;
  addToBatch(keyLength: number, length: number, links: number): void;

  createList(manager: number): number;
  listAppend(list: number, length: number, links: number): number;
  listExtend(list: number): number;
  listAt(list: number, index: number): number;
  listSet(list: number, index: number, length: number, links: number): number;
  listInsert(list: number, index: number, length: number, links: number): number;
  listPop(list: number, index: number): number;
  listRemoveIf(list: number, index: number, version: number): number;
  /** The order is staged. */
  listPermute(list: number, version: number): number;
  listReverse(list: number): number;
  listClear(list: number): number;
  /** control: length */
  listLength(list: number): number;
  /** control: number of elements, version, start, length of the list */
  listSnapshot(list: number, start: number, stop: number): number;
}

/** Byte offsets in {@link NativeAgent.exchange}, and lengths: native/addon/agent.h. */
export const EXCHANGE = {
  table: 256,
  tableLength: (16 * 1024) / 8,
  key: 256 + 16 * 1024,
  keyBytes: 8 * 1024,
  sent: 256 + 24 * 1024,
  given: 256 + 56 * 1024,
  dataBytes: 32 * 1024,
} as const;

/** The end of a thread, told through the first word of a segment: 1 while it runs, 2 once it has ended. */
export interface NativeExitNotice {
  /** From now on the end of this thread is told, whatever ends it. The object must stay alive until then. */
  announce(): void;
  /** Blocks until the thread that announced itself has ended. False: the time, in ms, passed first. */
  wait(millis: number): boolean;
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
  readonly constants: Constants;
  readonly ExitNotice: new (segment: number) => NativeExitNotice;
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
  /** From now on this process is killed when the other end is gone. */
  dieWith(end: number): void;
  ignoreInterrupts(): void;
  /** How a child of this process ended; undefined while it is alive, and once its end has been told as an event. */
  peekExit(pid: number): [code: number, signal: number] | undefined;
  /** `key` names this thread to {@link interruptParticipant}. `onMail` is called on the event loop. */
  joinProgram(key: number, onMail: () => void): NativeAgent;
  /** Makes a thread return from waits for shared objects. False: it is in none, and never was. */
  interruptParticipant(key: number): boolean;
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
  const addon = told()?.addon;
  if (addon !== undefined) return addon;
  const finder = require('node-gyp-build') as { resolve(directory: string): string };
  return finder.resolve(packageRoot);
}

export const addonPath: string = findAddon();
export const native = require(addonPath) as Native;
