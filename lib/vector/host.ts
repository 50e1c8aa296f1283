import { ProcessError } from '../base/errors.js';
import {
  KERNEL_CALL,
  KERNEL_RESULT,
  KernelStatus,
  ScalarKind,
  type NativeKernelHost,
  type NativeUserKernel,
} from '../binding/kernels.js';
import { native } from '../binding/native.js';
import { threadId } from '../base/told.js';
import { noRoom } from '../heap/segment.js';
import { dtypeNames, dtypes } from '../memory/dtype.js';

/** Numbers that a kernel takes or gives. */
export type Scalar = number | bigint;
export type Results = readonly (Scalar | undefined)[];

/** The elements of a vector: where they are, and what. */
export interface Place {
  readonly segment: number;
  /** Number of the type. */
  readonly type: number;
  /** First byte in the segment. Default: 0. */
  readonly begin?: number;
  readonly length: number;
}

/** A kernel and what it is called with. */
export interface Call {
  /** The name of one that is built in, or the number of one that was loaded. */
  readonly kernel: string | number;
  readonly inputs: readonly Place[];
  readonly outputs?: readonly Place[];
  /** Bigints go over as integers, numbers as floats; {@link count} makes an integer of a number. */
  readonly numbers?: readonly Scalar[];
}

/** What the native threads of this process do, which run kernels. */
export interface KernelStats {
  /** Native threads of this process; 0 before the first kernel of this thread has run. */
  readonly threads: number;
  /** Of these, how many have nothing to do. */
  readonly idle: number;
  /** Runs that no thread has begun. */
  readonly queued: number;
  /** Runs that are under way. */
  readonly running: number;
  /** Runs that are over. */
  readonly completed: number;
}

interface Run {
  readonly call: Call;
  readonly resolve: (results: Results) => void;
  readonly reject: (reason: unknown) => void;
  readonly signal: AbortSignal | undefined;
  readonly onAbort: () => void;
}

const numberOf = new Map(native.kernelNames.map((name, number) => [name, number]));
const runs = new Map<number, Run>();

let host: NativeKernelHost | undefined;
let words = new Float64Array();
let signed = new BigInt64Array();
let unsigned = new BigUint64Array();

/** Native threads are started when this thread runs its first kernel. */
function open(): NativeKernelHost {
  if (host !== undefined) return host;
  host = new native.KernelHost(threadId, settle);
  const buffer = host.buffer();
  words = new Float64Array(buffer);
  signed = new BigInt64Array(buffer);
  unsigned = new BigUint64Array(buffer);
  return host;
}

/** Loads a kernel of somebody else. @returns why there is none, as a string */
export function load(path: string): NativeUserKernel | string {
  return open().load(path);
}

/** A small integer as an argument, exact on the other side. */
export function count(value: number): bigint {
  return BigInt(value);
}

/** Runs it on this thread and those that help. @throws {HeapFullError | ProcessError | RangeError} as {@link run} rejects */
export function runHere(call: Call): Results {
  const opened = open();
  opened.runHere(write(call));
  const error = failure(call);
  if (error !== undefined) throw error;
  return read();
}

/**
 * Has native threads run it.
 * @returns its numbers; rejects with `signal.reason`, once no thread uses its vectors any more, with a {@link HeapFullError} when
 * there is no memory, and with a `RangeError` for an index that is outside
 */
export function run(call: Call, signal?: AbortSignal): Promise<Results> {
  if (signal?.aborted) return Promise.reject(signal.reason as Error);
  const opened = open();
  const number = opened.start(write(call));
  return new Promise((resolve, reject) => {
    const onAbort = (): void => opened.abort(number);
    runs.set(number, { call, resolve, reject, signal, onAbort });
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

/** What the native threads of this process are doing, for all its threads. */
export function kernelStats(): KernelStats {
  if (host === undefined) return { threads: 0, idle: 0, queued: 0, running: 0, completed: 0 };
  host.stats();
  const [threads = 0, idle = 0, queued = 0, running = 0, completed = 0] = words;
  return { threads, idle, queued, running, completed };
}

/** Some runs are over: called on the event loop. */
function settle(): void {
  for (let number = host!.next(); number !== 0; number = host!.next()) {
    const { call, resolve, reject, signal, onAbort } = runs.get(number)!;
    runs.delete(number);
    signal?.removeEventListener('abort', onAbort);
    const error = failure(call);
    if (error === undefined) resolve(read());
    else reject(error instanceof Aborted ? signal?.reason : error);
  }
}

/** @returns the kernel's number */
function write({ kernel, inputs, outputs = [], numbers = [] }: Call): number {
  words[KERNEL_CALL.inputs] = inputs.length;
  words[KERNEL_CALL.outputs] = outputs.length;
  words[KERNEL_CALL.arguments] = numbers.length;
  let at: number = KERNEL_CALL.vectors;
  for (const places of [inputs, outputs]) {
    for (const { segment, type, begin = 0, length } of places) {
      words[at] = segment;
      words[at + 1] = type;
      words[at + 2] = begin;
      words[at + 3] = length;
      at += 4;
    }
  }
  at = KERNEL_CALL.numbers;
  for (const number of numbers) {
    if (typeof number === 'number') {
      words[at] = ScalarKind.float;
      words[at + 1] = number;
    } else {
      words[at] = number < 0n ? ScalarKind.int : ScalarKind.uint;
      signed[at + 1] = number;
    }
    at += 2;
  }
  return typeof kernel === 'number' ? kernel : numberOf.get(kernel)!;
}

function read(): Results {
  const results: (Scalar | undefined)[] = [];
  for (let i = 0; i < KERNEL_RESULT.count; i++) results.push(numberAt(KERNEL_RESULT.numbers + 2 * i));
  return results;
}

function numberAt(at: number): Scalar | undefined {
  switch (words[at]) {
    case ScalarKind.float:
      return words[at + 1];
    case ScalarKind.int:
      return signed[at + 1];
    case ScalarKind.uint:
      return unsigned[at + 1];
    default:
      return undefined;
  }
}

function bytesOf({ inputs, outputs = [] }: Call): number {
  let bytes = 0;
  for (const { type, length } of [...inputs, ...outputs]) bytes += length * dtypes[dtypeNames[type]!].BYTES_PER_ELEMENT;
  return bytes;
}

/** Somebody wanted the run no more. */
class Aborted extends ProcessError {}

function failure(call: Call): Error | undefined {
  switch (words[KERNEL_RESULT.status]) {
    case KernelStatus.aborted:
      return new Aborted('The kernel was aborted');
    case KernelStatus.noMemory:
      return noRoom(`what kernel ${call.kernel} needs beside its vectors of ${bytesOf(call)} bytes`, false);
    case KernelStatus.outOfRange: {
      const [place, index] = read();
      return new RangeError(`indices[${place}] must be the index of an element, got ${index}`);
    }
    case KernelStatus.failed: {
      const message = host!.message();
      return new ProcessError(message === '' ? `The kernel failed with ${read()[0]}` : message);
    }
    default:
      return undefined;
  }
}
