import type { Socket } from 'node:net';
import { parentPort } from 'node:worker_threads';
import { native } from '../../binding/native.js';
import { channelSocket } from '../host/channel-socket.js';
import { PortMailbox, QueueMailbox, type Mailbox } from '../host/mailbox.js';
import type { InboxMessage } from '../host/worker-data.js';

/** A worker's way to its owner. */
export interface OwnerLink extends Mailbox {
  /** The end of a channel by which to ring for the owner's event loop; -1: it is to be reached otherwise. */
  readonly bell: number;
  /** Calls back on the event loop when the owner has posted something, or rings: this listener alone from now on. */
  listen(listener: () => void): void;
  /** Rings for the owner's event loop. */
  ring(): void;
  /** While true, the link keeps this event loop alive. */
  hold(held: boolean): void;
}

/** To a thread of the same process. */
export class PortLink extends PortMailbox implements OwnerLink {
  readonly bell = -1;
  /** What came by event. */
  readonly #arrived: InboxMessage[] = [];

  override receive(): InboxMessage | undefined {
    return this.#arrived.shift() ?? super.receive();
  }

  listen(listener: () => void): void {
    this.port.removeAllListeners('message');
    this.port.on('message', (message: InboxMessage) => {
      this.#arrived.push(message);
      listener();
    });
  }

  ring(): void {
    parentPort?.postMessage(null);
  }

  hold(held: boolean): void {
    if (held) this.port.ref();
    else this.port.unref();
  }
}

/** To another process. */
export class ChannelLink implements OwnerLink {
  readonly sharesBuffers = false;
  readonly bell: number;
  readonly #mailbox: QueueMailbox;
  readonly #socket: Socket;
  #listener: (() => void) | undefined;

  /** @param end of the channel that this process has inherited */
  constructor(end: number, mailbox: number) {
    native.dieWith(end);
    this.bell = end;
    this.#mailbox = QueueMailbox.at(mailbox);
    this.#socket = channelSocket(end, () => this.#listener?.());
  }

  post(message: InboxMessage): void {
    throw new Error(`A process posts nothing to its owner, and not '${message.type}'`);
  }

  receive(): InboxMessage | undefined {
    return this.#mailbox.receive();
  }

  listen(listener: () => void): void {
    this.#listener = listener;
  }

  ring(): void {
    native.ring(this.bell);
  }

  hold(held: boolean): void {
    if (held) this.#socket.ref();
    else this.#socket.unref();
  }
}
