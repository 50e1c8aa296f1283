import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Event, Lock, Pool, Process, Queue, Semaphore, setStartMethod, SharedArray } from 'allcores';
import { run, type ChildOptions, type Ended } from '../child.js';
import { report } from '../inside.js';

const terminal = fileURLToPath(new URL('../../../../test/lifecycle/processes/fixtures/terminal.py', import.meta.url));

/** Runs a program in front of a terminal, whose Ctrl-C it gets when it reports 'press'. */
function inTerminal<A extends readonly unknown[]>(
  body: (...args: A) => unknown,
  options: ChildOptions & { readonly args?: A } = {},
): Promise<Ended> {
  return run(body, { timeout: 40_000, through: ['python3', terminal], ...options });
}

/** The program: workers that are in each state which a worker can be in, and an owner that is, too. */
async function occupied(ownState: string): Promise<void> {
  setStartMethod('process');
  const [begun, lock, empty] = [new SharedArray('int32', 1), new Lock(), new Queue<number>()];
  lock.acquireSync();
  const works = (state: string, up: typeof begun, held: Lock, nothing: Queue<number>): unknown => {
    Atomics.add(up.view, 0, 1);
    if (state === 'computes') for (;;);
    if (state === 'waits') held.acquireSync();
    if (state === 'gets') nothing.getSync();
    return new Promise((resolve) => setTimeout(resolve, 1e9));
  };
  const states = ['computes', 'waits', 'gets', 'sleeps'];
  const pool = new Pool(states.length + 1);
  await pool.broadcast(() => 0);
  if (ownState !== 'idle') {
    for (const state of states) void pool.apply(works, [state, begun, lock, empty]);
    for (const state of states) new Process({ target: works, args: [state, begun, lock, empty] }).start();
    while (begun.at(0)! < 2 * states.length) await sleep(1);
  }
  report('press');
  if (ownState === 'blocked') pool.applySync(works, ['sleeps', begun, lock, empty]);
  await sleep(1e9);
}

describe('Ctrl-C in a terminal', () => {
  before(function () {
    if (spawnSync('python3', ['--version']).status !== 0) this.skip(); // it makes the terminal
  });

  for (const state of ['idle', 'awaiting', 'blocked'] as const) {
    const what = { idle: 'idle workers', awaiting: 'busy workers', blocked: 'busy workers, while it is blocked' }[
      state
    ];
    it(`ends a program with ${what}: code 130, no word from anybody, and nobody left`, async () => {
      const child = await inTerminal(occupied, { args: [state] });
      assert.deepEqual(child.reports, ['press', { left: 0 }], child.stdout);
      assert.deepEqual([child.code, child.stdout, child.stderr], [130, '', '']);
    }).timeout(60_000);
  }

  it('ends a program whose workers are starting, without a word, again and again', async () => {
    for (let round = 0; round < 6; round++) {
      const child = await inTerminal(
        async (millis: number) => {
          setStartMethod('process');
          const pool = new Pool(3);
          void pool.apply(() => 0).catch(report);
          new Process({ target: () => new Promise(() => {}) }).start();
          await sleep(millis);
          report('press');
          await sleep(1e9);
        },
        { args: [round * 30] },
      );
      assert.deepEqual(child.reports, ['press', { left: 0 }], child.stdout);
      assert.deepEqual([child.code, child.stdout, child.stderr], [130, '', '']);
    }
  }).timeout(90_000);

  it('goes to a listener of the program alone: its workers go on, and it can do with them as it likes', async () => {
    const child = await inTerminal(async () => {
      setStartMethod('process');
      const pool = new Pool(2);
      const [up, go] = [new Semaphore(0), new Event()];
      const works = (begun: Semaphore, may: Event): string => {
        begun.release();
        may.waitSync();
        return 'done';
      };
      const task = pool.apply(works, [up, go]);
      const other = new Process({ target: works, args: [up, go] }).start();
      for (let i = 0; i < 2; i++) await up.acquire();
      let pressed = 0;
      process.on('SIGINT', () => {
        if (++pressed < 3) return report('press');
        go.set();
      });
      report('press');
      report([await task, (await other.exited).exitCode, pressed]);
      const lost = pool.apply(() => new Promise(() => {})).catch((error: unknown) => report((error as Error).name));
      await pool.terminate();
      await lost;
      process.exit(130);
    });
    const presses = ['press', 'press', 'press'];
    const rest = [['done', 0, 3], 'PoolClosedError', { left: 0 }];
    assert.deepEqual(child.reports, [...presses, ...rest], child.stdout);
    assert.deepEqual([child.code, child.stdout, child.stderr], [130, '', '']);
  }).timeout(60_000);

  it('that a program listens to does not cost it a pool that is starting', async () => {
    const child = await inTerminal(async () => {
      setStartMethod('process');
      process.on('SIGINT', () => {});
      for (let round = 0; round < 8; round++) {
        const pool = new Pool(3, { initializer: () => Reflect.set(globalThis, 'ready', true) });
        const tasks = Array.from({ length: 6 }, (_, i) => pool.apply((x: number) => [x, 'ready' in globalThis], [i]));
        await sleep(round * 20);
        report('press');
        report((await Promise.all(tasks)).every(([x, ready], i) => x === i && ready));
        report(pool.stats().crashed);
        pool.close();
        await pool.join();
      }
    });
    const rounds = Array.from({ length: 8 }, () => ['press', true, 0]).flat();
    assert.deepEqual(child.reports, [...rounds, { left: 0 }], child.stdout);
    assert.deepEqual([child.code, child.stdout, child.stderr], [0, '', '']);
  }).timeout(60_000);

  it('reaches a listener that a worker has set for itself', async () => {
    const child = await inTerminal(async () => {
      setStartMethod('process');
      const [up, heard] = [new Event(), new Event()];
      const listens = (listening: Event, told: Event): unknown =>
        new Promise<void>((resolve) => {
          const forced = setTimeout(resolve, 1e9);
          process.once('SIGINT', () => {
            told.set();
            clearTimeout(forced);
            resolve();
          });
          listening.set();
        });
      process.on('SIGINT', () => {});
      const other = new Process({ target: listens, args: [up, heard] }).start();
      await up.wait();
      report('press');
      report([await heard.wait({ timeout: 10_000 }), (await other.exited).exitCode]);
    });
    assert.deepEqual(child.reports, ['press', [true, 0], { left: 0 }], child.stdout);
    assert.deepEqual([child.code, child.stdout, child.stderr], [0, '', '']);
  }).timeout(60_000);
});
