import { Operation } from '../runtime/protocol.js';
import { Task, type TaskLimits } from '../runtime/task.js';
import type { AnyFunction } from '../transport/value/codec.js';
import type { SourceEnd } from './item-source.js';
import type { PoolLifecycle } from './lifecycle.js';
import type { Notify } from './notices.js';
import type { ImapOptions } from './options.js';
import { OutcomeQueue, outcomesOf, type Chunk, type ItemOutcome } from './outcome-queue.js';
import { ProgressMeter } from './progress.js';

/** What a lazy map is to do. */
export interface LazyMapSettings {
  readonly pool: PoolLifecycle;
  readonly fn: AnyFunction;
  readonly limits: TaskLimits | undefined;
  readonly options: ImapOptions;
  readonly caller: { readonly stack?: string } | undefined;
  /** Results are given in the order of the items, not as they come. */
  readonly ordered: boolean;
}

/**
 * One `imap` on its way, however it is read and waited for: submits the items that it is given, puts outcomes in order, and
 * bounds how many there are ahead of the consumer. An error of an item is an outcome, or with `failFast` the last one; an
 * error of the source comes after all results before it and is the end. Leaving early, a signal and `failFast` cut it off:
 * what is under way is cancelled, and the source closed. A signal's reason passes the results that are there already.
 */
export class LazyMap {
  readonly #settings: LazyMapSettings;
  readonly #functionId: number;
  readonly #source: { closeLater(): void };
  readonly #chunksize: number;
  readonly #buffersize: number;
  readonly #progress: ProgressMeter | undefined;
  readonly #onNews: () => void;
  readonly #outcomes: OutcomeQueue;
  /** Chunks whose tasks have not ended, and items that are being taken in. */
  #underWay = 0;
  /** Items that were taken in; those of them that were not given; those whose outcomes are known. */
  #taken = 0;
  #ahead = 0;
  #done = 0;
  #exhausted = false;
  /** By a signal or by `failFast`: nothing is read any more, whatever the source still owes. */
  #cut = false;
  #over = false;

