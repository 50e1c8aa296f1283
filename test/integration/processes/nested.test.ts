import assert from 'node:assert/strict';
import { parentProcess, getContext, Pool, Process, SharedArray, type StartMethod } from 'allcores';
import { isThere, until } from '../../support/system.js';

const KINDS = ['process', 'thread'] as const;

/** Where code runs: which process, and whether it is the main thread of it. */
async function place(): Promise<[number, boolean]> {
  const { isMainThread } = await import('node:worker_threads');
  return [process.pid, isMainThread];
}

async function inPool(method: StartMethod): Promise<{ own: [number, boolean]; theirs: [number, boolean][] }> {
  const { Pool: Inner } = getContext(method);
  await using pool = new Inner(2);
  return { own: await place(), theirs: await pool.broadcast(place) };
}

async function inProcess(method: StartMethod, out: SharedArray<'float64'>): Promise<void> {
  const { Process: Inner } = getContext(method);
  const target = (there: SharedArray<'float64'>): void => {
    there.set(1, process.pid);
    there.set(2, parentProcess()!.pid);
  };
  out.set(0, process.pid);
  const child = new Inner({ target, args: [out] }).start();
  child.joinSync();
  out.set(3, child.exitCode!);
}

/** A pool and a process of the default method of whoever calls: who they are. */
async function byDefault(pids: SharedArray<'float64'>): Promise<void> {
  await using pool = new Pool(1);
  const [pid] = await pool.apply(place);
  pids.set(0, process.pid);
  pids.set(1, pid);
  const target = (out: SharedArray<'float64'>): void => out.set(2, process.pid);
  await new Process({ target, args: [pids] }).start().join();
}

/** Says who its child is, and goes on for ever. */
function leaveChild(out: SharedArray<'float64'>): void {
  const target = (): unknown => setInterval(() => {}, 1000);
  out.set(0, new (getContext('process').Process)({ target }).start().pid!);
  for (;;);
}

describe('workers within workers', () => {
  for (const outer of KINDS) {
    for (const inner of KINDS) {
      it(`a pool of ${inner} workers in a worker that is a ${outer}`, async () => {
        await using pool = new (getContext(outer).Pool)(1);
        const { own, theirs } = await pool.apply(inPool, [inner]);
        assert.equal(own[0] === process.pid, outer === 'thread');
        assert.equal(own[1], outer === 'process');
        for (const [pid, isMain] of theirs) assert.deepEqual([pid === own[0], isMain], inner === 'thread' ? [true, false] : [false, true]); // prettier-ignore
        assert.equal(theirs.length, 2);
      });

      it(`a Process that is a ${inner} in one that is a ${outer}`, async () => {
        const out = new SharedArray('float64', 4);
        const child = new (getContext(outer).Process)({ target: inProcess, args: [inner, out] }).start();
        await child.join();
        const [own, theirs, parent, exitCode] = out;
        assert.deepEqual([child.exitCode, exitCode], [0, 0]);
        assert.equal(own === process.pid, outer === 'thread');
        assert.equal(own === theirs, inner === 'thread');
        if (outer === 'process') assert.equal(parent, child.pid);
      });
    }
  }

  it('are of the kind of their creator by default', async () => {
    for (const kind of KINDS) {
      const pids = new SharedArray('float64', 3);
      await new (getContext(kind).Process)({ target: byDefault, args: [pids] }).start().join();
      assert.ok(pids.at(2)! > 0);
      assert.equal(new Set(pids).size, kind === 'thread' ? 1 : 3, kind);
    }
  });

  it('end with the process that made them, even if it is killed', async function () {
    if (process.platform !== 'linux') this.skip(); // only there can it be looked up
    const out = new SharedArray('float64', 1);
    const child = new (getContext('process').Process)({ target: leaveChild, args: [out] }).start();
    await until(() => out.at(0) !== 0);
    assert.ok(isThere(out.at(0)!));
    child.kill();
    await child.join();
    await until(() => !isThere(out.at(0)!));
  });

  it('a Process is refused in a worker of a pool, which is a daemon', async () => {
    for (const kind of KINDS) {
      await using pool = new (getContext(kind).Pool)(1);
      await assert.rejects(pool.apply(inProcess, [kind, new SharedArray('float64', 4)]), {
        name: 'ProcessError',
        message: 'daemonic processes are not allowed to have children, and PoolWorker-1 is one',
      });
    }
  });
});
