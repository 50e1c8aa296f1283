import assert from 'node:assert/strict';
import { Process } from 'allcores';

const sleep = (ms: number): void => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
const forever = (): void => {
  for (;;);
};

describe('Process.join', () => {
  it('resolves to true once the process has ended, any number of times', async () => {
    const process = new Process({ target: sleep, args: [50] }).start();
    assert.deepEqual(await Promise.all([process.join(), process.join()]), [true, true]);
    assert.equal(await process.join({ timeout: 0 }), true);
    assert.equal(process.joinSync({ timeout: 0 }), true);
  });

  it('resolves to false when its time passes first: at once with 0 or less', async () => {
    const process = new Process({ target: forever, daemon: true }).start();
    for (const timeout of [0, -1, -Infinity, 20]) {
      assert.equal(await process.join({ timeout }), false, `join ${timeout}`);
      assert.equal(process.joinSync({ timeout }), false, `joinSync ${timeout}`);
    }
    process.kill();
    assert.equal(await process.join({ timeout: 10_000 }), true);
  });

  it('rejects with the reason of its signal', async () => {
    const process = new Process({ target: forever, daemon: true }).start();
    const reason = new Error('enough');
    await assert.rejects(process.join({ signal: AbortSignal.abort(reason) }), reason);
    const controller = new AbortController();
    const join = process.join({ signal: controller.signal, timeout: 10_000 });
    controller.abort(reason);
    await assert.rejects(join, reason);
    assert.equal(process.isAlive(), true);
    process.kill();
    assert.equal(await process.join({ signal: new AbortController().signal }), true);
  });

  it('is refused before the start, as is what ends a process', async () => {
    const process = new Process({ target: sleep });
    await assert.rejects(process.join(), { name: 'ProcessError', message: 'can only join a started process' });
    assert.throws(() => process.joinSync(), { message: 'can only join a started process' });
    assert.throws(() => process.terminate(), { message: 'can only terminate a started process' });
    assert.throws(() => process.kill(), { message: 'can only kill a started process' });
    assert.throws(() => process.interrupt(), { message: 'can only interrupt a started process' });
  });

  it('refuses a bad timeout or signal by name', async () => {
    const process = new Process({ target: () => {} }).start();
    await assert.rejects(process.join({ timeout: '1' as unknown as number }), { message: /^timeout must be a number/ });
    await assert.rejects(process.join({ timeout: NaN }), { message: /^timeout must be a number/ });
    await assert.rejects(process.join({ signal: {} as AbortSignal }), { message: /^signal must be an AbortSignal/ });
    assert.throws(() => process.joinSync({ timeout: NaN }), { message: /^timeout must be a number/ });
    await process.join();
  });

  it('needs no timer for a time without end', async () => {
    const process = new Process({ target: sleep, args: [20] }).start();
    assert.equal(await process.join({ timeout: Infinity }), true);
    assert.equal(process.joinSync({ timeout: 1e300 }), true);
  });
});

describe('Process.joinSync', () => {
  it('blocks until the process has run and ended, exit code known', () => {
    const process = new Process({ target: sleep, args: [50] }).start();
    assert.equal(process.exitCode, null);
    assert.equal(process.joinSync(), true);
    assert.deepEqual([process.exitCode, process.isAlive()], [0, false]);
  });

  it('knows every kind of exit code at once', async () => {
    const targets: [() => unknown, number][] = [
      [(): never => process.exit(7), 7],
      [(): void => void (process.exitCode = 5), 5],
      [(): void => void process.on('exit', () => (process.exitCode = 9)), 9],
      [(): void => void process.on('exit', () => process.exit(8)), 8],
      [async (): Promise<void> => void setTimeout(() => process.exit(3), 10), 3],
    ];
    for (const [target, code] of targets) {
      const process = new Process({ target }).start();
      process.joinSync();
      assert.equal(process.exitCode, code);
      assert.deepEqual(await process.exited, { exitCode: code, signal: null });
    }
  });

  it('returns for a process that ends before it has begun', async () => {
    const process = new Process({ target: forever }).start();
    process.terminate();
    assert.equal(process.joinSync(), true);
    assert.deepEqual(await process.exited, { exitCode: -15, signal: 'SIGTERM' });
  });

  it('throws the reason of a signal that was aborted before, whether the process has ended or not', () => {
    const process = new Process({ target: sleep, args: [20] }).start();
    const reason = new Error('enough');
    assert.throws(() => process.joinSync({ signal: AbortSignal.abort(reason) }), reason);
    assert.throws(() => process.joinSync({ signal: {} as AbortSignal }), { message: /^signal must be an AbortSignal/ });
    assert.equal(process.joinSync({ signal: new AbortController().signal }), true);
    assert.throws(() => process.joinSync({ signal: AbortSignal.abort(reason) }), reason);
  });

  it('waits for several processes that run at once', () => {
    const processes = [40, 20, 30].map((ms) => new Process({ target: sleep, args: [ms] }).start());
    assert.deepEqual(
      processes.map((process) => process.joinSync()),
      [true, true, true],
    );
  });
});
