/** Messages from one worker to another through a queue of `allcores`: what the two workers run. */
import type { Barrier, Queue } from 'allcores';
import { clock, messagesOf, type StreamJob } from './messages.js';

export interface QueueJob extends StreamJob {
  readonly queue: Queue;
  /** Where sender and receiver meet before each round. */
  readonly start: Barrier;
}

/** Gives the times at which the rounds began. Buffers are put and got in the event loop, which gives their memory back. */
export async function sendAll({ queue, start, kind, count, rounds }: QueueJob): Promise<number[]> {
  const { make } = messagesOf(kind);
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    start.waitSync();
    times.push(clock());
    if (kind === 'buffer') for (let i = 0; i < count; i++) await queue.put(make(i));
    else for (let i = 0; i < count; i++) queue.putSync(make(i));
  }
  return times;
}

/** Gives the times at which the last message of each round had arrived. */
export async function receiveAll({ queue, start, kind, count, rounds }: QueueJob): Promise<number[]> {
  const { check } = messagesOf(kind);
  const expect = (message: unknown, i: number): void => {
    if (!check(message, i)) throw new Error(`wrong message in place ${i}`);
  };
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    start.waitSync();
    if (kind === 'buffer') for (let i = 0; i < count; i++) expect(await queue.get(), i);
    else for (let i = 0; i < count; i++) expect(queue.getSync(), i);
    times.push(clock());
  }
  return times;
}
