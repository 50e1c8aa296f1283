import { once } from 'node:events';
import { MessageChannel, Worker } from 'node:worker_threads';
import { roundsOf, type StreamJob } from '../objects/messages.js';
import { compiledFile } from '../paths.js';
import type { End } from '../workers/message-port.js';
import type { SharedObjects, Variant } from './driver.js';

const word = (): Int32Array => new Int32Array(new SharedArrayBuffer(4));

/** Two workers with a `MessageChannel` between them. A buffer is copied, as the sender goes on using it. */
async function stream(job: StreamJob, asleep: boolean): Promise<number[]> {
  const { port1, port2 } = new MessageChannel();
  const [there, back] = [word(), word()];
  const sender: End = { role: 'sender', port: port1, job, ...(asleep && { signals: { sent: there, received: back } }) };
  const receiver: End = {
    role: 'receiver',
    port: port2,
    job,
    ...(asleep && { signals: { sent: back, received: there } }),
  };
  const workers = [sender, receiver].map(
    (end) => new Worker(compiledFile('workers/message-port.js'), { workerData: end, transferList: [end.port] }),
  );
  const times = await Promise.all(workers.map(async (worker) => (await once(worker, 'message'))[0] as number[]));
  await Promise.all(workers.map((worker) => worker.terminate()));
  return roundsOf(times[0]!, times[1]!);
}

export function messageChannel(variant: Variant): SharedObjects {
  const asleep = variant['receive'] === 'Atomics.wait';
  return { stream: (job) => stream(job, asleep), close: () => Promise.resolve() };
}
