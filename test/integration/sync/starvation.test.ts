import assert from 'node:assert/strict';
import { BoundedSemaphore, Condition, Lock, Process, RLock, Semaphore, SharedArray, SimpleQueue } from 'allcores';

/** How long each object is fought for. A minute is asked for with `ALLCORES_LONG=1`. */
const SECONDS = process.env['ALLCORES_LONG'] === undefined ? 1 : 60;
/** Those who block their threads and never pause, and event loops with so many functions each that wait. */
const [THREADS, LOOPS, IN_A_LOOP] = [3, 2, 3];
const EVERYBODY = THREADS + LOOPS * IN_A_LOOP;

/** Turns of each waiter, and the longest that it waited for one, in ms. */
interface Tally {
  readonly turns: SharedArray<'int32'>;
  readonly longest: SharedArray<'float64'>;
  readonly over: SharedArray<'int32'>;
}

type Contested = Lock | RLock | Semaphore | BoundedSemaphore;

function blocking(object: Contested, { turns, longest, over }: Tally, me: number): void {
  while (over.at(0) === 0) {
    const begun = performance.now();
    object.acquireSync();
    longest.view[me] = Math.max(longest.view[me]!, performance.now() - begun);
    turns.view[me]!++;
    object.release();
  }
}

async function awaiting(object: Contested, { turns, longest, over }: Tally, from: number, count: number) {
  const one = async (me: number): Promise<void> => {
    while (over.at(0) === 0) {
      const begun = performance.now();
      await object.acquire();
      longest.view[me] = Math.max(longest.view[me]!, performance.now() - begun);
      turns.view[me]!++;
      object.release();
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  await Promise.all(Array.from({ length: count }, (_, i) => one(from + i)));
}

/** Who waits for notifications, one of which comes at a time. */
function waiting(condition: Condition, { turns, longest, over }: Tally, me: number): void {
  condition.acquireSync();
  while (over.at(0) === 0) {
    const begun = performance.now();
    if (!condition.waitSync({ timeout: 100 })) continue;
    longest.view[me] = Math.max(longest.view[me]!, performance.now() - begun);
    turns.view[me]!++;
  }
  condition.release();
}

function notifying(condition: Condition, { over }: Tally): void {
  while (over.at(0) === 0) {
    condition.acquireSync();
    condition.notify();
    condition.release();
  }
}

/** Nobody may be left out: everybody has a turn a second on average, and waits for none longer than a few. */
async function settle(tally: Tally, processes: readonly Process[], ready: Promise<void>): Promise<void> {
  await ready;
  await new Promise((resolve) => setTimeout(resolve, SECONDS * 1000));
  tally.over.set(0, 1);
  for (const process of processes) await process.join();
  const [turns, longest] = [[...tally.turns.view], [...tally.longest.view].map(Math.round)];
  if (SECONDS > 1) console.log({ turns, longest });
  assert.deepEqual(processes.map(({ exitCode }) => exitCode), Array(processes.length).fill(0)); // prettier-ignore
  assert.ok(Math.min(...turns) >= SECONDS, `turns: ${turns.join()}; longest waits: ${longest.join()} ms`);
  assert.ok(Math.max(...longest) < 5000, `longest waits: ${longest.join()} ms`);
}

function tallyOf(waiters: number): Tally {
  return {
    turns: new SharedArray('int32', waiters),
    longest: new SharedArray('float64', waiters),
    over: new SharedArray('int32', 1),
  };
}

/** All of them run before the time counts. */
async function started(processes: readonly Process[], here: SimpleQueue<number>): Promise<void> {
  for (const process of processes) process.start();
  for (const _ of processes) await here.get();
}

describe('nobody starves', function () {
  this.timeout(SECONDS * 1000 + 60_000);

  const contested: Record<string, () => Contested> = {
    Lock: () => new Lock(),
    RLock: () => new RLock(),
    Semaphore: () => new Semaphore(2),
    BoundedSemaphore: () => new BoundedSemaphore(1),
  };
  for (const [name, make] of Object.entries(contested)) {
    it(`who waits for a ${name}, on its thread or in its event loop, though others ask for it without a pause`, async () => {
      const [object, tally, here] = [make(), tallyOf(EVERYBODY), new SimpleQueue<number>()];
      const greedy = (o: Contested, t: Tally, me: number, h: typeof here): void => {
        h.putSync(me);
        blocking(o, t, me);
      };
      const patient = async (o: Contested, t: Tally, from: number, h: typeof here): Promise<void> => {
        h.putSync(from);
        await awaiting(o, t, from, IN_A_LOOP);
      };
      const processes = [
        ...Array.from({ length: THREADS }, (_, i) => new Process({ target: greedy, args: [object, tally, i, here] })),
        ...Array.from(
          { length: LOOPS },
          (_, i) => new Process({ target: patient, args: [object, tally, THREADS + i * IN_A_LOOP, here] }),
        ),
      ];
      await settle(tally, processes, started(processes, here));
    });
  }

  it('who waits for a Condition: notifications go round', async () => {
    const [condition, tally, here] = [new Condition(), tallyOf(THREADS), new SimpleQueue<number>()];
    const wait = (c: Condition, t: Tally, me: number, h: typeof here): void => {
      h.putSync(me);
      waiting(c, t, me);
    };
    const notify = (c: Condition, t: Tally, h: typeof here): void => {
      h.putSync(-1);
      notifying(c, t);
    };
    const processes = [
      ...Array.from({ length: THREADS }, (_, i) => new Process({ target: wait, args: [condition, tally, i, here] })),
      new Process({ target: notify, args: [condition, tally, here] }),
    ];
    await settle(tally, processes, started(processes, here));
  });
});
