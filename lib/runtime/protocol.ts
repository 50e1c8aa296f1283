/** Numbers that the owner and the workers of a pool agree on. Data alone; see native/executor for the memory. */

/** Phase of a task record, the low bits of its state word. */
export const READY = 1;
export const RUNNING = 2;
export const PHASE_MASK = 0x7;
export const SLOT_SHIFT = 3;
export const SLOT_MASK = 0x1fff;
export const GENERATION_SHIFT = 16;
export const INDEX_MASK = 0xffff;

/** Bits of a record's flags. */
export const FLAG_ABORT = 1;
export const FLAG_ASKED = 2;
/** The worker is about to be ended on account of this task, and begins no other one. */
export const FLAG_CONDEMNED = 4;

/** Bits of a worker's command word. */
export const COMMAND_STOP = 1;
export const COMMAND_SIGNAL = 2;

/** Status of a worker's slot. */
export const STATUS_VACANT = 0;
export const STATUS_STARTING = 1;
export const STATUS_SERVING = 2;
export const STATUS_DEAD = 3;

/** What a worker does with a task's function and arguments. */
export const Operation = {
  /** `fn(...args)` */
  call: 0,
  /** `items.map(item => fn(item))`; the first error ends it. */
  map: 1,
  /** `items.map(item => fn(...item))` */
  starmap: 2,
  /** As `map`, but an error of one item is that item's outcome. */
  each: 3,
  /** As `map`, over numbers in a shared column, results into another one. */
  range: 4,
  /** As `call`, for a worker's initializer: no task as far as limits and figures of workers are concerned. */
  initialize: 5,
  /** As `call`, with an item of a lazy map as the only argument. */
  item: 6,
} as const;
export type Operation = (typeof Operation)[keyof typeof Operation];

/** The kind word of a record: bits 0-7 form, 8-15 operation, 16-30 attempt, 31 whether its start is to be noted. */
export const ATTEMPT_MASK = 0x7fff;
export const TIMED = 1 << 31;

/** Form of a task's arguments, the low byte of the kind word; 0 to 4 are that many numbers, inline. */
export const Form = {
  mostNumbers: 4,
  /** Up to four numbers, booleans, nulls and undefineds; `length` holds four bits of tag for each, and the count. */
  scalars: 5,
  /** One string of at most 32 Latin-1 characters; `length` is its length. */
  string: 6,
  /** Encoded, inline. */
  inline: 7,
  /** Encoded, in the arena at `location`. */
  arena: 8,
  /** Encoded, in the segment that `location` names. */
  segment: 9,
} as const;

/** Tags of scalars. */
export const Scalar = { number: 0, undefined: 1, null: 2, false: 3, true: 4 } as const;

/** What a result record says, bits 16 to 23 of its tag; bits 0 to 15 are the task's index. */
export const Result = {
  number: 0,
  undefined: 1,
  null: 2,
  false: 3,
  true: 4,
  /** Latin-1 characters. */
  string: 5,
  /** A message (see message.ts). */
  encoded: 6,
  /** A message in a segment of its own; payload: number of the segment, length. */
  segment: 7,
  /** A message that holds what was thrown. */
  error: 8,
  errorSegment: 9,
  /** A range ran to its end, numbers only. */
  range: 10,
  /** `currentTask().progress(value)`: not the end of the task. */
  progress: 11,
  progressSegment: 12,
  /** The worker serves. No task. */
  serving: 13,
  /** The worker leaves of its own accord, having reached its limit. No task. */
  retired: 14,
  /** An uncaught error that is about to end the worker. No task. */
  crash: 15,
  crashSegment: 16,
  /** The worker's exit listeners are about to run. No task. */
  exiting: 17,
} as const;

/** What `Operation.range` gives when all its results are in the column. */
export const RANGE_DONE: unique symbol = Symbol('range done');

/** A result record of the rest of a lap. */
export const SKIP = 0xffffffff;

/**
 * How long a thread may stay in a native wait before it returns to JavaScript, in ms: bounds how late it notices that it
 * is being ended where nobody can wake it first.
 */
export const SLICE = 250;

/**
 * The same for an idle worker of the main thread: whatever ends that one wakes the worker first, so this is a net under
 * it and should cost nothing.
 */
export const LONG_SLICE = 2000;
