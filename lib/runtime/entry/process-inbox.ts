import type { HandleType } from '../../base/handle.js';
import type { AnyFunction } from '../../transport/value/codec.js';
import { readMessage, receiveBytes } from '../message.js';
import type { Parcel } from '../process-data.js';
import { Inbox, NotLoaded } from './inbox.js';

/** What a process was sent off with. */
export class ProcessInbox extends Inbox {
  readonly #received: (() => void)[] = [];

  handleReceived(type: HandleType, data: unknown): void {
    this.#received.push(() => type.release?.(data));
  }

  /** Takes a parcel over; the function gives its value. */
  accept({ segment, bytes }: Parcel): () => Promise<unknown> {
    const { head, blobs } = readMessage(receiveBytes(segment, bytes), 0, false);
    const decode = async (): Promise<unknown> => {
      try {
        return this.codec.decode(head, blobs);
      } catch (error) {
        if (!(error instanceof NotLoaded)) throw error;
        await error.loading;
        return decode();
      }
    };
    return decode;
  }

  /** The function of a number; 0: none. Rejects with the error of the module that it stands in. */
  async functionFor(id: number): Promise<AnyFunction | undefined> {
    if (id === 0) return undefined;
    for (;;) {
      try {
        return await this.load(id);
      } catch (error) {
        if (!(error instanceof NotLoaded)) throw error;
        await error.loading;
      }
    }
  }

  /** Releases what was held for the handles that have arrived: each has its own hold now. */
  releaseReceived(): void {
    for (const release of this.#received.splice(0)) release();
  }
}
