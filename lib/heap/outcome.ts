/** What came of an operation on a shared object: native/sync/wait_node.h. */
export const Outcome = {
  done: 0,
  /** Not now. */
  blocked: 1,
  timedOut: 2,
  closed: 3,
  broken: 4,
  notHeld: 5,
  notOwner: 6,
  overReleased: 7,
  noMemory: 8,
  notPresent: 9,
  conflict: 10,
  acting: 11,
  badIndex: 12,
} as const;

/** What a shared object is: native/object/object_header.h. */
export const Kind = {
  lock: 1,
  rlock: 2,
  semaphore: 3,
  condition: 4,
  event: 5,
  barrier: 6,
  queue: 7,
  connection: 8,
  value: 9,
  dict: 10,
  list: 11,
  manager: 12,
  array: 13,
} as const;

/** Bytes of the header that every object begins with. */
export const HEADER_BYTES = 64;

/** Byte offset of its flags, and the one that tells that the object's manager was shut down. */
export const FLAGS_AT = 12;
export const CLOSED = 1;

/** Byte offset of a single number in its object: native/container/numbers.h. */
export const NUMBER_AT = 96;