  /** @param onNews there may be more to give, or room for more */
  constructor(settings: LazyMapSettings, source: { closeLater(): void }, notify: Notify, onNews: () => void) {
    const { pool, fn, limits, options } = settings;
    this.#settings = settings;
    this.#functionId = pool.dispatcher.functions.functionId(fn);
    this.#source = source;
    const { chunksize = 1 } = options;
    this.#buffersize = options.buffersize ?? chunksize * Math.max(64, 4 * pool.dispatcher.staffing.processes);
    this.#chunksize = Math.min(chunksize, this.#buffersize);
    this.#progress = ProgressMeter.of(options, undefined, notify);
    this.#outcomes = new OutcomeQueue(settings.ordered);
    this.#onNews = onNews;
    pool.sourceOpened();
    if (limits?.signal?.aborted === true) this.#abort();
    else limits?.signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  /** It was left, or everything was given. */
  get over(): boolean {
    return this.#over;
  }

  /** How many items may be read now: a whole chunk or none, else each item that is given would make a chunk of one. */
  get room(): number {
    if (this.#over || this.#exhausted || this.#ahead + this.#chunksize > this.#buffersize) return 0;
    return this.#chunksize;
  }

  /** The next outcome is under way. */
  get pending(): boolean {
    return this.#outcomes.pending;
  }

  /** Takes in what was read of the source, and its end if it came to that. */
  accept(items: readonly unknown[], end: SourceEnd | undefined): void {
    if (this.#over || this.#exhausted) return; // left, or cut off, while the source was asked
    this.#exhausted = end !== undefined;
    this.#underWay++;
    const first = this.#taken;
    this.#taken += items.length;
    this.#ahead += items.length;
    if (items.length > 0) this.#submit(items, first);
    if (end?.failure !== undefined && !this.#cut) this.#putError(end.failure);
    this.#underWay--;
    if (end === undefined) return;
    this.#settings.pool.sourceEnded();
    this.#tellEnd();
  }

  /** The next outcome; undefined: it is pending, or there is none. */
  take(): ItemOutcome | undefined {
    const outcome = this.#outcomes.shift();
    if (outcome !== undefined) this.#ahead--;
    return outcome;
  }

  /** Ends it, if everything was given. False: there is more to come. */
  finish(): boolean {
    if (!this.#exhausted || this.#underWay > 0 || !this.#outcomes.isEmpty) return false;
    this.#end();
    return true;
  }

  /** The consumer wants no more. True: the source is still to be closed. */
  leave(): boolean {
    if (this.#over) return false;
    this.#end();
    this.#cancel(this.#outcomes.clear(), new DOMException('The iteration was left', 'AbortError'));
    this.#progress?.end(this.#done);
    if (this.#exhausted) return false;
    this.#settings.pool.sourceEnded();
    return true;
  }

  #end(): void {
    this.#over = true;
    this.#settings.limits?.signal?.removeEventListener('abort', this.#onAbort);
  }

  readonly #onAbort = (): void => {
    this.#abort();
    this.#onNews();
  };

  /** What has not been given is forgotten: the reason comes next, and is the end. */
  #abort(): void {
    if (this.#over || this.finish()) return;
    const { reason } = this.#settings.limits!.signal!;
    this.#cutOff();
    this.#cancel(this.#outcomes.clear(), reason);
    this.#putError({ error: reason });
    this.#tellEnd();
  }

  /** The source is asked for nothing more, and is closed. */
  #cutOff(): void {
    this.#cut = true;
    if (this.#exhausted) return;
    this.#exhausted = true;
    this.#settings.pool.sourceEnded();
    this.#source.closeLater();
  }

  #putError(failure: ItemOutcome): void {
    this.#outcomes.push({ task: undefined, outcomes: [failure] });
    this.#ahead++;
  }

  #cancel(chunks: readonly Chunk[], reason: unknown): void {
    for (const chunk of chunks) {
      const { task } = chunk;
      chunk.task = undefined; // it ends as cancelled, which nobody is to hear of
      if (task === undefined) continue;
      this.#underWay--;
      this.#settings.pool.dispatcher.cancel(task, reason);
    }
  }

  #submit(items: readonly unknown[], first: number): void {
    const { pool, fn, limits, caller } = this.#settings;
    const chunk: Chunk = { task: undefined, outcomes: undefined };
    const single = items.length === 1;
    const fail = (error: unknown): void => this.#ended(chunk, items.map(() => ({ error }))); // prettier-ignore
    const task = new Task(
      this.#functionId,
      fn,
      single ? Operation.item : Operation.each,
      single ? items : [items],
      (value: unknown) => this.#ended(chunk, single ? [{ value }] : outcomesOf(value)),
      fail,
      limits,
    );
    task.firstItem = first;
    task.caller = caller;
    chunk.task = task;
    this.#outcomes.push(chunk);
    this.#underWay++;
    try {
      pool.dispatcher.submit(task);
    } catch (error) {
      if (single) fail(error);
      else this.#submitEach(chunk, items, first);
    }
  }

  /** An item of the chunk cannot be encoded, which is to cost no other one. */
  #submitEach(chunk: Chunk, items: readonly unknown[], first: number): void {
    if (chunk.task === undefined) return; // forgotten, by what reading the item did
    chunk.task = undefined;
    this.#underWay--;
    this.#outcomes.remove(chunk);
    for (const [i, item] of items.entries()) {
      if (this.#cut || this.#over) return;
      this.#submit([item], first + i);
    }
  }

  #ended(chunk: Chunk, outcomes: ItemOutcome[]): void {
    if (chunk.task === undefined) return;
    chunk.task = undefined;
    this.#underWay--;
    this.#done += outcomes.length;
    this.#progress?.report(this.#done);
    this.#outcomes.ended(chunk, outcomes);
    if (this.#settings.options.failFast === true) this.#endAtError(chunk);
    this.#tellEnd();
    this.#onNews();
  }

  /** Nothing comes after the first error. */
  #endAtError(chunk: Chunk): void {
    const end = this.#outcomes.endAtError(chunk);
    if (end === undefined) return;
    this.#cutOff();
    this.#cancel(end.forgotten, end.error);
  }

  /** The last report, once all results are there, whether they were asked for or not. */
  #tellEnd(): void {
    if (this.#over || !this.#exhausted || this.#underWay > 0) return;
    this.#progress?.end(this.#done, this.#cut ? undefined : this.#done);
  }
}
