/** One end of a channel between two workers: sends rounds of messages, or receives them and asks for the next round. */
import { parentPort, receiveMessageOnPort, workerData, type MessagePort } from 'node:worker_threads';
import { clock, messagesOf, type StreamJob } from '../objects/messages.js';

export interface End {
  readonly role: 'sender' | 'receiver';
  readonly port: MessagePort;
  /** Counts the messages of each direction, for an end that sleeps on it; absent: messages arrive as events. */
  readonly signals?: { readonly sent: Int32Array; readonly received: Int32Array };
  readonly job: StreamJob;
}

const { role, port, signals, job } = workerData as End;
const { make, check } = messagesOf(job.kind);
const times: number[] = [];

function post(value: unknown): void {
  port.postMessage(value);
  if (!signals) return;
  Atomics.add(signals.sent, 0, 1);
  Atomics.notify(signals.sent, 0);
}

function sendRound(): void {
  times.push(clock());
  for (let i = 0; i < job.count; i++) post(make(i));
}

let arrived = 0;

/** Takes one message; after the last one of a round asks for another. */
function take(message: unknown): void {
  if (!check(message, arrived)) throw new Error(`wrong message in place ${arrived}`);
  if (++arrived < job.count) return;
  arrived = 0;
  times.push(clock());
  if (times.length < job.rounds) post('next');
}

const handle = role === 'sender' ? sendRound : take;
/** As long as this end has rounds to go. */
const open = (): boolean => times.length < job.rounds;

if (role === 'receiver') post('next');
if (signals) {
  const { received } = signals;
  while (open()) {
    const seen = Atomics.load(received, 0);
    const next = receiveMessageOnPort(port);
    if (next) handle(next.message);
    else Atomics.wait(received, 0, seen);
  }
  parentPort!.postMessage(times);
} else {
  port.on('message', (message) => {
    handle(message);
    if (open()) return;
    parentPort!.postMessage(times);
    port.removeAllListeners('message');
  });
}
