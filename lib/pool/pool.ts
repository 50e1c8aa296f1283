import type { Transform } from 'node:stream';
import { BootstrapError } from '../base/errors.js';
import { optionalInteger, optionalMillis, requireInteger } from '../base/validate.js';
import { native } from '../binding/native.js';
import { startMethodOf } from '../process/start-method.js';
import { isLoading } from '../runtime/current-task.js';
import { Operation } from '../runtime/protocol.js';
import type { AsyncResult } from './async-result.js';
import { PoolLifecycle } from './lifecycle.js';
import { MapStream } from './map-stream.js';
import {
  applyAsyncNames,
  applyLimitsOf,
  checkPoolOptions,
  checkImapOptions,
  limitsOf,
  mapAsyncNames,
  type ApplyAsyncOptions,
  type ApplyOptions,
  type BroadcastOptions,
  type ImapOptions,
  type MapAsyncOptions,
  type MapOptions,
  type Outcome,
  type PoolOptions,
} from './options.js';
import { PoolBase } from './pool-base.js';
import type { ArgsAndOptions, ArgsShape, ItemTarget, Mapped } from './pool-types.js';
import { ProgressMeter } from './progress.js';
import { poolSize, staffOf } from './settings.js';
import { argsOf, Submission } from './submission.js';
import type { AnyFunction, Target } from '../transport/function/protocol.js';

/**
 * A pool of workers: `multiprocessing.Pool`.
 *
 * Any function travels: one that uses only its arguments, or a top-level function of any module, with the imports and
 * declarations that it uses. A worker runs one task at a time. Whatever happens to it, each promise settles and the pool
 * goes on.
 *
 * @example
 * await using pool = new Pool();
 * const squares = await pool.map((x) => x * x, [1, 2, 3]);
 */
export class Pool extends PoolBase {
  readonly #work: Submission;

  /**
   * @param processes number of workers; default: the processors that this process may use
   * @throws {TypeError | RangeError} for a bad argument, by name
   * @throws {FunctionTransportError} when the initializer cannot travel
   * @throws {BootstrapError} in a worker that is still loading the module which makes the pool
   * @throws {HeapFullError} when there is no memory left for it
   */
  constructor(processes: number = native.cpuCount(), options: PoolOptions = {}) {
    requireInteger('processes', processes, 1, 1024);
    checkPoolOptions(options);
    const minWorkers = optionalInteger('minWorkers', options.minWorkers, 0) ?? processes;
    if (minWorkers > processes) {
      throw new RangeError(`minWorkers must be at most processes (${processes}), got ${minWorkers}`);
    }
    if (isLoading()) {
      throw new BootstrapError(
        'A pool was made at the top level of a module while a worker was loading it: make it inside a function',
      );
    }
    const method = startMethodOf(new.target);
    const lifecycle = new PoolLifecycle(poolSize(processes), {
      ...staffOf(options, method),
      processes,
      minWorkers,
      idleTimeout: optionalMillis('idleTimeout', options.idleTimeout),
    });
    super(lifecycle);
    this.#work = new Submission(lifecycle);
  }

  /**
   * Runs `fn(...args)` in a worker; of a class, `new fn(...args)`.
   * @returns what it gives; rejects with what it throws, or with a {@link ProcessError} that tells what became of it
   * @throws {FunctionTransportError} at once, when the function cannot travel
   * @throws {PoolClosedError} at once, when the pool takes no work
   */
  apply<F, P extends ArgsShape>(fn: Target<F, P>, ...rest: ArgsAndOptions<P, ApplyOptions>): Promise<Outcome<F>>;
  apply(fn: AnyFunction, args?: readonly unknown[], options?: ApplyOptions): Promise<unknown> {
    const id = this.#work.check(fn);
    const limits = options === undefined ? undefined : applyLimitsOf(options);
    const list = argsOf(args);
    const promise = new Promise<unknown>(keepSettlers);
    const { resolve, reject } = settlers;
    this.#work.submit(id, fn, list, limits, options, resolve, reject);
    return promise;
  }

