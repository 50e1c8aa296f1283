import { shown } from '../base/validate.js';
import { Operation } from '../runtime/protocol.js';
import { Task, type TaskLimits } from '../runtime/task.js';
import type { AnyFunction } from '../transport/value/codec.js';
import type { PoolLifecycle } from './lifecycle.js';
import type { MapOptions } from './options.js';
import type { ProgressMeter } from './progress.js';

type Source = Iterator<unknown> | AsyncIterator<unknown>;
type Outcome = { readonly value: unknown } | { readonly error: unknown };
interface Waiter {
  readonly resolve: (result: IteratorResult<unknown>) => void;
  readonly reject: (error: unknown) => void;
}

/** A chunk that was submitted, or the error of the source in its place. */
interface Chunk {
  task: Task | undefined;
  outcomes: Outcome[] | undefined;
}

/** @throws {TypeError} when it is neither iterable nor async iterable */
function open(items: unknown): Source {
  if (typeof items === 'string') return items[Symbol.iterator]();
  if (typeof items === 'object' && items !== null) {
    if (Symbol.asyncIterator in items) return (items as AsyncIterable<unknown>)[Symbol.asyncIterator]();
    if (Symbol.iterator in items) return (items as Iterable<unknown>)[Symbol.iterator]();
  }
  throw new TypeError(`items must be an iterable or an async iterable, got ${shown(items)}`);
}

/**
 * `imap` and `imapUnordered`: reads the source lazily, at most `buffersize` items ahead of the consumer, and gives results
 * as they are asked for. An error of an item is given at its place, and iteration may go on after it; an error of the source
 * comes after all results before it and is the end. Leaving early cancels what is under way and closes the source.
 */
export class Imap implements AsyncIterableIterator<unknown> {
  readonly #pool: PoolLifecycle;
  readonly #fn: AnyFunction;
  readonly #functionId: number;
  readonly #source: Source;
  readonly #limits: TaskLimits | undefined;
  readonly #caller: { readonly stack?: string } | undefined;
  readonly #ordered: boolean;
  readonly #chunksize: number;
  readonly #buffersize: number;
  readonly #progress: ProgressMeter | undefined;
  /** In the order in which they are to be given. */
  readonly #chunks: Chunk[] = [];
  /** Outcomes that are next to be given. */
  readonly #ready: Outcome[] = [];
  readonly #waiters: Waiter[] = [];
  /** Items that were submitted. */
  #submitted = 0;
  #ahead = 0;
  #done = 0;
  #reading = false;
  #exhausted = false;
  /** The signal was aborted: nothing is read any more, whatever the source still owes. */
  #aborted = false;
  #over = false;

