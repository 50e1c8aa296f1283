import type { AnyFunction } from '../../transport/value/codec.js';
import { attachBytes, readMessage } from '../message.js';
import type { Parcel } from '../host/process-data.js';
import { Inbox, NotLoaded } from './inbox.js';

/** What a process was sent off with. */
export class ProcessInbox extends Inbox {
  /** Takes a parcel in, whose sender holds it meanwhile; the function gives its value. */
  accept({ segment, bytes }: Parcel): () => Promise<unknown> {
    const { head, blobs } = readMessage(attachBytes(segment, bytes), 0, true);
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
}
