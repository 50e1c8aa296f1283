import type { JoinableQueue } from 'allcores';
import type { Objects } from './objects.js';

// Nothing is imported at run time: every worker that is ended has a successor, which has to come up fast.

const short = { timeout: 1 };

/** What a wait that is too long, or broken by another's end, may say. */
const IMPATIENCE = /QUEUE_(EMPTY|FULL)|TIMEOUT|BROKEN_BARRIER/;

function isExpected(error: unknown): boolean {
  return IMPATIENCE.test((error as { code: string }).code);
}

function isJoinable(queue: object): queue is JoinableQueue<unknown> {
  return 'taskDone' in queue;
}

/** Notes that a message came. */
export function receive(o: Objects, value: unknown): void {
  const number = Number(Array.isArray(value) ? value[0] : value);
  if (number >= 0 && number < o.received.length) Atomics.add(o.received.view, number, 1);
}

/** The objects as they reached this worker before its first task. */
let before: Objects | undefined;

export function prepare(o: Objects): void {
  before = o;
}

/** Uses the objects, blocking, until its worker is ended. @param given undefined: those that it has */
export function block(given: Objects | undefined, first: number): void {
  const o = given ?? before!;
  const text = 'x'.repeat(200);
  const patiently = (what: () => void): void => {
    try {
      what();
    } catch (error) {
      if (!isExpected(error)) throw error;
    }
  };
  const counted = (which: number, what: () => void): void => {
    Atomics.add(o.begun.view, which, 1);
    what();
    Atomics.add(o.done.view, which, 1);
  };
  const message = (i: number): unknown => {
    const number = o.next.add(1);
    return i % 3 === 0 ? number : [number, i % 2 === 0 ? 'y'.repeat(20_000) : [o.inner, o.events[0], o.list]];
  };
  let i = first;
  const steps = [
    ...o.holders.map((holder, which) => () => {
      holder.acquireSync();
      if ('locked' in holder && which % 5 === 1) holder.acquireSync();
      counted(which, () => (o.guarded.view[which] = o.guarded.view[which]! + 1));
      if ('notify' in holder) {
        holder.notify();
        holder.waitSync(short);
      }
      if ('locked' in holder && which % 5 === 1) holder.release();
      holder.release();
    }),
    ...o.events.map((event) => () => {
      if (i % 2 === 0) event.set();
      else event.clear();
      event.waitSync(short);
    }),
    ...o.barriers.map((barrier) => () => {
      patiently(() => barrier.waitSync(short));
      if (barrier.broken) barrier.reset();
    }),
    ...o.queues.map((queue) => () => {
      if (!('qsize' in queue)) queue.putSync(message(i));
      else patiently(() => queue.putSync(message(i), short));
      patiently(() => {
        receive(o, queue.getSync(short));
        if (isJoinable(queue)) queue.taskDone();
      });
    }),
    () => {
      const [from, to] = i % 2 === 0 ? o.pipe : [o.pipe[1], o.pipe[0]];
      from.sendSync(message(i));
      while (to.pollSync()) patiently(() => receive(o, to.recvSync(short)));
    },
    () => counted(12, () => o.value.add(1)),
    () => counted(13, () => o.managed.add(1)),
    () => counted(14, () => o.dict.increment('n')),
    () => counted(15, () => o.dict.mutate('m', (count) => Number(count ?? 0) + 1)),
    () => {
      o.list.push({ i, text }, o.m.list([o.list, o.m.dict({ i })]));
      o.list.insert(1, 'z'.repeat(5000));
      o.list.set(0, [o.dict, i]);
      if (o.list.length > 40) o.list.clear();
      o.list.sort(() => -1);
    },
    () => {
      o.dict.set(`k${i % 20}`, { i, text, deep: [o.set] });
      o.dict.update({ own: o.m.dict({ list: o.list }), text });
      o.dict.pop(`k${(i * 7) % 20}`);
      o.set.add(i % 10).delete((i + 5) % 10);
    },
    () => {
      o.names[`p${i % 3}`] = [i, o.holders[0], o.m.queue()];
      o.array.set(i % 8, i);
      o.inner.append(o.inner.at(-1));
      if (o.inner.length > 30) o.inner.clear();
    },
  ];
  for (; ; i++) {
    Atomics.add(o.steps.view, i % steps.length, 1);
    steps[i % steps.length]!();
  }
}

/** The same on its event loop. */
export async function awaits(given: Objects | undefined, first: number): Promise<void> {
  const o = given ?? before!;
  const patiently = async (what: Promise<unknown>): Promise<unknown> => {
    try {
      return await what;
    } catch (error) {
      if (!isExpected(error)) throw error;
      return -1;
    }
  };
  const message = (): unknown => [o.next.add(1), o.inner];
  const steps = [
    ...o.holders.map((holder, which) => async () => {
      const twice = [holder.acquire(), which % 5 === 1 ? undefined : patiently(holder.acquire(short))];
      await twice[0];
      Atomics.add(o.begun.view, which, 1);
      o.guarded.view[which] = o.guarded.view[which]! + 1;
      Atomics.add(o.done.view, which, 1);
      if ('notify' in holder) {
        holder.notifyAll();
        await holder.wait(short);
      }
      holder.release();
      if ((await twice[1]) === true) holder.release();
    }),
    ...o.events.map((event, i) => async () => {
      event.set();
      await event.wait();
      if (i === 0) event.clear();
    }),
    ...o.barriers.map((barrier) => async () => {
      await Promise.all([patiently(barrier.wait(short)), patiently(barrier.wait(short))]);
      if (barrier.broken) barrier.reset();
    }),
    ...o.queues.map((queue) => async () => {
      const put = (): Promise<unknown> =>
        !('qsize' in queue) ? queue.put(message()) : patiently(queue.put(message(), short));
      const [, , ...got] = await Promise.all([put(), put(), ...[1, 2].map(() => patiently(queue.get(short)))]);
      for (const one of got) receive(o, one);
      if (isJoinable(queue)) for (const one of got) if (one !== -1) queue.taskDone();
    }),
    async () => {
      const [here, there] = o.pipe;
      await Promise.all([here.send(message()), there.send(message())]);
      for (const end of o.pipe) while (await end.poll()) receive(o, await patiently(end.recv(short)));
    },
  ];
  for (let i = first; ; i++) {
    Atomics.add(o.steps.view, 32 + (i % steps.length), 1);
    await steps[i % steps.length]!();
  }
}
