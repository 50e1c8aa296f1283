import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { Event, Lock, Process, Queue, Semaphore, setStartMethod } from 'allcores';
import { run } from '../child.js';
import { report } from '../inside.js';
import { childProcesses, comesTrue } from './children.js';
import { compileSegfault } from './segfault.js';

/** The program: a process that ends in one way; tells what its parent sees, blocked and by event. */
async function ends(how: string, addon: string): Promise<void> {
  setStartMethod('process');
  const target = (way: string, path: string): unknown => {
    if (way === 'exits') process.exit(7);
    if (way === 'sets its code') process.exitCode = 5;
    if (way === 'throws') throw new RangeError('of the target');
    if (way === 'rejects') return Promise.reject(new RangeError('of the target'));
    if (way === 'throws later') setTimeout(() => { throw new RangeError('of the target'); }); // prettier-ignore
    if (way === 'aborts') process.abort();
    if (way.startsWith('SIG')) process.kill(process.pid, way);
    if (way === 'reads invalid memory') {
      const module = { exports: {} as { fault(): unknown } };
      process.dlopen(module, path);
      return module.exports.fault();
    }
    // A signal to oneself need not come at once.
    return way.startsWith('SIG') ? new Promise(() => {}) : undefined;
  };
  const child = new Process({ target, args: [how, addon], name: 'P' }).start();
  report([child.joinSync({ timeout: 10_000 }), child.exitCode, child.isAlive()]);
  const { exitCode, signal, error } = await child.exited;
  report([exitCode, signal, error?.name, error?.message]);
  report(await comesTrue(() => childProcesses().length === 0));
}

/** The program: processes that all do the same are ended from outside, each in another way. */
async function isEnded(state: string): Promise<void> {
  setStartMethod('process');
  const [up, lock, empty, full] = [new Semaphore(0), new Lock(), new Queue<number>(), new Queue<number>(1)];
  lock.acquireSync();
  full.putSync(0);
  const target = (what: string, begun: Semaphore, held: Lock, nothing: Queue<number>, much: Queue<number>): unknown => {
    process.on('exit', () => {
      for (;;); // it is not asked
    });
    begun.release();
    if (what === 'loops') for (;;);
    if (what === 'waits for a lock') held.acquireSync();
    if (what === 'waits for a message') nothing.getSync();
    if (what === 'waits for room') much.putSync(1);
    if (what === 'awaits a lock') return held.acquire();
    return new Promise((resolve) => setTimeout(resolve, 1e9));
  };
  const ways: Record<string, (child: Process) => void> = {
    terminate: (child) => child.terminate(),
    kill: (child) => child.kill(),
    interrupt: (child) => child.interrupt(),
    SIGABRT: ({ pid }) => process.kill(pid!, 'SIGABRT'),
    SIGSEGV: ({ pid }) => process.kill(pid!, 'SIGSEGV'),
  };
  const children = Object.keys(ways).map(() => new Process({ target, args: [state, up, lock, empty, full] }).start());
  for (const _child of children) await up.acquire();
  for (const [i, end] of Object.values(ways).entries()) end(children[i] as Process);
  const seen: unknown[] = [];
  for (const [i, way] of Object.keys(ways).entries()) {
    const { exitCode, signal, error } = await children[i]!.exited;
    seen.push([way, exitCode, signal, error === undefined]);
  }
  report(seen);
  // Nobody who has waited in vain took anything.
  report([lock.locked, full.getSync(), full.empty(), empty.empty()]);
  report(await comesTrue(() => childProcesses().length === 0));
}

const ENDS: Record<string, readonly [exitCode: number, signal: string | null, said: RegExp]> = {
  returns: [0, null, /^$/],
  exits: [7, null, /^$/],
  'sets its code': [5, null, /^$/],
  throws: [1, null, /^Process P:\nRangeError: of the target\n +at target /],
  rejects: [1, null, /^Process P:\nRangeError: of the target\n +at target /],
  'throws later': [1, null, /^Process P:\nRangeError: of the target\n +at /],
  SIGKILL: [-9, 'SIGKILL', /^$/],
  SIGTERM: [-15, 'SIGTERM', /^$/],
  SIGHUP: [-1, 'SIGHUP', /^$/],
  aborts: [-6, 'SIGABRT', /.*/],
  'reads invalid memory': [-11, 'SIGSEGV', /^$/],
};

describe('the exit code of a process', () => {
  const { folder, addon } = compileSegfault();
  after(() => rmSync(folder, { recursive: true }));

  for (const [how, [exitCode, signal, said]] of Object.entries(ENDS)) {
    it(`that ${how.startsWith('SIG') ? `sends itself ${how}` : how} is ${exitCode}`, async () => {
      const child = await run(ends, { args: [how, addon] });
      const error = exitCode === 1 ? ['RangeError', 'of the target'] : [null, null];
      assert.deepEqual(child.reports, [[true, exitCode, false], [exitCode, signal, ...error], true], child.stderr);
      assert.match(child.stderr, said);
      assert.equal(child.code, 0);
    });
  }

  for (const state of [
    'loops',
    'waits for a lock',
    'awaits a lock',
    'waits for a message',
    'waits for room',
    'sleeps',
  ]) {
    it(`that ${state} is that of what ends it from outside, and nothing is taken by it`, async () => {
      const child = await run(isEnded, { args: [state], timeout: 30_000 });
      const told = [
        ['terminate', -15, 'SIGTERM', true],
        ['kill', -9, 'SIGKILL', true],
        ['interrupt', -2, 'SIGINT', true],
        ['SIGABRT', -6, 'SIGABRT', true],
        ['SIGSEGV', -11, 'SIGSEGV', true],
      ];
      assert.deepEqual(child.reports, [told, [true, 0, true, true], true], child.stderr);
      assert.deepEqual([child.code, child.stderr], [0, '']);
    }).timeout(60_000);
  }

  it('that is interrupted is its own affair if it listens to that, once its event loop turns', async () => {
    const child = await run(async () => {
      setStartMethod('process');
      for (const state of ['loops', 'waits']) {
        const [up, go] = [new Event(), new Event()];
        const target = (what: string, begun: Event, may: Event): unknown => {
          process.on('SIGINT', () => process.exit(3));
          begun.set();
          if (what === 'loops') while (!may.isSet());
          else may.waitSync();
          return new Promise(() => {});
        };
        const listening = new Process({ target, args: [state, up, go] }).start();
        await up.wait();
        listening.interrupt();
        report(listening.isAlive());
        go.set();
        report(await listening.exited);
      }
    });
    const exited = { exitCode: 3, signal: null };
    assert.deepEqual(child.reports, [true, exited, true, exited], child.stderr);
    assert.deepEqual([child.code, child.stderr], [0, '']);
  });
});
