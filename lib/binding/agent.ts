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
