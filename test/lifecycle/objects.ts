import {
  Barrier,
  BoundedSemaphore,
  Condition,
  Event,
  JoinableQueue,
  Lock,
  Manager,
  Pipe,
  Queue,
  RLock,
  Semaphore,
  SharedArray,
  SimpleQueue,
  Value,
} from 'allcores';
import { receive } from './object-tasks.js';

/** One or two of every kind of shared object, for tasks that use them until they are ended: see object-tasks.ts. */
export function makeObjects() {
  const m = new Manager();
  const inner = m.list<unknown>([m.dict({ a: 1 })]);
  return {
    m,
    /** Each protects one element of `guarded`, which is read and written without any other protection. */
    holders: [
      new Lock(),
      new RLock(),
      new Semaphore(1),
      new BoundedSemaphore(1),
      new Condition(),
      m.lock(),
      m.rlock(),
      m.semaphore(1),
      m.boundedSemaphore(1),
      m.condition(),
    ],
    guarded: new SharedArray('int32', 16),
    /** How often each thing was begun and completed: those that were ended in between may have done it or not. */
    begun: new SharedArray('int32', 16),
    done: new SharedArray('int32', 16),
    events: [new Event(), m.event()],
    barriers: [new Barrier(2), m.barrier(2)],
    value: new Value('int32', 0),
    managed: m.value('int32', 0),
    array: m.array('float64', 8),
    queues: [
      new Queue<unknown>(3),
      new JoinableQueue<unknown>(),
      new SimpleQueue<unknown>(),
      m.queue(3),
      m.joinableQueue(),
    ],
    pipe: Pipe(),
    /** Each message has a number of its own, and nobody may receive one twice. */
    next: new Value('int32', 0),
    received: new SharedArray('int32', 1_000_000),
    list: m.list<unknown>([inner]),
    dict: m.dict<string, unknown>({ inner }),
    set: m.set<unknown>(),
    names: m.namespace<Record<string, unknown>>({ inner }),
    inner,
    /** How often each step was taken, of tasks that block and of tasks that await. */
    steps: new SharedArray('int32', 64),
  };
}
export type Objects = ReturnType<typeof makeObjects>;

/** Uses each object once more, alone; gives what is wrong. */
export async function whatIsWrong(o: Objects): Promise<unknown[]> {
  const patience = { timeout: 10_000 };
  const faults: unknown[] = [];
  const expect = (fits: boolean, ...what: unknown[]): void => void (fits || faults.push(what));
  for (const [which, holder] of o.holders.entries()) {
    expect(await holder.acquire(patience), 'not to be had', which);
    const counts = [o.done.at(which)!, o.guarded.at(which)!, o.begun.at(which)!];
    expect(counts[0]! <= counts[1]! && counts[1]! <= counts[2]!, 'lost or doubled', which, counts);
    holder.release();
  }
  const totals = [o.value.value, o.managed.value, o.dict.get('n', 0), o.dict.get('m', 0)] as number[];
  for (const [i, total] of totals.entries()) {
    const counts = [o.done.at(12 + i)!, total, o.begun.at(12 + i)!];
    expect(counts[0]! <= total && total <= counts[2]!, 'lost or doubled', 12 + i, counts);
  }
  for (const event of o.events) {
    event.set();
    expect(await event.wait(patience), 'an event is not set');
  }
  for (const barrier of o.barriers) {
    barrier.reset();
    const places = await Promise.all([barrier.wait(patience), barrier.wait(patience)]);
    expect(places.toSorted().join() === '0,1', 'a barrier gave', places);
  }
  for (const queue of o.queues) {
    while (!queue.empty()) {
      receive(o, await queue.get(patience));
      if (queue instanceof JoinableQueue) queue.taskDone();
    }
    await queue.put('last');
    expect((await queue.get(patience)) === 'last', 'a queue gave something else');
  }
  for (const end of o.pipe) while (end.pollSync()) receive(o, end.recvSync(patience));
  await o.pipe[0].send('last');
  expect((await o.pipe[1].recv(patience)) === 'last', 'a pipe gave something else');
  expect(Math.max(...new Set(o.received.view)) <= 1, 'a message came twice');
  expect(o.received.view.includes(1), 'no message came');
  expect(o.dict.size === o.dict.keys().length && o.set.size === o.set.values().length, 'sizes differ');
  expect(o.list.length === o.list.toArray().length, 'lengths differ');
  o.list.clear();
  o.list.extend([1, 2]);
  expect(o.list.pop() === 2, 'a list gave something else');
  return faults;
}
