import assert from 'node:assert/strict';
import { activeChildren, Process, SharedArray } from 'allcores';

describe('Process.close', () => {
  it('is refused while the process is running', async () => {
    const process = new Process({ target: () => new Promise(() => {}) }).start();
    assert.throws(() => process.close(), {
      name: 'ProcessError',
      message: /cannot close a process while it is still running/,
    });
    process.kill();
    await process.join();
    process.close();
  });

  it('makes everything fail afterwards but another close', async () => {
    const process = new Process({ target: () => {} }).start();
    const { exited } = process;
    process.joinSync();
    process.close();
    process.close();
    const closed = { name: 'ProcessError', message: 'process object is closed' };
    assert.throws(() => process.start(), closed);
    assert.throws(() => process.isAlive(), closed);
    assert.throws(() => process.joinSync(), closed);
    assert.throws(() => process.terminate(), closed);
    assert.throws(() => process.kill(), closed);
    assert.throws(() => process.interrupt(), closed);
    assert.throws(() => process.exitCode, closed);
    assert.throws(() => process.pid, closed);
    assert.throws(() => process.error, closed);
    await assert.rejects(process.join(), closed);
    assert.deepEqual(activeChildren(), []);
    assert.deepEqual(await exited, { exitCode: 0, signal: null });
    assert.equal(await process.exited, await exited);
  });

  it('is allowed for a process that was never started', async () => {
    new Process().close();
    await using process = new Process();
    assert.equal(process.isAlive(), false);
  });

  it('comes with the end of a `using`, which blocks until the process has ended', () => {
    const out = new SharedArray('int32', 1);
    let inner: Process;
    {
      const target = async (array: SharedArray<'int32'>): Promise<void> => {
        await new Promise((resolve) => setTimeout(resolve, 50));
        array.set(0, 1);
      };
      using process = new Process({ target, args: [out] }).start() as Process;
      inner = process;
    }
    assert.equal(out.at(0), 1);
    assert.throws(() => inner.isAlive(), { message: 'process object is closed' });
    {
      using process = new Process();
      assert.equal(process.isAlive(), false);
    }
    {
      using process = new Process({ target: () => {} }).start();
      process.joinSync();
      process.close();
    }
  });

  it('comes with the end of an `await using`, after the process has ended', async () => {
    const out = new SharedArray('int32', 1);
    let inner: Process;
    {
      const target = async (array: SharedArray<'int32'>): Promise<void> => {
        await new Promise((resolve) => setTimeout(resolve, 50));
        array.set(0, 1);
      };
      await using process = new Process({ target, args: [out] }).start();
      inner = process;
    }
    assert.equal(out.at(0), 1);
    assert.throws(() => inner.isAlive(), { message: 'process object is closed' });
    await inner[Symbol.asyncDispose]();
  });
});
