import { native } from '../binding/native.js';
import { made } from '../heap/native-error.js';
import { noRoom } from '../heap/segment.js';
import type { NativePoolOwner, PoolSize } from '../binding/pool.js';
import { ArgumentWriter } from './argument-writer.js';
import { Crew, type CrewOptions } from './crew.js';
import { FunctionTable } from './function-table.js';
import { Losses } from './losses.js';
import { OwnerLoop } from './owner-loop.js';
import { PoolMemory } from './pool-memory.js';
import { ResultReader } from './result-reader.js';
import { Settlement, type Staffed } from './settlement.js';
import { Staffing, type StaffingOptions } from './staffing.js';
import { TaskBoard } from './task-board.js';
import { TaskWatch, type Warden } from './task-watch.js';
import type { Task } from './task.js';
import { WorkerAlarm } from './worker-alarm.js';

/** How long a task that asked for its context may take to notice that it should stop, in ms. */
const DEFAULT_GRACE = 1000;

/**
 * The owner's engine: takes tasks in, lets workers know, settles what comes back.
 *
 * Everything happens on the owner's thread. When tasks are published and results awaited is the business of `OwnerLoop`, who
 * works that of `Staffing`.
 */
export class Dispatcher implements Staffed, Warden {
  readonly functions: FunctionTable;
  readonly memory: PoolMemory;
  readonly crew: Crew;
  readonly staffing: Staffing;
  readonly #native: NativePoolOwner;
  readonly #board: TaskBoard;
  readonly #writer: ArgumentWriter;
  readonly #alarm: WorkerAlarm;
  readonly #watch = new TaskWatch(this);
  readonly #settlement: Settlement;
  readonly #losses: Losses;
  readonly #loop: OwnerLoop;
  #refusal: { readonly reason: unknown } | undefined;

  /**
   * @param onIdle no task is unsettled any more, or the last thread is gone
   * @throws {HeapFullError} when there is no memory for the pool
   */
  constructor(size: PoolSize, options: CrewOptions & StaffingOptions, onIdle: () => void) {
    // Weakly: the native side holds this function for as long as it lives itself, which is until nobody names it here.
    // While there is a worker, its host names us.
    const waker = Dispatcher.#waker(new WeakRef(this));
    this.#native = made(
      () => new native.PoolOwner(size, waker, options.areProcesses),
      () => noRoom('a pool', options.areProcesses),
    );
    this.memory = new PoolMemory(this.#native.buffer(), size, options.areProcesses);
    this.functions = new FunctionTable({
      sharesBuffers: !options.areProcesses,
      post: (message) => this.crew.post(message),
      sender: () => this.crew.mailboxOf(this.#settlement.sender),
    });
    this.#writer = new ArgumentWriter(this.memory, this.functions.codec);
    this.#board = new TaskBoard(this.memory, this.#writer);
    this.#settlement = new Settlement(this.#board, this.#watch, this, onIdle);
    const reader = new ResultReader(this.memory, this.#native, this.functions.codec, this.#settlement);
    this.crew = new Crew(
      this.memory,
      this.#native,
      options,
      () => this.functions.known(),
      (departure) => {
        this.#loop.collect(); // what it finished before its end
        this.#losses.deal(departure);
        this.#loop.schedule();
      },
      () => this.#loop.wake(),
      onIdle,
    );
    this.#alarm = new WorkerAlarm(this.memory, this.#native, this.#board, this.crew);
    this.#loop = new OwnerLoop({
      memory: this.memory,
      owner: this.#native,
      board: this.#board,
      reader,
      alarm: this.#alarm,
      watch: this.#watch,
      crew: this.crew,
      settlement: this.#settlement,
    });
    this.staffing = new Staffing(this.crew, options, this);
    this.#losses = new Losses(this.#native, this.#board, this.#watch, this.#settlement, this);
  }

