import assert from 'node:assert/strict';
import { relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Kernel } from 'allcores';
import { loadKernel, loadKernelSync, Pool, ProcessError, SharedArray } from 'allcores';
import { build } from './library.js';

describe('a kernel of your own', function () {
  this.timeout(60_000); // a compiler runs
  let path = '';
  let scale: Kernel;
  before(async () => {
    path = build('scale.c');
    scale = await loadKernel(path);
  });

  it('runs over the whole range, each index once', async () => {
    assert.equal(scale.name, 'scale');
    for (const length of [0, 1, 511, 512, 513, 100_000]) {
      const x = new SharedArray(
        'float64',
        Array.from({ length }, (_, i) => i),
      );
      const y = new SharedArray('float64', length);
      await scale.run(length, { inputs: [x], outputs: [y], args: [3] });
      assert.deepEqual(
        y.slice(),
        x.slice().map((value) => 3 * value),
      );
      scale.runSync(length, { inputs: [y], outputs: [y], args: [2] });
      assert.deepEqual(
        y.slice(),
        x.slice().map((value) => 6 * value),
      );
    }
  });

  it('is found by a relative path and by a URL, and is the same library then', async () => {
    const [x, y] = [new SharedArray('float64', [1, 2]), new SharedArray('float64', 2)];
    for (const place of [relative('.', path), pathToFileURL(path), pathToFileURL(path).href]) {
      await (await loadKernel(place)).run(2, { inputs: [x], outputs: [y], args: [7] });
      assert.deepEqual(Array.from(y.view), [7, 14]);
    }
  });

  it('is loaded by loadKernelSync as well, which refuses what loadKernel does', () => {
    const [x, y] = [new SharedArray('float64', [1, 2]), new SharedArray('float64', 2)];
    loadKernelSync(path).runSync(2, { inputs: [x], outputs: [y], args: [5] });
    assert.deepEqual(Array.from(y.view), [5, 10]);
    assert.throws(() => loadKernelSync('./missing.so'), { name: 'ProcessError', message: /missing\.so.*No such file/ });
    assert.throws(() => loadKernelSync(3 as never), { name: 'TypeError', message: /path must be/ });
  });

  it('is not run by runSync for a signal that was aborted', () => {
    const x = new SharedArray('float64', [1, 2]);
    const call = { inputs: [x], outputs: [x], args: [5] };
    const reason = new Error('enough');
    assert.throws(() => scale.runSync(2, { ...call, signal: AbortSignal.abort(reason) }), reason);
    assert.throws(() => scale.runSync(2, { ...call, signal: 1 as never }), { message: /^signal must be an Abort/ });
    assert.throws(() => scale.runSync(2, null as never), { message: /^call must be an object/ });
    assert.deepEqual(Array.from(x.view), [1, 2]);
    scale.runSync(2, { ...call, signal: new AbortController().signal });
    assert.deepEqual(Array.from(x.view), [5, 10]);
  });

  it('fails with its own message', async () => {
    const x = new SharedArray('float64', 5000);
    x.set(4321, -1.5);
    const call = { inputs: [x], outputs: [x], args: [1] };
    const wrong = { name: 'ProcessError', message: 'x[4321] is negative: -1.5' };
    await assert.rejects(scale.run(5000, call), wrong);
    assert.throws(() => scale.runSync(5000, call), wrong);
    await scale.run(4000, call);
  });

  it('is not run with what it does not declare', async () => {
    const [x, short, other] = [
      new SharedArray('float64', 4),
      new SharedArray('float64', 3),
      new SharedArray('float32', 4),
    ];
    const refusals: [Parameters<Kernel['run']>, RegExp, string][] = [
      [[4, { inputs: [x], outputs: [x] }], /args must be 1 numbers for kernel scale, got 0/, 'RangeError'],
      [[4, { inputs: [x], outputs: [x], args: ['2' as never] }], /args\[0\] must be a number, got '2'/, 'TypeError'],
      [
        [4, { inputs: [], outputs: [x], args: [2] }],
        /inputs must be 1 vectors for kernel scale \(x\), got 0/,
        'RangeError',
      ],
      [
        [4, { inputs: [x], outputs: [short], args: [2] }],
        /outputs\[0\] \(y\) must have an element for each of 4 indices, got 3/,
        'RangeError',
      ],
      [
        [4, { inputs: [other], outputs: [x], args: [2] }],
        /inputs\[0\] \(x\) must be a SharedArray of float64, got one of float32/,
        'TypeError',
      ],
      [
        [4, { inputs: [x.view as never], outputs: [x], args: [2] }],
        /inputs\[0\] \(x\) must be a SharedArray/,
        'TypeError',
      ],
      [[-1, { inputs: [x], outputs: [x], args: [2] }], /n must be an integer/, 'RangeError'],
    ];
    for (const [[n, call], message, name] of refusals) {
      await assert.rejects(scale.run(n, call), { name, message });
      assert.throws(() => scale.runSync(n, call), { name, message });
    }
  });

  it('says why a library has none', async () => {
    await assert.rejects(loadKernel('./missing.so'), { name: 'ProcessError', message: /missing\.so.*No such file/ });
    await assert.rejects(loadKernel(build('none.c')), {
      name: 'ProcessError',
      message: /ALLCORES_KERNEL of allcores\.h is missing/,
    });
    await assert.rejects(loadKernel(build('future.c')), {
      message: /built for version 2 of allcores\.h, and this is version 1/,
    });
    await assert.rejects(loadKernel(3 as never), { name: 'TypeError', message: /path must be/ });
    await assert.rejects(loadKernel('package.json'), ProcessError);
  });

  it('is aborted by a signal, and its promise rejects once no thread runs it', async () => {
    const wait = await loadKernel(build('wait.cc'));
    const cells = new SharedArray('int32', 2);
    const controller = new AbortController();
    const running = wait.run(100, { inputs: [cells], signal: controller.signal });
    while (Atomics.load(cells.view, 0) === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    controller.abort(new Error('enough'));
    await assert.rejects(running, { message: 'enough' });
    assert.ok(cells.at(0)! < 100);
    await assert.rejects(wait.run(100, { inputs: [cells], signal: controller.signal }), { message: 'enough' });
  });

  // All native threads are in a kernel that waits for a task, and all workers in tasks that wait for kernels.
  it('and tasks of a pool keep nobody from work', async () => {
    const wait = await loadKernel(build('wait.cc'));
    await using pool = new Pool(2);
    const cells = new SharedArray('int32', 2);
    const end = new AbortController(); // of a test that fails
    await using _ended = { [Symbol.asyncDispose]: () => Promise.resolve(end.abort()) };
    const waiting = Array.from({ length: 8 }, () => wait.run(1, { inputs: [cells], signal: end.signal }));
    while (cells.at(0) === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    const { native } = pool.stats();
    assert.ok(native.running >= 1 && native.running <= native.threads, JSON.stringify(native));
    assert.equal(native.running + native.queued, 8);
    assert.deepEqual(await pool.map((x: number) => x + 1, [1, 2, 3]), [2, 3, 4]);
    await pool.apply((shared: SharedArray<'int32'>) => void Atomics.store(shared.view, 1, 1), [cells]);
    await Promise.all(waiting);
    const vector = new SharedArray('float64', 100_000).fill(1);
    const tasks = Array.from({ length: 4 }, () =>
      pool.apply(
        (shared: SharedArray<'int32'>) => {
          while (Atomics.load(shared.view, 1) === 1);
        },
        [cells],
      ),
    );
    assert.equal(await vector.sum(), 100_000);
    Atomics.store(cells.view, 1, 0);
    await Promise.all(tasks);
    assert.ok(pool.stats().native.completed >= 9);
  });
});
