import { isMainThread } from '../base/told.js';
import { clearTimeout, now, setTimeout } from '../base/timers.js';
import type { NativePoolOwner } from '../binding/pool.js';
import type { CrewMember, Departure } from './crew-member.js';
import { HostSource } from './host/host-source.js';
import type { HostExit, HostOptions, WorkerHost } from './host/worker-host.js';
import { identityOfThread } from './identity.js';
import type { Mailbox } from './host/mailbox.js';
import { CONTROL_SLOT_LIMIT, WORKER_COMMAND, WORKER_EXIT_CODE, WORKER_STATUS, type PoolMemory } from './pool-memory.js';
import { COMMAND_SIGNAL, COMMAND_STOP, LONG_SLICE, SLICE, STATUS_DEAD, STATUS_STARTING } from './protocol.js';
import type { InboxMessage } from './host/worker-data.js';

/** How long the exit listeners of a worker may take, in ms. */
const EXIT_TIME = 3000;

export interface CrewOptions extends HostOptions {
  /** The workers are processes. */
  readonly areProcesses: boolean;
  /** How many stand by for when one is needed. */
  readonly standby: number;
  readonly name: string;
  /** How many there are to be. */
  readonly processes: number;
  readonly mostTasks: number;
  readonly mostMemory: number;
  readonly affinity: readonly number[] | undefined;
}

/** The workers of a pool: who is there, in which slot, and who has gone. Policy is the dispatcher's. */
export class Crew {
  readonly #memory: PoolMemory;
  readonly #native: NativePoolOwner;
  readonly #options: CrewOptions;
  readonly #known: () => InboxMessage[];
  readonly #onDeparture: (departure: Departure) => void;
  readonly #onGone: () => void;
  readonly #onBell: () => void;
  readonly #source: HostSource;
  readonly #slots: (CrewMember | undefined)[];
  /** Threads and processes that are not quite gone, those whose departure was dealt with included. */
  readonly #hosts = new Map<WorkerHost, CrewMember>();
  #nextId = 1;
  #members: readonly CrewMember[] = [];
  #staying = 0;

  constructor(
    memory: PoolMemory,
    owner: NativePoolOwner,
    options: CrewOptions,
    known: () => InboxMessage[],
    onDeparture: (departure: Departure) => void,
    onBell: () => void,
    onGone: () => void,
  ) {
    this.#memory = memory;
    this.#native = owner;
    this.#options = options;
    this.#known = known;
    this.#onDeparture = onDeparture;
    this.#onBell = onBell;
    this.#onGone = onGone;
    this.#source = new HostSource(options.areProcesses, options, options.standby, () => this.#gone());
    this.#slots = new Array<CrewMember | undefined>(memory.size.slots).fill(undefined);
  }

  /** Everybody who has a slot. */
  get members(): readonly CrewMember[] {
    return this.#members;
  }

  /** Workers that are there to stay. */
  get size(): number {
    return this.#staying;
  }

