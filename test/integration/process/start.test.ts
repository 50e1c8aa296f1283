import assert from 'node:assert/strict';
import { Process, SharedArray, task } from 'allcores';
import { itWith } from '../../support/kinds.js';

const factor = 3;

function multiply(out: SharedArray<'float64'>, x: number): void {
  out.set(0, x * factor);
}

class Multiplication {
  readonly done = true;

  constructor(out: SharedArray<'float64'>, x: number) {
    multiply(out, x);
  }
}

class Derived extends Process<typeof Multiplication> {
  override run(): unknown {
    return super.run();
  }
}

describe('Process.start', () => {
  it('runs the target with its arguments on another thread', async () => {
    const out = new SharedArray('float64', 2);
    const target = (array: SharedArray<'float64'>, value: number): void => {
      array.set(0, value + 1);
    };
    const process = new Process({ target, args: [out, 41] });
    assert.equal(process.start(), process);
    assert.equal(await process.join(), true);
    assert.deepEqual([out.at(0), process.exitCode, process.error], [42, 0, undefined]);
  });

  it('takes the functions that a pool takes: top-level ones with what they use, and captured variables', async () => {
    const out = new SharedArray('float64', 2);
    const local = 5;
    const capturing = task(
      (array: SharedArray<'float64'>) => {
        array.set(1, local);
      },
      { local },
    );
    const processes = [
      new Process({ target: multiply, args: [out, 7] }),
      new Process({ target: capturing, args: [out] }),
    ];
    for (const process of processes) process.start();
    for (const process of processes) await process.join();
    assert.deepEqual([...out], [21, 5]);
  });

  it('constructs a class that is its target, in itself and where run() is called', async () => {
    const out = new SharedArray('float64', 1);
    const processes = [
      new Process({ target: Multiplication, args: [out, 2] }),
      new Derived({ target: Multiplication, args: [out, 3] }),
    ];
    for (const [i, process] of processes.entries()) {
      await process.start().join();
      assert.deepEqual([out.at(0), process.exitCode], [(2 + i) * factor, 0]);
    }
    new Process({ target: Multiplication, args: [out, 4] }).run();
    assert.equal(out.at(0), 12);
  });

  it('awaits an asynchronous target, and what it leaves to the event loop', async () => {
    const out = new SharedArray('float64', 2);
    const target = async (array: SharedArray<'float64'>): Promise<void> => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      array.set(0, 1);
      setTimeout(() => array.set(1, 2), 20);
    };
    await using process = new Process({ target, args: [out] }).start();
    await process.join();
    assert.deepEqual([...out], [1, 2]);
  });

  it('waits for a promise that nothing but the program itself keeps pending', async () => {
    const process = new Process({ target: () => new Promise(() => {}) }).start();
    assert.equal(await process.join({ timeout: 300 }), false);
    process.terminate();
    await process.join();
    assert.equal(process.exitCode, -15);
  });

  it('does nothing without a target, and succeeds', async () => {
    const process = new Process().start();
    await process.join();
    assert.equal(process.exitCode, 0);
  });

  it('is allowed once', async () => {
    const process = new Process({ target: () => {} }).start();
    const again = { name: 'ProcessError', message: 'cannot start a process twice' };
    assert.throws(() => process.start(), again);
    await process.join();
    assert.throws(() => process.start(), again);
  });

  it('copies the arguments at once', async () => {
    const out = new SharedArray('float64', 1);
    const values = [1, 2];
    const target = (array: SharedArray<'float64'>, numbers: number[]): void => {
      array.set(0, numbers.length);
    };
    const process = new Process({ target, args: [out, values] }).start();
    values.push(3);
    await process.join();
    assert.equal(out.at(0), 2);
  });

  it('delivers large buffers, functions, shared memory and handles nested in other values', async () => {
    const out = new SharedArray('float64', 4);
    const shared = new SharedArray('int32', 2);
    const target = (
      where: Map<string, SharedArray<'float64'>>,
      bytes: Uint8Array,
      fn: () => number,
      ints: SharedArray<'int32'>,
    ): void => {
      where.get('out')!.set(0, bytes.length);
      where.get('out')!.set(1, bytes[999_999]!);
      where.get('out')!.set(2, fn());
      Atomics.store(ints.view, 1, 8);
    };
    const bytes = new Uint8Array(1_000_000).fill(9);
    const process = new Process({ target, args: [new Map([['out', out]]), bytes, () => 11, shared] }).start();
    await process.join();
    assert.deepEqual([...out, shared.at(1)], [1_000_000, 9, 11, 0, 8]);
  });

  it('throws at once for what cannot travel, starts nothing, and may be repeated', async () => {
    let out = new SharedArray('float64', 1);
    const local = process.pid;
    assert.throws(() => new Process({ target: () => local }).start(), {
      name: 'FunctionTransportError',
      message: /target "target".*captures the local variable "local"/,
    });
    const args: [SharedArray<'float64'>, unknown] = [out, Symbol('s')];
    const target = (array: SharedArray<'float64'>, value: unknown): void => {
      array.set(0, Number(value));
    };
    const second = new Process({ target, args });
    assert.throws(() => second.start(), { name: 'SerializationError', path: 'args[1]' });
    assert.deepEqual([second.isAlive(), second.exitCode, second.pid], [false, null, null]);
    args[1] = 6;
    out = args[0];
    second.start();
    await second.join();
    assert.equal(out.at(0), 6);
  });

  itWith('thread', 'delivers a SharedArrayBuffer as the same memory', async () => {
    const shared = new Int32Array(new SharedArrayBuffer(8));
    const child = new Process({ target: (there: Int32Array) => void (there[1] = 8), args: [shared] }).start();
    await child.join();
    assert.deepEqual([...shared], [0, 8]);
  });

  itWith('process', 'throws at once for a SharedArrayBuffer, which no other process can reach', () => {
    const args: [unknown] = [{ deep: [new Uint8Array(new SharedArrayBuffer(8))] }];
    const child = new Process({ target: (_: unknown) => {}, args });
    assert.throws(() => child.start(), { name: 'SerializationError', path: 'args[0].deep[0]' });
    assert.equal(child.pid, null);
  });

  itWith('process', 'exits with code 9 for options that Node refuses', async () => {
    const child = new Process({ target: () => {}, execArgv: ['--nonsense'], stdio: 'ignore' }).start();
    await child.join();
    assert.equal(child.exitCode, 9);
  });

  itWith('thread', 'throws at once for options that Node refuses', () => {
    const process = new Process({ target: () => {}, execArgv: ['--nonsense'] });
    assert.throws(() => process.start(), { code: 'ERR_WORKER_INVALID_EXEC_ARGV' });
    assert.equal(process.isAlive(), false);
  });

  it('gives the process its environment, or shares that of the creator', async () => {
    const look = (name: string): void => process.exit(Number(process.env[name] ?? 1));
    const own = new Process({ target: look, args: ['ALLCORES_TEST'], env: { ALLCORES_TEST: '7', OTHER: undefined } });
    process.env['ALLCORES_TEST'] = '8';
    const shared = new Process({ target: look, args: ['ALLCORES_TEST'] });
    await Promise.all([own.start().join(), shared.start().join()]);
    delete process.env['ALLCORES_TEST'];
    assert.deepEqual([own.exitCode, shared.exitCode], [7, 8]);
  });
});
