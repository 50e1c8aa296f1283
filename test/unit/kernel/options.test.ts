import assert from 'node:assert/strict';
import { SharedArray } from 'allcores';

describe('options of kernels', () => {
  const vector = new SharedArray('float64', 100_000);

  it('are refused if they are none, and no run beside is lost', async () => {
    const looksLikeOne = { aborted: false, throwIfAborted: (): void => undefined };
    const running = Array.from({ length: 4 }, () => vector.sum());
    for (const signal of [5, null, 'x', looksLikeOne]) {
      await assert.rejects(vector.sum({ signal } as never), {
        name: 'TypeError',
        message: /^signal must be an AbortSignal, got /,
      });
    }
    await assert.rejects(vector.sort(null as never), {
      name: 'TypeError',
      message: 'options must be an object, got null',
    });
    assert.deepEqual(await Promise.all(running), [0, 0, 0, 0]);
    assert.equal(await vector.sum(), 0);
  });

  it('may have a signal', async () => {
    const controller = new AbortController();
    assert.equal(await vector.sum({ signal: controller.signal }), 0);
    controller.abort(new Error('enough'));
    await assert.rejects(vector.sum({ signal: controller.signal }), { message: 'enough' });
  });
});
