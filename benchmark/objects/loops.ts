/** What workers do with the shared objects of `allcores`, each in a loop of its own, as fast as a program can do it. */
import type { Barrier, Lock, SharedDict, SharedList, Value } from 'allcores';
import { median } from '../statistics.js';

export interface LoopJob<T> {
  readonly object: T;
  /** Where the workers meet once they are warm. */
  readonly start: Barrier;
  /** 0 or 1. */
  readonly worker: number;
  /** Of the measured part, in ms. */
  readonly duration: number;
}

/** What one worker measured. */
export interface Loop {
  /** Of one operation, at the median batch. */
  readonly nanoseconds: number;
  /** Operations a second, over all batches. */
  readonly perSecond: number;
  /** How many operations it did in all, the unmeasured ones at the beginning included. */
  readonly operations: number;
}

/** Operations between two looks at the clock. */
export const batchSize = 500;

/** Runs batches for a while; what is done `between` them does not count. */
function timed({ start, duration }: LoopJob<unknown>, batch: () => void, between?: () => void): Loop {
  let batches = 0;
  const warm = performance.now() + duration / 4;
  do {
    batch();
    between?.();
    batches++;
  } while (performance.now() < warm);
  start.waitSync();
  const samples: number[] = [];
  const end = performance.now() + duration;
  for (let now = 0; now < end;) {
    const before = performance.now();
    batch();
    now = performance.now();
    samples.push(now - before);
    between?.();
    batches++;
  }
  const total = samples.reduce((sum, sample) => sum + sample, 0);
  return {
    nanoseconds: (median(samples) * 1e6) / batchSize,
    perSecond: (samples.length * batchSize * 1000) / total,
    operations: batches * batchSize,
  };
}

function fail(what: string): never {
  throw new Error(`wrong result: ${what}`);
}

export function lockAndUnlock(job: LoopJob<Lock>): Loop {
  const lock = job.object;
  return timed(job, () => {
    for (let i = 0; i < batchSize; i++) {
      lock.acquireSync();
      lock.release();
    }
  });
}

/** A number and the lock that makes `+= 1` of it safe. */
export interface Guarded {
  readonly lock: Lock;
  readonly count: Value<'int32'>;
}

export function addUnderLock(job: LoopJob<Guarded>): Loop {
  const { lock, count } = job.object;
  return timed(job, () => {
    for (let i = 0; i < batchSize; i++) {
      lock.acquireSync();
      count.value += 1;
      lock.release();
    }
  });
}

export function addToValue(job: LoopJob<Value<'int32'>>): Loop {
  const value = job.object;
  return timed(job, () => {
    for (let i = 0; i < batchSize; i++) value.add(1);
  });
}

/** Of one worker: no two workers have one in common. */
function keysOf(worker: number): string[] {
  return Array.from({ length: batchSize }, (_, i) => `worker-${worker}-key-${i}`);
}

export function setInDict(job: LoopJob<SharedDict<string, number>>): Loop {
  const dict = job.object;
  const keys = keysOf(job.worker);
  let value = 0;
  const loop = timed(job, () => {
    for (let i = 0; i < batchSize; i++) dict.set(keys[i]!, value++);
  });
  keys.forEach((key, i) => dict.get(key) === value - batchSize + i || fail(`${key} in the dict`));
  return loop;
}

/** Each worker has a dict of its own. */
export function setInOwnDict(job: LoopJob<SharedDict<string, number>[]>): Loop {
  return setInDict({ ...job, object: job.object[job.worker]! });
}

export function getFromDict(job: LoopJob<SharedDict<string, number>>): Loop {
  const dict = job.object;
  const keys = keysOf(job.worker);
  keys.forEach((key, i) => dict.set(key, i));
  let sum = 0;
  const loop = timed(job, () => {
    for (let i = 0; i < batchSize; i++) sum += dict.get(keys[i]!)!;
  });
  return sum === (loop.operations * (batchSize - 1)) / 2 ? loop : fail('the sum of what was in the dict');
}

/** The list is emptied after each batch, so that the number of operations has no bound. */
export function appendToList(job: LoopJob<SharedList<number>>): Loop {
  const list = job.object;
  return timed(
    job,
    () => {
      for (let i = 0; i < batchSize; i++) list.append(i);
    },
    () => {
      if (list.length !== batchSize || list.at(-1) !== batchSize - 1) fail('what was appended to the list');
      list.clear();
    },
  );
}

export function readFromList(job: LoopJob<SharedList<number>>): Loop {
  const list = job.object;
  list.extend(Array.from({ length: batchSize }, (_, i) => i));
  let sum = 0;
  const loop = timed(job, () => {
    for (let i = 0; i < batchSize; i++) sum += list.at(i)!;
  });
  return sum === (loop.operations * (batchSize - 1)) / 2 ? loop : fail('the sum of what was in the list');
}
