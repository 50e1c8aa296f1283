import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import { activeChildren, currentProcess, parentProcess, Process, SharedArray } from 'allcores';

type Answer = SharedArray<'uint8'>;

function answer(bytes: Answer, value: unknown): void {
  bytes.view.set(new TextEncoder().encode(JSON.stringify(value)));
}

function read(bytes: Answer): unknown {
  return JSON.parse(Buffer.from(bytes.view).toString().replace(/\0+$/, ''));
}

const forever = (): void => {
  for (;;);
};

const nap = (ms: number): void => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

/** Writes its id, then starts and joins two processes of its own, two levels deep. */
function recurse(trace: SharedArray<'int32'>, id: number[]): void {
  trace.set(
    1 + Atomics.add(trace.view, 0, 1),
    id.reduce((number, digit) => number * 10 + digit + 1, 0),
  );
  if (id.length === 2) return;
  for (let i = 0; i < 2; i++) new Process({ target: recurse, args: [trace, [...id, i]] }).start().joinSync();
}

describe('as Python: Process', () => {
  it('arguments arrive as they are, arrays among them', async () => {
    for (const value of [1, 'str', [1], [[1], 'x']]) {
      const bytes = new SharedArray('uint8', 100);
      const process = new Process({ target: answer, args: [bytes, value], daemon: true }).start();
      await process.join();
      assert.deepEqual(read(bytes), value);
    }
  });

  it('a process is a daemon if its creator is one, unless it says otherwise', () => {
    const target = (): void => {};
    assert.equal(new Process({ target }).daemon, currentProcess().daemon);
    assert.equal(new Process({ target, daemon: true }).daemon, true);
    assert.equal(new Process({ target, daemon: false }).daemon, false);
  });

  it('a process knows the number and the name of its parent', async () => {
    assert.equal(parentProcess(), undefined);
    const bytes = new SharedArray('uint8', 100);
    const target = (out: Answer): void => answer(out, [parentProcess()!.pid, parentProcess()!.name]);
    await new Process({ target, args: [bytes] }).start().join();
    assert.deepEqual(read(bytes), [process.pid, currentProcess().name]);
  });

  it('before, during and after its run, a process is as it says', async () => {
    const bytes = new SharedArray('uint8', 200);
    const target = (out: Answer, go: SharedArray<'int32'>, ...args: number[]): void => {
      while (go.at(0) === 0);
      answer(out, [args, currentProcess().name, currentProcess().pid, currentProcess().daemon]);
    };
    const go = new SharedArray('int32', 1);
    const process = new Process({ target, args: [bytes, go, 1, 2], name: 'SomeProcess' });
    process.daemon = true;
    assert.deepEqual([process.isAlive(), process.exitCode, activeChildren()], [false, null, []]);
    process.start();
    assert.deepEqual([process.isAlive(), process.exitCode, activeChildren()], [true, null, [process]]);
    go.set(0, 1);
    await process.join();
    assert.deepEqual([process.isAlive(), process.exitCode, activeChildren()], [false, 0, []]);
    assert.deepEqual(read(bytes), [[1, 2], 'SomeProcess', process.pid, true]);
  });

  it('a process has a thread of its own', async () => {
    const bytes = new SharedArray('uint8', 100);
    const target = (out: Answer): void => answer(out, currentProcess().pid);
    await new Process({ target, args: [bytes] }).start().join();
    assert.notEqual(read(bytes), currentProcess().pid);
  });

  for (const [method, exitCode] of [
    ['terminate', -15],
    ['kill', -9],
  ] as const) {
    it(`${method} ends a sleeping process, whose exit code is the signal`, async () => {
      const process = new Process({ target: nap, args: [100_000], daemon: true }).start();
      assert.deepEqual([process.isAlive(), process.exitCode, activeChildren()], [true, null, [process]]);
      assert.deepEqual([await process.join({ timeout: 0 }), await process.join({ timeout: -1 })], [false, false]);
      while (process.pid === null) await sleep(1);
      process[method]();
      assert.equal(await process.join({ timeout: 10_000 }), true);
      assert.deepEqual([process.isAlive(), process.exitCode, activeChildren()], [false, exitCode, []]);
      await process.join();
    });
  }

  it('active children are those that have been started and not ended', async () => {
    const process = new Process({ target: nap, args: [50], daemon: true });
    assert.deepEqual(activeChildren(), []);
    process.start();
    assert.deepEqual(activeChildren(), [process]);
    await process.join();
    assert.deepEqual(activeChildren(), []);
  });

  it('processes start processes, and join them', () => {
    const trace = new SharedArray('int32', 10);
    recurse(trace, []);
    assert.deepEqual([...trace].slice(0, 8), [7, 0, 1, 11, 12, 2, 21, 22]);
  });

  it('the end of a process can be waited for beside other things', async () => {
    const go = new SharedArray('int32', 1);
    const target = (flag: SharedArray<'int32'>): void => {
      while (flag.at(0) === 0);
    };
    const process = new Process({ target, args: [go] }).start();
    assert.equal(await Promise.race([process.exited, sleep(20, 'still alive')]), 'still alive');
    go.set(0, 1);
    assert.deepEqual(await Promise.race([process.exited, sleep(10_000, 'still alive')]), { exitCode: 0, signal: null });
  });

  it('close is refused while it runs, and leaves nothing that could be asked', async () => {
    const process = new Process({ target: forever, daemon: true }).start();
    assert.throws(() => process.close(), { code: 'ERR_ALLCORES_PROCESS' });
    process.kill();
    await process.join();
    process.close();
    assert.throws(() => process.isAlive(), { message: 'process object is closed' });
    await assert.rejects(process.join(), { message: 'process object is closed' });
    assert.throws(() => process.terminate(), { message: 'process object is closed' });
    process.close();
  });

  it('many processes at once all end with their codes, or are all terminated', async () => {
    const naps = Array.from({ length: 10 }, () => new Process({ target: nap, args: [10] }).start());
    for (const process of naps) await process.join();
    assert.ok(naps.every((process) => process.exitCode === 0));
    const endless = Array.from({ length: 10 }, () => new Process({ target: forever }).start());
    await sleep(1);
    for (const process of endless) process.terminate();
    for (const process of endless) await process.join();
    assert.ok(endless.every((process) => process.exitCode === -15));
  });

  it('a process waits for what it has going before it ends', async () => {
    const out = new SharedArray('int32', 2);
    const target = (flags: SharedArray<'int32'>): void => {
      setTimeout(() => flags.set(0, 1), 100);
      setTimeout(() => flags.set(1, 1), 20_000).unref();
    };
    await new Process({ target, args: [out] }).start().join();
    assert.ok(isDeepStrictEqual([...out], [1, 0]));
  });

  it('a process whose streams are closed or gone runs and succeeds', async () => {
    for (const name of ['stdout', 'stderr'] as const) {
      for (const action of ['close', 'remove']) {
        const out = new SharedArray('int32', 1);
        const target = (flag: SharedArray<'int32'>, stream: 'stdout' | 'stderr', how: string): void => {
          if (how === 'close') process[stream].destroy();
          else Object.defineProperty(process, stream, { value: undefined, configurable: true });
          flag.set(0, 1);
        };
        const child = new Process({ target, args: [out, name, action] }).start();
        await child.join();
        assert.deepEqual([out.at(0), child.exitCode, name, action], [1, 0, name, action]);
      }
    }
  });

  it('the exit code is what process.exit was given, 0 without', async () => {
    for (const [code, expected] of [
      [8, 8],
      [0, 0],
      [undefined, 0],
    ] as const) {
      const process = new Process({ target: (n?: number): never => globalThis.process.exit(n), args: [code] }).start();
      await process.join();
      assert.equal(process.exitCode, expected);
    }
  });
});
