/** Messages from one worker to another through a queue of `allcores`: what the two workers run. */
import type { Barrier, Queue } from 'allcores';
import { clock, messagesOf, type StreamJob } from './messages.js';

export interface QueueJob extends StreamJob {
  readonly queue: Queue;
  /** Where sender and receiver meet before each round. */
  readonly start: Barrier;
}

/** Gives the times at which the rounds began. */
export function sendAll({ queue, start, kind, count, rounds }: QueueJob): number[] {
  const { make } = messagesOf(kind);
  return Array.from({ length: rounds }, () => {
    start.waitSync();
    const began = clock();
    for (let i = 0; i < count; i++) queue.putSync(make(i));
    return began;
  });
}

/** Gives the times at which the last message of each round had arrived. */
export function receiveAll({ queue, start, kind, count, rounds }: QueueJob): number[] {
  const { check } = messagesOf(kind);
  return Array.from({ length: rounds }, () => {
    start.waitSync();
    for (let i = 0; i < count; i++) if (!check(queue.getSync(), i)) throw new Error(`wrong message in place ${i}`);
    return clock();
  });
}