  constructor(
    pool: PoolLifecycle,
    fn: AnyFunction,
    items: unknown,
    limits: TaskLimits | undefined,
    options: MapOptions,
    caller: { readonly stack?: string } | undefined,
    progress: ProgressMeter | undefined,
    ordered: boolean,
  ) {
    this.#pool = pool;
    this.#fn = fn;
    this.#functionId = pool.dispatcher.functions.functionId(fn);
    this.#source = open(items);
    this.#limits = limits;
    this.#caller = caller;
    this.#ordered = ordered;
    this.#chunksize = options.chunksize ?? 1;
    this.#buffersize = options.buffersize ?? this.#chunksize * Math.max(64, 4 * pool.dispatcher.staffing.processes);
    this.#progress = progress;
    pool.sourceOpened();
    const signal = limits?.signal;
    if (signal?.aborted === true) this.#onAbort();
    else signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<unknown>> {
    if (this.#over) return Promise.resolve({ done: true, value: undefined });
    const promise = new Promise<IteratorResult<unknown>>((resolve, reject) => this.#waiters.push({ resolve, reject }));
    this.#deliver();
    void this.#read();
    return promise;
  }

  async return(): Promise<IteratorResult<unknown>> {
    await this.#leave();
    return { done: true, value: undefined };
  }

  async throw(error: unknown): Promise<IteratorResult<unknown>> {
    await this.#leave();
    throw error;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#leave();
  }

  async #leave(): Promise<void> {
    if (this.#over) return;
    this.#end();
    const reason = new DOMException('The iteration was left', 'AbortError');
    for (const { task } of this.#chunks) if (task !== undefined) this.#pool.dispatcher.cancel(task, reason);
    this.#chunks.length = 0;
    this.#ready.length = 0;
    for (const { resolve } of this.#waiters.splice(0)) resolve({ done: true, value: undefined });
    if (this.#exhausted) return;
    this.#pool.sourceEnded();
    // An asynchronous generator that is being asked closes once it has answered, which may be never.
    if (this.#reading) this.#closeLater();
    else await this.#source.return?.();
  }

  #closeLater(): void {
    void (async () => this.#source.return?.())().catch(() => {});
  }

  #end(): void {
    this.#over = true;
    this.#limits?.signal?.removeEventListener('abort', this.#onAbort);
  }

  /** What is under way is rejected by the dispatcher; after that the reason is the end, as an error of the source is. */
  readonly #onAbort = (): void => {
    if (this.#over || this.#exhausted) return;
    this.#exhaust();
    this.#aborted = true;
    this.#closeLater();
    this.#chunks.push({ task: undefined, outcomes: [{ error: this.#limits!.signal!.reason }] });
    this.#ahead++;
    this.#deliver();
  };

  /** Reads and submits as far as the buffer allows. One at a time: an async source is not asked twice at once. */
  async #read(): Promise<void> {
    if (this.#reading) return;
    this.#reading = true;
    try {
      while (!this.#over && !this.#exhausted && this.#ahead < this.#buffersize) {
        const items: unknown[] = [];
        const most = Math.min(this.#chunksize, this.#buffersize - this.#ahead);
        const failure = await this.#collect(items, most);
        if (this.#over || this.#aborted) return;
        if (items.length > 0) this.#submit(items);
        if (failure !== undefined) {
          this.#chunks.push({ task: undefined, outcomes: [failure] });
          this.#ahead++;
        }
      }
    } finally {
      this.#reading = false;
    }
    this.#deliver();
  }

  /** Reads up to `most` items; gives the source's error, which is its end. */
  async #collect(items: unknown[], most: number): Promise<Outcome | undefined> {
    try {
      while (items.length < most) {
        // A synchronous source is read without a turn of the microtask queue for each item.
        const step = this.#source.next();
        const { done, value } = step instanceof Promise ? await step : step;
        if (done === true) {
          this.#exhaust();
          return undefined;
        }
        items.push(value);
      }
      return undefined;
    } catch (error) {
      this.#exhaust();
      return { error };
    }
  }

  /** After that the source is asked no more; unless it was left before. */
  #exhaust(): void {
    if (this.#exhausted) return;
    this.#exhausted = true;
    if (!this.#over) this.#pool.sourceEnded();
  }

  #submit(items: unknown[]): void {
    const chunk: Chunk = { task: undefined, outcomes: undefined };
    const single = items.length === 1;
    const end = (outcomes: Outcome[]): void => this.#ended(chunk, outcomes);
    const task = new Task(
      this.#functionId,
      this.#fn,
      single ? Operation.item : Operation.each,
      single ? items : [items],
      (value: unknown) => end(single ? [{ value }] : outcomesOf(value)),
      (error) => end(items.map(() => ({ error }))),
      this.#limits,
    );
    task.firstItem = this.#submitted;
    this.#submitted += items.length;
    task.caller = this.#caller;
    chunk.task = task;
    this.#chunks.push(chunk);
    this.#ahead += items.length;
    try {
      this.#pool.dispatcher.submit(task);
    } catch (error) {
      end(items.map(() => ({ error }))); // an item that cannot be encoded
    }
  }

  #ended(chunk: Chunk, outcomes: Outcome[]): void {
    chunk.task = undefined;
    chunk.outcomes = outcomes;
    if (this.#over) return;
    this.#done += outcomes.length;
    this.#progress?.report(this.#done);
    if (!this.#ordered) {
      this.#chunks.splice(this.#chunks.indexOf(chunk), 1);
      this.#ready.push(...outcomes);
    }
    this.#deliver();
    void this.#read();
  }

  /** Gives waiting consumers what is there. */
  #deliver(): void {
    while (this.#waiters.length > 0) {
      if (this.#ready.length === 0 && !this.#advance()) break;
      const outcome = this.#ready.shift()!;
      const waiter = this.#waiters.shift()!;
      this.#ahead--;
      if ('error' in outcome) waiter.reject(outcome.error);
      else waiter.resolve({ done: false, value: outcome.value });
    }
    if (this.#waiters.length === 0 || !this.#exhausted || this.#chunks.length > 0) return;
    if (this.#reading && !this.#aborted) return;
    this.#end();
    this.#progress?.end(this.#done, this.#done);
    for (const { resolve } of this.#waiters.splice(0)) resolve({ done: true, value: undefined });
  }

  /** Moves the outcomes of the chunk whose turn it is. False: it has not ended. */
  #advance(): boolean {
    // Without an order the first one as well: what has ended is gone already, but for an error of the source, which is last.
    const outcomes = this.#chunks[0]?.outcomes;
    if (outcomes === undefined) return false;
    this.#chunks.shift();
    this.#ready.push(...outcomes);
    return true;
  }
}

/** The outcomes of `Operation.each`. */
function outcomesOf(result: unknown): Outcome[] {
  const { values, errors } = result as { values: unknown[]; errors: number[] };
  const outcomes: Outcome[] = values.map((value) => ({ value }));
  for (const index of errors) outcomes[index] = { error: values[index] };
  return outcomes;
}
