import { isMainThread as isMain, threadId as idOfThread, workerData } from 'node:worker_threads';

/** What a thread or process of ours is told about itself at its start, as far as the layers below have to know. */
export interface Told {
  readonly allcores: true;
  /** Path of the native addon: looking for it takes longer than loading it. */
  readonly addon: string;
  /** Said by the entry of a process, which is its main thread. */
  readonly isMainThread?: boolean;
  readonly name?: string;
  readonly daemon?: boolean;
  readonly workerId?: number;
  readonly numbers?: readonly number[];
  readonly parent?: Parent;
}

/** Who started a process. */
export interface Parent {
  readonly name: string;
  readonly pid: number;
}

/** Where the entry of a process leaves what it was told, before this module is loaded. Each thread has a `process` of its own. */
const place = Symbol.for('allcores.told');
const own = process as unknown as { [place]?: Told };

/**
 * Whether this is the main thread of its process. The entry of a process says so, and Node need not be asked: its
 * module takes milliseconds to load, and nothing else in the start of a process needs it.
 */
export const isMainThread: boolean = own[place]?.isMainThread ?? isMain;

/** Node's number of this thread. */
export const threadId: number = isMainThread ? 0 : idOfThread;

/** What this thread was told; undefined for those that we have not started. */
export function told(): Told | undefined {
  if (own[place] !== undefined || isMainThread) return own[place];
  const data = workerData as Told | null;
  return data?.allcores === true ? data : undefined;
}

/** For one that learns the rest only later. */
export function tell(rest: Told): void {
  own[place] = rest;
}

/** Given by the loader of the part of this library that workers load: tools/bundle.mjs. */
declare const compiledCode: (() => Uint8Array) | undefined;

/** The code of that part as far as this thread has compiled it; undefined where this module was loaded in another way. */
export const compiledCore: (() => Uint8Array) | undefined =
  typeof compiledCode === 'undefined' ? undefined : compiledCode;
