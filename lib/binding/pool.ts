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
