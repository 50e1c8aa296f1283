import type { MessagePort } from 'node:worker_threads';
import type { Parent } from '../../base/told.js';
import type { PoolSize } from '../../binding/pool.js';
import type { FunctionDescriptor } from '../../transport/function/protocol.js';
import type { Encoded } from '../../transport/value/codec.js';

/** A function as it is shipped: captured values as an encoded message, the rest as plain data. */
export interface Definition {
  readonly id: number;
  readonly descriptor: FunctionDescriptor;
  readonly captured: Encoded | undefined;
  /** The values of top-level names that hold shared objects. */
  readonly values?: Encoded;
}

/** What the owner tells a worker beside its tasks; the worker reads it when it meets a number that it does not know. */
export type InboxMessage =
  | { readonly type: 'define'; readonly definition: Definition }
  | { readonly type: 'forget'; readonly id: number }
  | { readonly type: 'buffer'; readonly id: number; readonly buffer: SharedArrayBuffer }
  | { readonly type: 'release'; readonly id: number }
  /** For the listeners of a process for SIGINT. */
  | { readonly type: 'interrupt' }
  /**
   * What a worker is that was started without having been told, a `Start`, and the arguments of the program: the first
   * of all messages.
   */
  | { readonly type: 'start'; readonly start: unknown; readonly argv: readonly string[] };

/** What a thread is told beside that. */
export interface InThread {
  readonly inbox: MessagePort;
  /** What it begins with, if there is any: see host/core-code.ts. */
  readonly code: Uint8Array<SharedArrayBuffer> | undefined;
}

/** What a worker is told at its start. */
export interface WorkerData {
  readonly allcores: true;
  /** Path of the native addon. */
  readonly addon: string;
  readonly poolId: number;
  readonly size: PoolSize;
  readonly slot: number;
  readonly workerId: number;
  readonly name: string;
  /** Whose pool it is. */
  readonly parent: Parent;
  /** Everything that the inbox would have brought so far. */
  readonly known: readonly InboxMessage[];
  /** The worker leaves after so many tasks; 0: never. */
  readonly mostTasks: number;
  /** The worker leaves once its own heap is larger, in bytes; 0: never. */
  readonly mostMemory: number;
  /** How long it may sleep before it returns to JavaScript, in ms. */
  readonly slice: number;
  /** The processor to run on, or -1. */
  readonly cpu: number;
}
