import { parentPort } from 'node:worker_threads';
import { native, type NativeOwnerEar } from '../../binding/native.js';
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
  readonly #ear: NativeOwnerEar;
  #listener: (() => void) | undefined;

  /** @param end of the channel that this process has inherited */
  constructor(end: number, mailbox: number) {
    this.bell = end;
    this.#mailbox = QueueMailbox.at(mailbox);
    // Not a socket of `node:net`, which takes a process several milliseconds to load.
    this.#ear = new native.OwnerEar(end, () => this.#listener?.());
    this.#ear.ref();
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
    if (held) this.#ear.ref();
    else this.#ear.unref();
  }
}
