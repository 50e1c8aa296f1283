import assert from 'node:assert/strict';
import { Pool } from 'allcores';
import { areProcesses } from '../../support/kinds.js';

function nap(ms: number): number {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
  return ms;
}

function forever(): void {
  for (;;);
}

describe('Pool.broadcastSync', () => {
  it('runs once on every worker, results in the order of workers', () => {
    using pool = new Pool(3, { minWorkers: 1 });
    assert.deepEqual(
      pool.broadcastSync((x: number) => x + 1, [1]),
      [2, 2, 2],
    );
    assert.equal(new Set(pool.broadcastSync(() => process.pid)).size, areProcesses ? 3 : 1);
  });

  it('throws what a worker threw, and once only', () => {
    using pool = new Pool(2);
    const fail = (): never => {
      throw new EvalError('not me');
    };
    assert.throws(() => pool.broadcastSync(fail), { name: 'EvalError', message: 'not me' });
    assert.deepEqual(pool.broadcastSync(nap, [1]), [1, 1]);
  });

  it('throws what cannot travel at once', () => {
    using pool = new Pool(1);
    assert.throws(() => pool.broadcastSync(Math.max, [1, 2]), { code: 'ERR_ALLCORES_FUNCTION_TRANSPORT' });
    assert.throws(() => pool.broadcastSync(nap, [Symbol('x') as unknown as number]), { name: 'SerializationError' });
  });

  it('heeds the limits of its tasks, as broadcast does', async () => {
    const pool = new Pool(2);
    const reason = new Error('enough');
    assert.throws(() => pool.broadcastSync(nap, [0], { signal: AbortSignal.abort(reason) }), reason);
    assert.throws(() => pool.broadcastSync(forever, [], { timeout: 50 }), { code: 'ERR_ALLCORES_TASK_TIMEOUT' });
    await assert.rejects(pool.broadcast(forever, [], { timeout: 50 }), { code: 'ERR_ALLCORES_TASK_TIMEOUT' });
    const controller = new AbortController();
    const broadcast = pool.broadcast(forever, [], { signal: controller.signal });
    controller.abort(reason);
    await assert.rejects(broadcast, reason);
    assert.deepEqual(pool.broadcastSync(nap, [1]), [1, 1]);
    await pool.terminate();
  });
});
