import { Worker } from 'node:worker_threads';
import { compiledFile } from '../paths.js';
import { cores, type PoolDriver } from './driver.js';

/** What a thread of Node costs by itself: workers that answer a number with a number, without any pool around them. */
export const bareWorker: PoolDriver = {
  name: 'bare Worker',
  kind: 'baseline',
  settings: 'new Worker(file), a number posted and a number back',
  workloads: ['cold-start', 'start', 'memory', 'idle-cpu'],
  variants: (mode) => [{ workers: mode === 'latency' ? 1 : cores }],
  open(variant) {
    const members = Array.from({ length: variant.workers }, () => {
      const waiting: ((value: unknown) => void)[] = [];
      const worker = new Worker(compiledFile('workers/bare.js'));
      worker.on('message', (value) => waiting.shift()!(value));
      return { worker, waiting };
    });
    let turn = 0;
    return Promise.resolve({
      caller: () => (value) =>
        new Promise((resolve) => {
          const member = members[turn++ % members.length]!;
          member.waiting.push(resolve);
          member.worker.postMessage(value);
        }),
      close: async () => {
        await Promise.all(members.map((member) => member.worker.terminate()));
      },
    });
  },
};
