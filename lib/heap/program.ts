import { HeapFullError } from '../base/errors.js';
import { threadId } from '../base/told.js';
import { EXCHANGE, type NativeAgent } from '../binding/agent.js';
import { native } from '../binding/native.js';
import { made } from './native-error.js';

/** The exchange buffer of this thread, as JavaScript sees it. */
export interface Exchange {
  /** What comes beside the number that a native function returns. */
  readonly control: Float64Array;
  /** Lists of numbers. */
  readonly table: Float64Array;
  /** A key of a dict. */
  readonly key: Buffer;
  /** Bytes to the native side, and from it. */
  readonly sent: Buffer;
  readonly given: Buffer;
}

const MAIL_LISTENERS: ((node: number, outcome: number, result: number) => void)[] = [];

/** What this thread can do with shared objects. Set by {@link join}, which everything that makes a handle calls first. */
export let agent: NativeAgent;
export let exchange: Exchange;

let joined = false;

/** Has this thread take part in the program's shared memory. @throws {HeapFullError | ProcessError} when it cannot */
export function join(): NativeAgent {
  if (joined) return agent;
  agent = made(
    () => native.joinProgram(threadId, readMail),
    () => new HeapFullError('The system gives no memory for shared objects'),
  );
  const { exchange: buffer } = agent;
  exchange = {
    control: new Float64Array(buffer, 0, EXCHANGE.table / 8),
    table: new Float64Array(buffer, EXCHANGE.table, EXCHANGE.tableLength),
    key: Buffer.from(buffer, EXCHANGE.key, EXCHANGE.keyBytes),
    sent: Buffer.from(buffer, EXCHANGE.sent, EXCHANGE.dataBytes),
    given: Buffer.from(buffer, EXCHANGE.given, EXCHANGE.dataBytes),
  };
  joined = true;
  return agent;
}

function readMail(): void {
  const { table } = exchange;
  for (let count = agent.takeMail(); count > 0; count = agent.takeMail()) {
    // Copied first: whoever is told may use the table.
    const ended = table.slice(0, count * 3);
    for (let at = 0; at < ended.length; at += 3) {
      for (const listener of MAIL_LISTENERS) listener(ended[at]!, ended[at + 1]!, ended[at + 2]!);
    }
  }
}

/** Has the ends of waits in the event loop reported. */
export function onWaitEnded(listener: (node: number, outcome: number, result: number) => void): void {
  MAIL_LISTENERS.push(listener);
}

/** The number by which {@link interruptWaits} knows a thread: `threadId` of node:worker_threads. */
export function interruptWaits(thread: number): void {
  native.interruptParticipant(thread);
}

const WINDOW = 2 ** 20;
const windows = new Map<number, ArrayBuffer>();

/** The part of the heap in which an object lies, and the object's byte offset in it. */
export function windowOf(object: number): { readonly buffer: ArrayBuffer; readonly at: number } {
  const number = Math.floor(object / WINDOW);
  let buffer = windows.get(number);
  if (buffer === undefined) {
    buffer = agent.window(number);
    windows.set(number, buffer);
  }
  return { buffer, at: object - number * WINDOW };
}

/** Figures of the shared heap, in bytes. */
export interface HeapFigures {
  /** It may grow so far: the machine's memory, or `ALLCORES_HEAP_LIMIT`. */
  readonly limit: number;
  /** In use by objects and values. */
  readonly live: number;
  /** Taken from the system. */
  readonly committed: number;
  /** Number of blocks in use. */
  readonly blocks: number;
}

/** How much of the shared heap is used: by locks, queues, values and everything that managers hold. */
export function heapFigures(): HeapFigures {
  join().heapFigures();
  const [limit = 0, live = 0, committed = 0, blocks = 0] = exchange.control;
  return { limit, live, committed, blocks };
}
