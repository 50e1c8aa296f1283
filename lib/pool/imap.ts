import { Operation } from '../runtime/protocol.js';
import { Task, type TaskLimits } from '../runtime/task.js';
import type { AnyFunction } from '../transport/value/codec.js';
import { ItemSource } from './item-source.js';
import type { PoolLifecycle } from './lifecycle.js';
import type { MapOptions } from './options.js';
import { ProgressMeter } from './progress.js';

/** What became of one item. */
export type ItemOutcome = { readonly value: unknown } | { readonly error: unknown };
interface Waiter {
  readonly resolve: (result: IteratorResult<unknown>) => void;
  readonly reject: (error: unknown) => void;
}

/** A chunk that was submitted, or the error of the source in its place. Its task is gone once it has ended. */
export interface Chunk {
  task: Task | undefined;
  outcomes: ItemOutcome[] | undefined;
}

/**
 * `imap` and `imapUnordered`: reads the source lazily, at most `buffersize` items ahead of the consumer, and gives results
 * as they are asked for. An error of an item is given at its place, and iteration may go on after it, or with `failFast`
 * ends; an error of the source comes after all results before it and is the end. Leaving early, and `failFast`, cancel what
 * is under way and close the source.
 */
export class Imap implements AsyncIterableIterator<unknown> {
  readonly #pool: PoolLifecycle;
  readonly #fn: AnyFunction;
  readonly #functionId: number;
  readonly #source: ItemSource;
  readonly #limits: TaskLimits | undefined;
  readonly #caller: { readonly stack?: string } | undefined;
  readonly #ordered: boolean;
  readonly #chunksize: number;
  readonly #buffersize: number;
  readonly #failFast: boolean;
  readonly #progress: ProgressMeter | undefined;
  /** In the order in which they are to be given. */
  readonly #chunks: Chunk[] = [];
  /** Outcomes that are next to be given. */
  readonly #ready: ItemOutcome[] = [];
  readonly #waiters: Waiter[] = [];
  /** Chunks whose tasks have not ended. */
  #underWay = 0;
  /** Items that were submitted. */
  #submitted = 0;
  #ahead = 0;
  #done = 0;
  #reading = false;
  #exhausted = false;
  /** By a signal or by `failFast`: nothing is read any more, whatever the source still owes. */
  #cut = false;
  #over = false;

