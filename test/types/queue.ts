// Compiled, never run: queues and pipes are typed by what goes through them.
import {
  JoinableQueue,
  Pipe,
  Queue,
  SimpleQueue,
  wait,
  type AsyncResult,
  type Connection,
  type Process,
} from 'allcores';
import { expectType, type Equal } from './equal.js';
import type { Point } from './functions.js';

export async function queuesAreTyped(): Promise<void> {
  const queue = new Queue<Point>(10, { capacity: 1000 });
  const got = await queue.get({ timeout: 5, signal: AbortSignal.timeout(5) });
  expectType<Equal<typeof got, Point>>();
  const [sync, now] = [queue.getSync({ timeout: 5 }), queue.getNowait()];
  expectType<Equal<typeof sync, Point>>();
  expectType<Equal<typeof now, Point>>();
  const put = queue.put({ x: 1, y: 2 }, { timeout: 5 });
  expectType<Equal<typeof put, Promise<void>>>();
  for await (const value of queue) expectType<Equal<typeof value, Point>>();
  const flags = [queue.empty(), queue.full()];
  expectType<Equal<typeof flags, boolean[]>>();
  const size = queue.qsize();
  expectType<Equal<typeof size, number>>();

  // @ts-expect-error a string is no point
  queue.putSync('x');
  // @ts-expect-error capacity is a number of bytes
  void new Queue<Point>(0, { capacity: '1k' });
}

export function othersAsWell(): void {
  const jobs = new JoinableQueue<string>(3);
  const queue: Queue<string> = jobs;
  void queue;
  jobs.taskDone();
  const [joined, joinedSync] = [jobs.join({ timeout: 5 }), jobs.joinSync()];
  expectType<Equal<typeof joined, Promise<boolean>>>();
  expectType<Equal<typeof joinedSync, boolean>>();

  const simple = new SimpleQueue<number>();
  const number = simple.getSync();
  expectType<Equal<typeof number, number>>();
  // @ts-expect-error a simple queue has no bound, and does not tell its size
  void simple.qsize();
}

export async function endsAreTypedInBothDirections(): Promise<void> {
  const [a, b] = Pipe<string, number>({ duplex: true });
  expectType<Equal<typeof a, Connection<string, number>>>();
  expectType<Equal<typeof b, Connection<number, string>>>();
  const text = await b.recv();
  expectType<Equal<typeof text, string>>();
  await b.send(1);
  for await (const value of a) expectType<Equal<typeof value, number>>();
  const bytes = await a.recvBytes(100, { timeout: 5 });
  expectType<Equal<typeof bytes, Uint8Array>>();
  const states = [a.closed, a.readable, a.writable, await a.poll({ timeout: Infinity }), a.pollSync()];
  expectType<Equal<typeof states, boolean[]>>();
  // @ts-expect-error this end sends strings
  a.sendSync(1);
}

export async function waitGivesWhatItTakes(
  connection: Connection,
  process: Process,
  result: AsyncResult<Point>,
): Promise<void> {
  const ready = await wait([connection, process, result, Promise.resolve(1)], { timeout: 5 });
  expectType<Equal<typeof ready, (Connection | Process | AsyncResult<Point> | Promise<number>)[]>>();
  // @ts-expect-error one waits for objects
  void wait([1]);
}