  /** As {@link apply}, blocking the thread. */
  applySync<F, P extends ArgsShape>(fn: Target<F, P>, ...rest: ArgsAndOptions<P, ApplyOptions>): Outcome<F>;
  applySync(fn: AnyFunction, args?: readonly unknown[], options?: ApplyOptions): unknown {
    return this.#work.result((end) => this.#work.start(fn, args, options, end)).getSync();
  }

  /** As {@link apply}; gives a handle on the result instead of a promise. */
  applyAsync<F, P extends ArgsShape>(
    fn: Target<F, P>,
    ...rest: ArgsAndOptions<P, ApplyAsyncOptions<Outcome<F>>>
  ): AsyncResult<Outcome<F>>;
  applyAsync(fn: AnyFunction, args?: readonly unknown[], options?: ApplyAsyncOptions<unknown>): AsyncResult<unknown> {
    return this.#work.result((end) => this.#work.start(fn, args, options, end, applyAsyncNames), options);
  }

  /**
   * `fn(item)` for each item, in any worker; results in the order of the items.
   * @param items any iterable; of a typed array or `SharedArray`, workers read the elements in place
   * @returns rejects with the error of the first item that failed, once all have run (at once with `failFast`)
   */
  map<F, T, O extends MapOptions = MapOptions>(
    fn: ItemTarget<F, T>,
    items: Iterable<T>,
    options?: O,
  ): Promise<Mapped<F, O>> {
    return this.#work.promise((end) => this.#work.map(fn, items, Operation.map, options, end));
  }

  /** As {@link map}, blocking the thread. */
  mapSync<F, T, O extends MapOptions = MapOptions>(
    fn: ItemTarget<F, T>,
    items: Iterable<T>,
    options?: O,
  ): Mapped<F, O> {
    return this.#work.result<Mapped<F, O>>((end) => this.#work.map(fn, items, Operation.map, options, end)).getSync();
  }

  /** As {@link map}; gives a handle on the result instead of a promise. */
  mapAsync<F, T, O extends MapOptions = MapOptions>(
    fn: ItemTarget<F, T>,
    items: Iterable<T>,
    // `Readonly<O>`: from `O` alone nothing is inferred beside a callback whose parameter is not annotated.
    options?: Readonly<O> & MapAsyncOptions<Mapped<F, O>>,
  ): AsyncResult<Mapped<F, O>> {
    return this.#work.result((end) => this.#work.map(fn, items, Operation.map, options, end, mapAsyncNames), options);
  }

  /** As {@link map}, where each item is an array of arguments: `fn(...item)`. */
  starmap<F, P extends ArgsShape, O extends MapOptions = MapOptions>(
    fn: Target<F, P>,
    items: Iterable<Readonly<P>>,
    options?: O,
  ): Promise<Mapped<F, O>> {
    return this.#work.promise((end) => this.#work.map(fn, items, Operation.starmap, options, end));
  }

  /** As {@link starmap}, blocking the thread. */
  starmapSync<F, P extends ArgsShape, O extends MapOptions = MapOptions>(
    fn: Target<F, P>,
    items: Iterable<Readonly<P>>,
    options?: O,
  ): Mapped<F, O> {
    return this.#work
      .result<Mapped<F, O>>((end) => this.#work.map(fn, items, Operation.starmap, options, end))
      .getSync();
  }

  /** As {@link starmap}; gives a handle on the result instead of a promise. */
  starmapAsync<F, P extends ArgsShape, O extends MapOptions = MapOptions>(
    fn: Target<F, P>,
    items: Iterable<Readonly<P>>,
    // `Readonly<O>`: from `O` alone nothing is inferred beside a callback whose parameter is not annotated.
    options?: Readonly<O> & MapAsyncOptions<Mapped<F, O>>,
  ): AsyncResult<Mapped<F, O>> {
    return this.#work.result(
      (end) => this.#work.map(fn, items, Operation.starmap, options, end, mapAsyncNames),
      options,
    );
  }

