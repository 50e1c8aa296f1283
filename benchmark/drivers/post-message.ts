import { Worker } from 'node:worker_threads';
import { compiledFile } from '../paths.js';
import { plainVariants, type PoolDriver } from './driver.js';
import { messageChannel } from './message-channel.js';
import type { Reply, Request } from '../workers/post-message.js';

interface Pending {
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/** The pool that one would write by hand: numbered messages to the worker with the fewest open ones. */
export const postMessage: PoolDriver = {
  name: 'postMessage',
  kind: 'by-hand',
  settings:
    'worker_threads by hand: numbered messages, least loaded worker; for queues a MessageChannel between two workers',
  variants: plainVariants,
  open(variant) {
    const pending = new Map<number, Pending>();
    const members = Array.from({ length: variant.workers }, () => ({
      worker: new Worker(compiledFile('workers/post-message.js')),
      open: 0,
    }));
    for (const member of members) {
      member.worker.on('message', (reply: Reply) => {
        member.open--;
        const { resolve, reject } = pending.get(reply.id)!;
        pending.delete(reply.id);
        if (reply.failed) reject(reply.value);
        else resolve(reply.value);
      });
    }
    let nextId = 0;
    return Promise.resolve({
      caller: (task) => (value, transfer) =>
        new Promise((resolve, reject) => {
          const id = nextId++;
          let chosen = members[0]!;
          for (const member of members) if (member.open < chosen.open) chosen = member;
          chosen.open++;
          pending.set(id, { resolve, reject });
          chosen.worker.postMessage({ id, task, value } satisfies Request, transfer);
        }),
      close: async () => {
        await Promise.all(members.map((member) => member.worker.terminate()));
      },
    });
  },
  objects: (variant) => Promise.resolve(messageChannel(variant)),
};