  /** Looked at for every task, so counted when somebody comes or goes. */
  #recount(): void {
    this.#members = this.#slots.filter((member) => member !== undefined);
    this.#staying = this.#members.filter((member) => !member.leaving).length;
  }

  /** No thread or process of this pool exists any more. */
  get gone(): boolean {
    return this.#hosts.size === 0 && this.#source.gone;
  }

  #gone(): void {
    if (this.gone) this.#onGone();
  }

  /** Nobody is started any more but for tasks that are there. */
  close(): void {
    this.#source.close();
  }

  at(slot: number): CrewMember | undefined {
    return this.#slots[slot];
  }

  /** Starts one more worker. Undefined while every slot is taken by one that is still on its way out. */
  start(): CrewMember | undefined {
    const slot = this.#slots.indexOf(undefined);
    if (slot < 0) return undefined;
    const { words } = this.#memory;
    const id = this.#nextId++;
    const name = `${this.#options.name}-${id}`;
    Atomics.store(words, this.#memory.workerWords(slot) + WORKER_STATUS, STATUS_STARTING);
    if (Atomics.load(words, CONTROL_SLOT_LIMIT) <= slot) Atomics.store(words, CONTROL_SLOT_LIMIT, slot + 1);
    const { affinity, mostTasks, mostMemory } = this.#options;
    const owner = identityOfThread();
    const host = this.#source.start(
      {
        poolId: this.#native.id,
        size: this.#memory.size,
        slot,
        workerId: id,
        name,
        parent: { name: owner.name, pid: owner.pid },
        known: this.#known(),
        mostTasks,
        mostMemory,
        slice: isMainThread ? LONG_SLICE : SLICE,
        cpu: affinity === undefined || affinity.length === 0 ? -1 : affinity[slot % affinity.length]!,
      },
      {
        onExit: (exit, error) => {
          this.#hosts.delete(host);
          this.#depart(member, exit, error);
          this.#gone();
        },
        onBell: this.#onBell,
      },
    );
    if (host.bell >= 0) this.#native.setBell(slot, host.bell);
    const member: CrewMember = {
      id,
      name,
      slot,
      host,
      serving: false,
      pid: host.pid ?? 0,
      leaving: false,
      killed: false,
      crash: undefined,
      exitBy: Infinity,
      exitTimer: undefined,
      departed: false,
    };
    this.#hosts.set(host, member);
    this.#slots[slot] = member;
    this.#recount();
    if (this.#staying >= this.#options.processes) this.#source.refill();
    return member;
  }

  serves(slot: number, threadId: number): void {
    const member = this.#slots[slot];
    if (member === undefined) return;
    member.serving = true;
    member.pid = threadId;
  }

  post(message: InboxMessage): void {
    for (const member of this.#slots) member?.host.post(message);
  }

  mailboxOf(slot: number): Mailbox | undefined {
    return this.#slots[slot]?.host.mailbox;
  }

  /** From now on its end is no crash, and it is not counted upon. */
  leaves(member: CrewMember): void {
    member.leaving = true;
    this.#recount();
  }

  /** Ends a worker at once, whatever it is doing. */
  kill(member: CrewMember): void {
    this.leaves(member);
    member.killed = true;
    this.#end(member);
  }

  #end(member: CrewMember): void {
    member.host.terminate();
    // A thread that has not begun never will, which nothing but an event would tell.
    if (member.host.pid === undefined) this.#change(member.slot, STATUS_STARTING, STATUS_DEAD);
    // A worker that is just going to sleep does not feel a nudge, but looks at its commands once more.
    this.#command(member.slot, COMMAND_STOP);
  }

  /** Lets a worker end after what it has begun. */
  dismiss(member: CrewMember): void {
    this.leaves(member);
    this.#command(member.slot, COMMAND_STOP);
  }

  /** Its exit listeners run now. They have their time, so that an endless one does not hold its task or the pool up. */
  exits(slot: number): void {
    const member = this.#slots[slot];
    if (member === undefined) return;
    member.exitBy = now() + EXIT_TIME;
    member.exitTimer = setTimeout(() => this.#hasten(member), EXIT_TIME + 1).unref();
  }

  #hasten(member: CrewMember): void {
    if (member.departed || now() < member.exitBy) return;
    member.exitBy = Infinity;
    this.#end(member);
  }

  /** Has a worker look at the abort flag of what it runs. */
  signal(slot: number): void {
    this.#command(slot, COMMAND_SIGNAL);
  }

  #command(slot: number, command: number): void {
    Atomics.or(this.#memory.words, this.#memory.workerWords(slot) + WORKER_COMMAND, command);
    this.#native.nudge(slot);
  }

  /** Deals with workers that have ended, for when the event loop cannot run. */
  reap(): void {
    for (const member of this.#slots) {
      if (member === undefined) continue;
      this.#hasten(member);
      // It says so in shared memory, unless it is a process that was killed, or a thread that did not come so far.
      const exit = this.#isDead(member) ? { code: null, signal: null } : this.#peek(member);
      if (exit !== undefined) this.#depart(member, exit, undefined);
    }
    for (const [host, { departed }] of this.#hosts) {
      // A process may still be about to exit when it has said so.
      if (departed && (host.pid === undefined || host.peek() !== undefined)) this.#hosts.delete(host);
    }
    this.#source.reap();
    this.#gone();
  }

  #isDead({ slot }: CrewMember): boolean {
    return Atomics.load(this.#memory.words, this.#memory.workerWords(slot) + WORKER_STATUS) === STATUS_DEAD;
  }

  #change(slot: number, from: number, to: number): void {
    Atomics.compareExchange(this.#memory.words, this.#memory.workerWords(slot) + WORKER_STATUS, from, to);
  }

  /** How a process was killed, or a thread that may not have begun to tell anything. */
  #peek({ host, serving }: CrewMember): HostExit | undefined {
    return host.pid === undefined && serving ? undefined : host.peek();
  }

  /** What the worker was going to exit with, if it did so by itself. */
  #exitCode(slot: number): number | undefined {
    const code = Atomics.load(this.#memory.words, this.#memory.workerWords(slot) + WORKER_EXIT_CODE);
    return code === 0 ? undefined : code - 1;
  }

  #depart(member: CrewMember, { code, signal }: HostExit, error: unknown): void {
    if (this.#slots[member.slot] !== member || member.departed) return; // dealt with already
    member.departed = true;
    clearTimeout(member.exitTimer); // it would hold all memory of the pool as long as it runs
    if (!this.#isDead(member)) this.#native.markDead(member.slot);
    // A process that is killed while it exits ends by the signal.
    const exitCode = signal === null ? (this.#exitCode(member.slot) ?? code) : null;
    this.#onDeparture({ member, code: exitCode, signal, error: member.crash ?? error });
  }

  /** The slot may be used again. Its results have been read and its tasks reclaimed. */
  vacate(member: CrewMember): void {
    this.#native.setBell(member.slot, -1); // its end of the channel is about to be closed
    this.#native.bury(member.slot);
    this.#slots[member.slot] = undefined;
    this.#recount();
  }
}
