import assert from 'node:assert/strict';
import { heapFigures, Pool, Process, Queue, setStartMethod, SharedArray, SimpleQueue } from 'allcores';
import { run } from '../child.js';
import { report } from '../inside.js';
import { childProcesses, comesTrue, crashIn, killHard } from './children.js';

/** Who put it, as which message, and something that shows whether all of it is there. */
type Message = readonly [who: number, i: number, body: string | Uint8Array | { text: string; i: number }];

/** The program: producers of small and large messages are killed at random moments, one consumer of two as well. */
async function kills(rounds: number): Promise<void> {
  setStartMethod('process');
  const LARGE = 2 << 20;
  const bodyOf = (i: number, size: number): Message[2] => {
    const letter = String.fromCharCode(97 + (i % 26));
    if (i % 4 === 1) return letter.repeat(size);
    if (i % 4 === 3) return new Uint8Array(size).fill(i);
    return { text: letter.repeat(i % 300), i };
  };
  const isWhole = (i: number, body: Message[2]): boolean => {
    const whole = bodyOf(i, LARGE);
    if (typeof body === 'string') return body === whole;
    if (!(body instanceof Uint8Array)) return JSON.stringify(body) === JSON.stringify(whole);
    return Buffer.from(body.buffer, body.byteOffset, body.length).equals(whole as Uint8Array);
  };
  type Producer = readonly [Queue<Message>, number, typeof bodyOf, number];
  const putsBlocking = ([queue, who, of, size]: Producer, pids: SharedArray<'int32'>): void => {
    pids.set(0, process.pid);
    for (let i = 0; ; i++) queue.putSync([who, i, of(i, size)]);
  };
  const puts = async ([queue, who, of, size]: Producer): Promise<void> => {
    for (let i = 0; ; i++) await queue.put([who, i, of(i, size)]);
  };
  const takes = (queue: Queue<Message>, taken: SimpleQueue<readonly [number, number]>): void => {
    for (;;) {
      const [who, i] = queue.getSync();
      taken.putSync([who, i]);
    }
  };

  const pool = new Pool(1);
  await pool.apply(() => 0);
  const before = heapFigures().live;
  const figures = await (async () => {
    const queue = new Queue<Message>(6);
    const taken = new SimpleQueue<readonly [number, number]>();
    const faults: unknown[] = [];
    const heard = new Set<string>();
    const last = new Map<number, number>();
    const pids = new SharedArray('int32', 1);
    let large = 0;
    /** What one consumer gets of one producer comes in order; what two get comes once. */
    const note = ([who, i, body]: Message): void => {
      if (!isWhole(i, body)) faults.push(['torn', who, i]);
      if (heard.has(`${who}:${i}`)) faults.push(['twice', who, i]);
      if (i <= (last.get(who) ?? -1)) faults.push(['not in order', who, i]);
      heard.add(`${who}:${i}`);
      last.set(who, i);
      large += i % 2;
    };
    for (let round = 0; round < rounds; round++) {
      // In every other round there is nobody but this thread to take messages: then none may be missing, either.
      const alone = round % 2 === 0;
      const [first, second] = [2 * round, 2 * round + 1];
      const task = crashIn(() => pool.apply(putsBlocking, [[queue, first, bodyOf, LARGE], pids]));
      const child = new Process({ target: puts, args: [[queue, second, bodyOf, LARGE]] }).start();
      const consumer = alone ? undefined : new Process({ target: takes, args: [queue, taken] }).start();
      const enough = 3 + Math.random() * 12;
      while ([first, second].some((who) => (last.get(who) ?? -1) < enough)) note(await queue.get({ timeout: 20_000 }));
      const doomed = [pids.at(0)!, child.pid!, ...(consumer === undefined ? [] : [consumer.pid!])];
      for (const pid of doomed.toSorted(() => Math.random() - 0.5)) {
        const until = performance.now() + Math.random() * 4;
        while (performance.now() < until) if (!queue.empty()) note(await queue.get({ timeout: 20_000 }));
        killHard(pid);
      }
      const end = (await task) as { signal?: string };
      if (end.signal !== 'SIGKILL') faults.push(end);
      await child.join();
      await consumer?.join();
      while (!queue.empty()) note(await queue.get({ timeout: 20_000 }));
      while (!taken.empty()) {
        const [who, i] = taken.getSync({ timeout: 20_000 });
        if (heard.has(`${who}:${i}`)) faults.push(['twice', who, i]);
      }
      for (const who of alone ? [first, second] : []) {
        const count = [...heard].filter((key) => key.startsWith(`${who}:`)).length;
        if (count !== last.get(who)! + 1) faults.push(['missing', who, count, last.get(who)]);
      }
      // It holds as many as before, and not one more.
      for (let i = 0; i < 6; i++) queue.putNowait([-1, i, { text: '', i }]);
      if (!queue.full()) faults.push('room for more');
      for (let i = 0; i < 6; i++) if (queue.getNowait()[1] !== i) faults.push('lost');
    }
    return { faults, large: large > rounds };
  })();
  report(figures);
  report(await pool.apply(() => 'goes on'));
  await pool.terminate();
  report(await comesTrue(() => childProcesses().length === 0));
  // A kill costs the message that was in hand at that moment, at most. What was put or waited with comes back.
  const { gc } = globalThis as unknown as { gc(): void };
  const most = before + 3 * rounds * (LARGE + 65_536);
  report(await comesTrue(() => (gc(), heapFigures().live <= most)));
}

describe('a queue whose producers are killed in the midst of puts', () => {
  it('gives whole messages, in the order of each producer, none twice, and goes on', async () => {
    const child = await run(kills, { args: [8], execArgv: ['--expose-gc'], timeout: 90_000 });
    assert.deepEqual(child.reports, [{ faults: [], large: true }, 'goes on', true, true], child.stderr);
    assert.deepEqual([child.code, child.stderr], [0, '']);
  }).timeout(120_000);
});
