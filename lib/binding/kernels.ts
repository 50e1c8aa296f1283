/** Where numbers lie in the buffer of a {@link NativeKernelHost}, in words of 8 bytes: native/addon/kernel_host.h. */
export const KERNEL_CALL = {
  inputs: 0,
  outputs: 1,
  arguments: 2,
  /** Each: segment, type, first byte, length. */
  vectors: 4,
  mostVectors: 16,
  /** Each: kind, and 64 bits. */
  numbers: 4 + 4 * 16,
  mostNumbers: 102,
} as const;

/** Of a run that is over. */
export const KERNEL_RESULT = { status: 0, numbers: 4, count: 4 } as const;

/** Kinds of numbers: native/kernel/call.h. */
export const ScalarKind = { none: 0, float: 1, int: 2, uint: 3 } as const;

/** How a run ended: native/kernel/call.h. */
export const KernelStatus = { done: 0, aborted: 1, noMemory: 2, outOfRange: 3, failed: 4 } as const;

export interface NativeParameter {
  readonly name: string;
  /** Number of a type; {@link ANY_TYPE}: of any. */
  readonly dtype: number;
  /** It has to have an element for each index. */
  readonly each: boolean;
}

export const ANY_TYPE = 255;

/** A kernel of somebody else, as it declares itself: include/allcores.h. */
export interface NativeUserKernel {
  readonly number: number;
  readonly name: string;
  readonly args: number;
  readonly inputs: readonly NativeParameter[];
  readonly outputs: readonly NativeParameter[];
}

/** Kernels that this thread runs. */
export interface NativeKernelHost {
  /** What a kernel is called with, and what a run has given. */
  buffer(): ArrayBuffer;
  /** Runs a kernel on this thread and those that help, and returns when it is over: its results are in the buffer. */
  runHere(kernel: number): void;
  /** Has a native thread run it. Gives a number for `abort` and `next`. */
  start(kernel: number): number;
  abort(run: number): void;
  /** A run that is over, whose results are in the buffer from now on; 0: there is none. */
  next(): number;
  /** What a kernel of somebody else says about the run whose results are in the buffer. */
  message(): string;
  /** Loads a library with a kernel: what that declares, or why there is none. */
  load(path: string): NativeUserKernel | string;
  /** To the buffer: threads, idle ones, queued runs, running ones, completed ones. */
  stats(): void;
}
