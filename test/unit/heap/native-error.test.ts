import assert from 'node:assert/strict';
import { HeapFullError, ProcessError } from '#lib/base/errors.js';
import { made } from '#lib/heap/native-error.js';

describe('errors of the native side', () => {
  const full = new HeapFullError('no room');
  const failing = (message: string) => (): never => {
    throw new Error(message);
  };

  it('are told as errors of the library, when memory or threads are short', () => {
    for (const message of [
      'allcores: no shared memory left for a pool',
      'allcores: the system gives no memory for shared objects',
    ]) {
      assert.throws(() => made(failing(message), () => full), full);
    }
    assert.throws(() => made(failing('allcores: too many threads use shared objects'), () => full), {
      constructor: ProcessError,
      message: 'Too many threads use shared objects',
    });
  });

  it('stay what they are otherwise, and so does what is made', () => {
    assert.throws(() => made(failing('native: no'), () => full), { constructor: Error, message: 'native: no' });
    assert.equal(made(() => 5, () => full), 5); // prettier-ignore
  });
});
