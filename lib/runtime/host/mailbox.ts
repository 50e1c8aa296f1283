import { receiveMessageOnPort, type MessagePort } from 'node:worker_threads';
import { agent } from '../../heap/program.js';
import { attach, SharedObject } from '../../heap/shared-object.js';
import { Kind } from '../../heap/outcome.js';
import { Queue } from '../../queue/queue.js';
import type { InboxMessage } from './worker-data.js';

/** How an owner and its worker tell each other what is no task and no result. Needs no event loop. */
export interface Mailbox {
  /** Whether SharedArrayBuffers can be posted: both are threads of one process. */
  readonly sharesBuffers: boolean;
  post(message: InboxMessage): void;
  /** The next message that is there, if there is one. */
  receive(): InboxMessage | undefined;
}

/** Between threads. */
export class PortMailbox implements Mailbox {
  readonly sharesBuffers = true;
  readonly port: MessagePort;
  readonly #ahead: InboxMessage[] = [];

  constructor(port: MessagePort) {
    this.port = port;
  }

  post(message: InboxMessage): void {
    this.port.postMessage(message);
  }

  receive(): InboxMessage | undefined {
    return this.#ahead.shift() ?? this.#read();
  }

  /** Reads what comes next, be it that the other end was closed. A message is kept for {@link receive}. */
  readAhead(): void {
    const message = this.#read();
    if (message !== undefined) this.#ahead.push(message);
  }

  #read(): InboxMessage | undefined {
    return receiveMessageOnPort(this.port)?.message as InboxMessage | undefined;
  }
}

/** From an owner to a process, through a queue in the shared heap. A process posts nothing: only buffers go that way. */
export class QueueMailbox implements Mailbox {
  readonly sharesBuffers = false;
  readonly #queue: Queue<InboxMessage>;

  constructor(queue: Queue<InboxMessage> = new Queue()) {
    this.#queue = queue;
  }

  /** The owner's mailbox, by the name that its process was given. */
  static at(offset: number): QueueMailbox {
    return new QueueMailbox(attach(() => new Queue<InboxMessage>(), offset, Kind.queue, 'mailbox'));
  }

  /** How the process finds it. */
  get offset(): number {
    return SharedObject.offsetOf(this.#queue);
  }

  post(message: InboxMessage): void {
    this.#queue.putNowait(message);
  }

  receive(): InboxMessage | undefined {
    return this.#queue.empty() ? undefined : this.#queue.getNowait();
  }

  /** What was not received is of no use to anybody. */
  close(): void {
    if (this.offset === 0) return;
    while (this.receive() !== undefined);
    agent.closeQueue(this.offset);
    SharedObject.release(this.#queue);
  }
}
