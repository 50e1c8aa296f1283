import { shown } from '../base/validate.js';
import { Operation } from '../runtime/protocol.js';
import { Task, type TaskLimits } from '../runtime/task.js';
import type { AnyFunction } from '../transport/value/codec.js';
import { outcomesOf, type Chunk, type ItemOutcome } from './imap.js';
import type { PoolLifecycle } from './lifecycle.js';
import type { MapOptions } from './options.js';
import type { ProgressMeter } from './progress.js';

/** @throws {TypeError} when it is not iterable, or only in the event loop */
function open(items: unknown): Iterator<unknown> {
  const iterable = items as Partial<Iterable<unknown>> | null | undefined;
  if (typeof iterable?.[Symbol.iterator] === 'function') return (items as Iterable<unknown>)[Symbol.iterator]();
  if (typeof items === 'object' && items !== null && Symbol.asyncIterator in items) {
    throw new TypeError(
      `items must be an iterable: an async one cannot be read on a thread that blocks; got ${shown(items)}`,
    );
  }
  throw new TypeError(`items must be an iterable, got ${shown(items)}`);
}

/**
 * `imapSync` and `imapUnorderedSync`: as `Imap`, of which it keeps all rules, for a thread that blocks in `next` until there is
 * a result. The source is read there and nowhere else, so it runs on no stack but the consumer's.
 */
export class ImapSync implements IterableIterator<unknown>, Disposable {
  readonly #pool: PoolLifecycle;
  readonly #fn: AnyFunction;
  readonly #functionId: number;
  readonly #source: Iterator<unknown>;
  readonly #limits: TaskLimits | undefined;
  readonly #caller: { readonly stack?: string } | undefined;
  readonly #ordered: boolean;
  readonly #chunksize: number;
  readonly #buffersize: number;
  readonly #progress: ProgressMeter | undefined;
  /** In the order in which they are to be given. */
  readonly #chunks: Chunk[] = [];
  /** Outcomes that are next to be given. */
  readonly #ready: ItemOutcome[] = [];
  #ahead = 0;
  #done = 0;
  #exhausted = false;
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
  }

  [Symbol.iterator](): this {
    return this;
  }

  next(): IteratorResult<unknown> {
    if (this.#over) return { done: true, value: undefined };
    this.#read();
    if (!this.#advance() && this.#chunks.length > 0) this.#pool.dispatcher.waitSync(() => this.#advance());
    const outcome = this.#ready.shift();
    if (outcome === undefined) {
      this.#over = true;
      this.#progress?.end(this.#done, this.#done);
      return { done: true, value: undefined };
    }
    this.#ahead--;
    // What a task throws is the user's own and may be anything.
    if ('error' in outcome) throw outcome.error as Error;
    return { done: false, value: outcome.value };
  }

  return(value?: unknown): IteratorResult<unknown> {
    this.#leave();
    return { done: true, value };
  }

  throw(error: unknown): IteratorResult<unknown> {
    this.#leave();
    throw error;
  }

  [Symbol.dispose](): void {
    this.#leave();
  }

  #leave(): void {
    if (this.#over) return;
    this.#over = true;
    const reason = new DOMException('The iteration was left', 'AbortError');
    for (const { task } of this.#chunks) if (task !== undefined) this.#pool.dispatcher.cancel(task, reason);
    this.#chunks.length = 0;
    this.#ready.length = 0;
    if (this.#exhausted) return;
    this.#exhaust();
    this.#source.return?.();
  }

  /** The source is asked no more. */
  #exhaust(): void {
    this.#exhausted = true;
    this.#pool.sourceEnded();
  }

  /** Reads and submits as far as the buffer allows. */
  #read(): void {
    while (!this.#exhausted && this.#ahead < this.#buffersize) {
      const items: unknown[] = [];
      const failure = this.#collect(items, Math.min(this.#chunksize, this.#buffersize - this.#ahead));
      if (this.#over) return; // the source has left the iteration
      if (items.length > 0) this.#submit(items);
      if (failure === undefined) continue;
      this.#chunks.push({ task: undefined, outcomes: [failure] });
      this.#ahead++;
    }
  }

  /** Reads up to `most` items; gives what the end of the source is, if that is no ordinary one. */
  #collect(items: unknown[], most: number): ItemOutcome | undefined {
    try {
      while (items.length < most && !this.#over) {
        const signal = this.#limits?.signal;
        if (signal?.aborted === true) {
          items.length = 0;
          this.#exhaust();
          this.#source.return?.();
          return { error: signal.reason };
        }
        const { done, value } = this.#source.next();
        if (done === true) {
          this.#exhaust();
          return undefined;
        }
        items.push(value);
      }
      return undefined;
    } catch (error) {
      if (!this.#exhausted) this.#exhaust();
      return { error };
    }
  }

  #submit(items: unknown[]): void {
    const chunk: Chunk = { task: undefined, outcomes: undefined };
    const single = items.length === 1;
    const end = (outcomes: ItemOutcome[]): void => this.#ended(chunk, outcomes);
    const task = new Task(
      this.#functionId,
      this.#fn,
      single ? Operation.call : Operation.each,
      single ? items : [items],
      (value: unknown) => end(single ? [{ value }] : outcomesOf(value)),
      (error) => end(items.map(() => ({ error }))),
      this.#limits,
    );
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

  #ended(chunk: Chunk, outcomes: ItemOutcome[]): void {
    chunk.task = undefined;
    chunk.outcomes = outcomes;
    if (this.#over) return;
    this.#done += outcomes.length;
    this.#progress?.report(this.#done);
    if (this.#ordered) return;
    this.#chunks.splice(this.#chunks.indexOf(chunk), 1);
    this.#ready.push(...outcomes);
  }

  /** Moves the outcomes of the chunk whose turn it is, if it has ended. False: there is nothing to give. */
  #advance(): boolean {
    if (this.#ready.length > 0) return true;
    const outcomes = this.#chunks[0]?.outcomes;
    if (outcomes === undefined) return false;
    this.#chunks.shift();
    this.#ready.push(...outcomes);
    return true;
  }
}
