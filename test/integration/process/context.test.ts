import assert from 'node:assert/strict';
import * as named from 'allcores';
import {
  getAllStartMethods,
  getContext,
  getStartMethod,
  Manager,
  Pool,
  Process,
  setStartMethod,
  SharedArray,
  type StartMethod,
} from 'allcores';

const everything: Readonly<Record<string, unknown>> = { ...named };
const threads = getContext('thread');
const processes = getContext('process');
const ofRun = getStartMethod();

class OfContext extends threads.Process {
  readonly out = new SharedArray('int32', 1);

  override run(): void {
    this.out.set(0, 5);
  }
}

describe('start methods', () => {
  afterEach(() => setStartMethod(ofRun, { force: true }));

  it('are thread, the default one, and process', async () => {
    assert.deepEqual(getAllStartMethods(), ['thread', 'process']);
    // A worker's own is what it was started as, whatever its creator has set.
    for (const context of [threads, processes]) {
      await using pool = new context.Pool(1);
      assert.equal(await pool.apply(() => getStartMethod()), context.getStartMethod());
    }
  });

  it('are chosen once, or by force', () => {
    setStartMethod('process', { force: true });
    assert.equal(getStartMethod(), 'process');
    assert.throws(() => setStartMethod('thread'), { name: 'ProcessError', message: 'context has already been set' });
    assert.equal(getStartMethod(), 'process');
    setStartMethod('thread', { force: true });
    assert.equal(getStartMethod(), 'thread');
  });

  it('are refused when they are unknown', () => {
    const unknown = { name: 'RangeError', message: "method must be 'thread' or 'process', got 'fork'" };
    assert.throws(() => setStartMethod('fork' as StartMethod, { force: true }), unknown);
    assert.throws(() => getContext('fork' as StartMethod), unknown);
    assert.equal(getStartMethod(), ofRun);
  });

  it('are what the default context starts, from then on', async () => {
    const whoIs = (out: SharedArray<'float64'>): void => out.set(0, process.pid);
    for (const method of getAllStartMethods()) {
      setStartMethod(method, { force: true });
      const out = new SharedArray('float64', 1);
      const child = new Process({ target: whoIs, args: [out] }).start();
      await child.join();
      await using pool = new Pool(1);
      const pids = [out.at(0), await pool.apply(() => process.pid)];
      assert.deepEqual(pids.map((pid) => pid === process.pid), [method === 'thread', method === 'thread']); // prettier-ignore
      if (method === 'process') assert.equal(out.at(0), child.pid);
    }
  });
});

describe('a context', () => {
  afterEach(() => setStartMethod(ofRun, { force: true }));

  it('has the same API, bound to its method whatever the default is', async () => {
    setStartMethod('process', { force: true });
    assert.equal(threads.getStartMethod(), 'thread');
    const process = new threads.Process({ target: (): never => globalThis.process.exit(3) }).start();
    await process.join();
    assert.deepEqual([process.exitCode, process instanceof Process], [3, true]);
    await using pool = new threads.Pool(1);
    assert.equal(await pool.apply((x: number) => x + 1, [1]), 2);
    assert.ok(pool instanceof Pool);
  });

  it('has what is the same for every kind of worker, too', () => {
    const { activeChildren, cpuCount, currentProcess, parentProcess, task, fromModule } = threads;
    assert.equal(threads.SharedArray, SharedArray);
    assert.equal(currentProcess().name, 'MainProcess');
    assert.deepEqual([activeChildren(), parentProcess(), threads.currentTask()], [[], undefined, undefined]);
    assert.ok(cpuCount() >= 1);
    assert.deepEqual([typeof task, typeof fromModule], ['function', 'function']);
  });

  it('has every name that the package has', () => {
    const names = Object.keys(everything).filter((name) => name !== 'default');
    for (const context of [threads, processes]) {
      assert.deepEqual(Object.keys(context).sort(), names.sort());
      const own = new Set(['Process', 'Pool', 'Manager', 'getContext', 'getStartMethod', 'setStartMethod']);
      for (const name of names.filter((each) => !own.has(each))) {
        assert.equal(context[name as keyof typeof context], everything[name], name);
      }
    }
  });

  it('has managers whose pools are of its kind', async () => {
    for (const context of [threads, processes]) {
      await using manager = new context.Manager();
      assert.ok(manager instanceof Manager);
      const pid = await manager.pool(1).apply(() => process.pid);
      assert.equal(pid === process.pid, context === threads);
      // It travels as any other.
      await using pool = new context.Pool(1);
      const list = await pool.apply((m: Manager) => m.list([1, 2]), [manager]);
      assert.deepEqual(list.toArray(), [1, 2]);
    }
  });

  it('is one for each method, and that of the current method by default', () => {
    assert.equal(getContext('thread'), threads);
    assert.equal(getContext(), getContext(ofRun));
    assert.equal(threads.getContext(), threads);
    assert.equal(threads.getContext('process'), getContext('process'));
    setStartMethod('process', { force: true });
    assert.equal(getContext().getStartMethod(), 'process');
  });

  it('cannot be set to another method', () => {
    assert.throws(() => threads.setStartMethod('process'), { name: 'ProcessError', message: /bound to 'thread'/ });
  });

  it('has classes that may be extended', async () => {
    const process = new OfContext();
    await process.start().join();
    assert.deepEqual([process.out.at(0), process.exitCode], [5, 0]);
  });
});