  /** Not made in the constructor: a function goes along with everything that it could see there. */
  static #waker(target: WeakRef<Dispatcher>): () => void {
    return () => {
      const dispatcher = target.deref();
      if (dispatcher !== undefined) dispatcher.#loop.wake();
    };
  }

  /** Tasks that were submitted and not settled. */
  get unsettled(): number {
    return this.#settlement.unsettled;
  }

  get counts(): Readonly<Record<'queued' | 'running' | 'completed' | 'failed' | 'crashed', number>> {
    const notBegun = this.#board.notBegun;
    const running = this.#board.published - notBegun;
    const queued = this.#board.waiting + notBegun;
    const { completed, unsuccessful: failed, crashed } = this.#settlement;
    return { queued, running, completed, failed, crashed };
  }

  /**
   * Takes a task in. It is settled for certain.
   * @throws {SerializationError | FunctionTransportError} when its arguments cannot travel; it was not taken then
   */
  submit(task: Task): void {
    if (this.#refusal !== undefined) {
      task.settled = true;
      task.reject(this.#refusal.reason);
      return;
    }
    this.#writer.prepare(task);
    this.#settlement.unsettled++;
    const first = !this.#loop.ticked;
    if (first) {
      this.#loop.ticked = true;
      this.#board.tick = native.now();
    }
    if (task.limits !== undefined) {
      if (task.limits.priority !== 0 && this.#board.unlimited) this.#board.window = 2 * this.crew.size;
      this.#watch.add(task);
    }
    this.#board.add(task);
    if (task.slot >= 0) this.#native.nudge(task.slot);
    if (first) {
      this.#alarm.rouse();
      this.#loop.schedule();
    }
    this.staffing.grow(this.unsettled);
    // A long loop of submissions gets no microtask: make room, and keep workers fed, in between.
    if (this.#board.waiting > 0 && (this.unsettled & 63) === 0) this.#loop.drain();
  }

  /** Settles a task early. It will not begin any more; if it has begun it is told to stop, and made to after its grace. */
  cancel(task: Task, reason: unknown): void {
    if (task.settled) return;
    this.#settlement.settle(task);
    const withdrawn = this.#board.withdraw(task);
    task.reject(reason);
    if (withdrawn) {
      this.#board.refill();
      this.#loop.schedule();
      return;
    }
    const canNotice = this.#board.raiseAbort(task);
    const grace = task.limits?.grace ?? (canNotice ? DEFAULT_GRACE : 0);
    this.crew.signal(this.#board.runner(task));
    if (grace < Infinity) this.#watch.giveGrace(task, grace);
  }

  /** Rejects everything that is not settled, and what is still submitted: a job that goes on to its next chunks. */
  rejectAll(reason: unknown): void {
    this.#refusal = { reason };
    for (const task of this.#board.drainBacklog()) {
      this.#writer.release(task);
      this.#settlement.settle(task);
      task.reject(reason);
    }
    for (const task of this.#board.tasks()) {
      if (task.settled) continue;
      this.#settlement.settle(task);
      this.#board.withdraw(task);
      task.reject(reason);
    }
  }

  /** Blocks the thread until `done`, at most so long; false when the time passed first. */
  waitSync(done: () => boolean, millis = Infinity): boolean {
    return this.#loop.waitSync(done, millis);
  }

  /** Keeps the event loop alive although nothing is unsettled: somebody waits for the workers to be gone. */
  hold(held: boolean): void {
    this.#loop.hold(held);
  }

  /** Takes in what workers have told by now: while nothing is under way, nobody waits for it. */
  catchUp(): void {
    this.#loop.wake();
  }

  /** Every wait of every worker ends; for the very end of the pool or of its thread. */
  shutdown(): void {
    this.#native.shutdown();
  }

  begunAt(task: Task): number | undefined {
    return this.#board.runner(task) < 0 ? undefined : this.#board.beganAt(task);
  }

  enforce(task: Task): void {
    if (task.index < 0) return;
    // From here on its worker begins nothing else; if its result came first, finishing the task pardons the worker.
    this.#board.condemn(task);
    this.#loop.drain();
    if (task.index < 0) return;
    const member = this.crew.at(this.#board.runner(task));
    if (member !== undefined) this.crew.kill(member);
  }
}
