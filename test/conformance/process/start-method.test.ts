import assert from 'node:assert/strict';
import {
  getAllStartMethods,
  getContext,
  getStartMethod,
  Process,
  setStartMethod,
  SharedArray,
  type StartMethod,
} from 'allcores';

/** The start method as a started process sees it: its place among all of them. */
async function methodWithin(type: typeof Process): Promise<string | undefined> {
  const out = new SharedArray('int32', [-1]);
  const target = (array: SharedArray<'int32'>): void => {
    array.set(0, getAllStartMethods().indexOf(getStartMethod()));
  };
  await new type({ target, args: [out] }).start().join();
  return getAllStartMethods()[out.at(0)!];
}

function putOne(counter: SharedArray<'int32'>): void {
  Atomics.add(counter.view, 0, 1);
}

function putTwoAndNest(counter: SharedArray<'int32'>): void {
  Atomics.add(counter.view, 0, 2);
  new Process({ target: putOne, args: [counter] }).start().joinSync();
}

describe('as Python: start methods', () => {
  const ofRun = getStartMethod();
  afterEach(() => setStartMethod(ofRun, { force: true }));

  it('a context is bound to its method, and cannot be set', async () => {
    for (const method of getAllStartMethods()) {
      const context = getContext(method);
      assert.equal(context.getStartMethod(), method);
      assert.equal(context.getContext(), context);
      assert.throws(() => context.setStartMethod('thread'), { code: 'ERR_ALLCORES_PROCESS' });
      assert.throws(() => context.setStartMethod(undefined as unknown as StartMethod), {
        code: 'ERR_ALLCORES_PROCESS',
      });
      assert.equal(await methodWithin(context.Process), method);
    }
  });

  it('what is set is what is got, and what the default context has', async () => {
    for (const method of getAllStartMethods()) {
      setStartMethod(method, { force: true });
      assert.equal(getStartMethod(), method);
      assert.equal(getContext().getStartMethod(), method);
      assert.equal(await methodWithin(Process), method);
    }
  });

  it('all of them are known', () => {
    assert.deepEqual(getAllStartMethods(), ['thread', 'process']);
  });

  it('a process can send its arguments on to another process', async () => {
    const counter = new SharedArray('int32', 1);
    await new Process({ target: putTwoAndNest, args: [counter] }).start().join();
    assert.equal(counter.at(0), 3);
  });
});