  /**
   * A lazy {@link map}: reads at most `buffersize` items ahead and gives results in order as they are asked for. The
   * source may be asynchronous, and endless. An error of an item is thrown at its place, and iteration may go on;
   * with `failFast` it is the end: what was read ahead is cancelled, and the source closed.
   */
  imap<F, T>(
    fn: ItemTarget<F, T>,
    items: Iterable<T> | AsyncIterable<T>,
    options?: ImapOptions,
  ): AsyncIterableIterator<Outcome<F>> {
    return this.#work.imap(fn, items, options, true) as AsyncIterableIterator<Outcome<F>>;
  }

  /** As {@link imap}, in the order in which results come. */
  imapUnordered<F, T>(
    fn: ItemTarget<F, T>,
    items: Iterable<T> | AsyncIterable<T>,
    options?: ImapOptions,
  ): AsyncIterableIterator<Outcome<F>> {
    return this.#work.imap(fn, items, options, false) as AsyncIterableIterator<Outcome<F>>;
  }

  /**
   * As {@link imap}, for a source that is not asynchronous: `next` blocks the thread until the result is there, reads the
   * source, and calls `onProgress`.
   * @throws {TypeError} for an async iterable
   */
  imapSync<F, T>(fn: ItemTarget<F, T>, items: Iterable<T>, options?: ImapOptions): IterableIterator<Outcome<F>> {
    return this.#work.imapSync(fn, items, options, true) as IterableIterator<Outcome<F>>;
  }

  /** As {@link imapSync}, in the order in which results come. */
  imapUnorderedSync<F, T>(
    fn: ItemTarget<F, T>,
    items: Iterable<T>,
    options?: ImapOptions,
  ): IterableIterator<Outcome<F>> {
    return this.#work.imapSync(fn, items, options, false) as IterableIterator<Outcome<F>>;
  }

  /**
   * A stream in object mode that gives `fn(chunk)` for each chunk, in order, with back-pressure: at most `buffersize` chunks
   * are under way, by default four for each worker. The first error destroys the stream, with or without `failFast`; a chunk is
   * a task of its own, whatever the `chunksize`.
   */
  transform<F extends AnyFunction>(fn: F, options: ImapOptions = {}): Transform {
    this.#work.check(fn);
    checkImapOptions(options, 'transform');
    const limits = limitsOf(options);
    const run = (chunk: unknown): Promise<unknown> =>
      this.#work.promise((end) => this.#work.submitTo(fn, [chunk], limits, end));
    return new MapStream(run, options.buffersize ?? 4 * this.processes, ProgressMeter.of(options, undefined));
  }

  /** Runs `fn(...args)` once in every worker there is; results in the order of `workers`. */
  broadcast<F, P extends ArgsShape>(
    fn: Target<F, P>,
    ...rest: ArgsAndOptions<P, BroadcastOptions>
  ): Promise<Outcome<F>[]>;
  broadcast(fn: AnyFunction, args?: readonly unknown[], options?: BroadcastOptions): Promise<unknown[]> {
    return this.#work.promise((end) => this.#work.broadcast(fn, args, options, end));
  }

  /** As {@link broadcast}, blocking the thread. */
  broadcastSync<F, P extends ArgsShape>(fn: Target<F, P>, ...rest: ArgsAndOptions<P, BroadcastOptions>): Outcome<F>[];
  broadcastSync(fn: AnyFunction, args?: readonly unknown[], options?: BroadcastOptions): unknown[] {
    return this.#work.result<unknown[]>((end) => this.#work.broadcast(fn, args, options, end)).getSync();
  }
}

/** The functions of the promise that was made last: one executor for all of them costs a task two allocations less. */
const settlers = {
  resolve: (_value: unknown): void => {},
  reject: (_error: unknown): void => {},
};
function keepSettlers(resolve: (value: unknown) => void, reject: (error: unknown) => void): void {
  settlers.resolve = resolve;
  settlers.reject = reject;
}