  constructor(
    pool: PoolLifecycle,
    fn: AnyFunction,
    items: unknown,
    limits: TaskLimits | undefined,
    options: MapOptions,
    caller: { readonly stack?: string } | undefined,
    ordered: boolean,
  ) {
    this.#pool = pool;
    this.#fn = fn;
    this.#functionId = pool.dispatcher.functions.functionId(fn);
    this.#source = new ItemSource(items);
    this.#limits = limits;
    this.#caller = caller;
    this.#ordered = ordered;
    this.#chunksize = options.chunksize ?? 1;
    this.#buffersize = options.buffersize ?? this.#chunksize * Math.max(64, 4 * pool.dispatcher.staffing.processes);
    this.#failFast = options.failFast ?? false;
    this.#progress = ProgressMeter.of(options, undefined);
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
    this.#cancelFrom(0, new DOMException('The iteration was left', 'AbortError'));
    this.#progress?.end(this.#done);
    this.#ready.length = 0;
    for (const { resolve } of this.#waiters.splice(0)) resolve({ done: true, value: undefined });
    if (this.#exhausted) return;
    this.#pool.sourceEnded();
    if (this.#reading) this.#source.closeLater();
    else await this.#source.close();
  }

  #end(): void {
    this.#over = true;
    this.#limits?.signal?.removeEventListener('abort', this.#onAbort);
  }

  /** What is under way is rejected by the dispatcher; after that the reason is the end, as an error of the source is. */
  readonly #onAbort = (): void => {
    if (this.#over || this.#exhausted) return;
    this.#cutOff();
    this.#chunks.push({ task: undefined, outcomes: [{ error: this.#limits!.signal!.reason }] });
    this.#ahead++;
    this.#tellEnd();
    this.#deliver();
  };

  /** The source is asked for nothing more, and is closed. */
  #cutOff(): void {
    this.#cut = true;
    if (this.#exhausted) return;
    this.#exhaust();
    this.#source.closeLater();
  }

  /** Forgets chunks from a place on. */
  #cancelFrom(place: number, reason: unknown): void {
    for (const chunk of this.#chunks.splice(place)) {
      const { task } = chunk;
      chunk.task = undefined; // it ends as cancelled, which nobody is to hear of
      if (task === undefined) continue;
      this.#underWay--;
      this.#pool.dispatcher.cancel(task, reason);
    }
  }

  /** Reads and submits as far as the buffer allows. One at a time: an async source is not asked twice at once. */
  async #read(): Promise<void> {
    if (this.#reading) return;
    this.#reading = true;
    try {
      while (!this.#over && !this.#exhausted && this.#ahead < this.#buffersize) {
        const items: unknown[] = [];
        const most = Math.min(this.#chunksize, this.#buffersize - this.#ahead);
        const end = await this.#source.read(items, most);
        if (end !== undefined) this.#exhaust();
        if (this.#over || this.#cut) return;
        if (items.length > 0) this.#submit(items);
        if (end?.failure !== undefined) this.#sourceFailed(end.failure);
      }
    } finally {
      this.#reading = false;
      this.#tellEnd();
    }
    this.#deliver();
  }

  #sourceFailed(failure: ItemOutcome): void {
    if (this.#cut) return; // by the last items before it
    this.#chunks.push({ task: undefined, outcomes: [failure] });
    this.#ahead++;
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
    const end = (outcomes: ItemOutcome[]): void => this.#ended(chunk, outcomes);
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
    this.#underWay++;
    this.#ahead += items.length;
    try {
      this.#pool.dispatcher.submit(task);
    } catch (error) {
      end(items.map(() => ({ error }))); // an item that cannot be encoded
    }
  }

  #ended(chunk: Chunk, outcomes: ItemOutcome[]): void {
    if (chunk.task === undefined) return;
    chunk.task = undefined;
    chunk.outcomes = outcomes;
    this.#underWay--;
    this.#done += outcomes.length;
    this.#progress?.report(this.#done);
    const place = this.#chunks.indexOf(chunk);
    if (!this.#ordered) {
      this.#chunks.splice(place, 1);
      this.#ready.push(...outcomes);
    }
    if (this.#failFast) this.#endAtError(this.#ordered ? outcomes : this.#ready, this.#ordered ? place + 1 : 0);
    this.#tellEnd();
    this.#deliver();
    void this.#read();
  }

  /** Nothing comes after the first error among `outcomes`, which the chunks from `next` on follow. */
  #endAtError(outcomes: ItemOutcome[], next: number): void {
    const first = outcomes.find((outcome) => 'error' in outcome);
    if (first === undefined) return;
    outcomes.length = outcomes.indexOf(first) + 1;
    this.#cutOff();
    this.#cancelFrom(next, first.error);
  }

  /** The last report, once all results are there, whether they were asked for or not. */
  #tellEnd(): void {
    if (this.#over || !this.#exhausted || this.#underWay > 0 || (this.#reading && !this.#cut)) return;
    this.#progress?.end(this.#done, this.#cut ? undefined : this.#done);
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
    if (!this.#exhausted || this.#chunks.length > 0 || this.#ready.length > 0) return;
    if (this.#reading && !this.#cut) return;
    this.#end();
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
export function outcomesOf(result: unknown): ItemOutcome[] {
  const { values, errors } = result as { values: unknown[]; errors: number[] };
  const outcomes: ItemOutcome[] = values.map((value) => ({ value }));
  for (const index of errors) outcomes[index] = { error: values[index] };
  return outcomes;
}
