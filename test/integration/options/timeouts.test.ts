import * as assert from 'node:assert/strict';
import {
  Barrier,
  Condition,
  Event,
  JoinableQueue,
  Lock,
  Pipe,
  Pool,
  Process,
  Queue,
  RLock,
  Semaphore,
  wait,
  type AsyncResult,
  type SyncWaitOptions,
} from 'allcores';

/** What waits in vain unless it is told how long. */
interface Place {
  readonly name: string;
  /** What the wait comes to when the time has passed: what it gives, or the name of its error. */
  readonly late: unknown;
  readonly start: (options: SyncWaitOptions) => unknown;
}

const forever = (): void => new Event().waitSync() as never;

describe('a timeout', () => {
  let pool: Pool;
  let process: Process;
  let result: AsyncResult<void>;
  const queue = new Queue();
  const full = new Queue(1);
  const joinable = new JoinableQueue();
  const [here, there] = Pipe();
  const lock = new Lock();
  const semaphore = new Semaphore(0);
  const event = new Event();
  const condition = new Condition(new RLock());

  before(() => {
    pool = new Pool(1);
    result = pool.applyAsync(forever);
    process = new Process({ target: forever, daemon: true }).start();
    full.putNowait(1);
    joinable.putNowait(1);
    assert.equal(lock.acquireSync(), true);
    assert.equal(condition.acquireSync(), true);
  });

  after(async () => {
    process.terminate();
    await process.join();
    await pool.terminate();
    there.close();
  });

  const places: readonly Place[] = [
    { name: 'Lock.acquire', late: false, start: (options) => lock.acquire(options) },
    { name: 'Lock.acquireSync', late: false, start: (options) => lock.acquireSync(options) },
    { name: 'Lock.hold', late: 'TimeoutError', start: (options) => lock.hold(options) },
    { name: 'Lock.holdSync', late: 'TimeoutError', start: (options) => lock.holdSync(options) },
    { name: 'Lock.withLock', late: 'TimeoutError', start: (options) => lock.withLock(() => 1, options) },
    { name: 'Semaphore.acquire', late: false, start: (options) => semaphore.acquire(options) },
    { name: 'Semaphore.acquireSync', late: false, start: (options) => semaphore.acquireSync(options) },
    { name: 'Event.wait', late: false, start: (options) => event.wait(options) },
    { name: 'Event.waitSync', late: false, start: (options) => event.waitSync(options) },
    { name: 'Condition.wait', late: false, start: (options) => condition.wait(options) },
    { name: 'Condition.waitSync', late: false, start: (options) => condition.waitSync(options) },
    { name: 'Condition.waitFor', late: false, start: (options) => condition.waitFor(() => false, options) },
    { name: 'Condition.waitForSync', late: false, start: (options) => condition.waitForSync(() => false, options) },
    { name: 'Barrier.wait', late: 'BrokenBarrierError', start: (options) => new Barrier(2).wait(options) },
    { name: 'Barrier.waitSync', late: 'BrokenBarrierError', start: (options) => new Barrier(2).waitSync(options) },
    {
      name: 'Barrier',
      late: 'BrokenBarrierError',
      start: ({ timeout }) => new Barrier(2, { timeout }).waitSync(),
    },
    { name: 'Queue.get', late: 'QueueEmptyError', start: (options) => queue.get(options) },
    { name: 'Queue.getSync', late: 'QueueEmptyError', start: (options) => queue.getSync(options) },
    { name: 'Queue.put', late: 'QueueFullError', start: (options) => full.put(2, options) },
    { name: 'Queue.putSync', late: 'QueueFullError', start: (options) => full.putSync(2, options) },
    { name: 'JoinableQueue.join', late: false, start: (options) => joinable.join(options) },
    { name: 'JoinableQueue.joinSync', late: false, start: (options) => joinable.joinSync(options) },
    { name: 'Connection.recv', late: 'TimeoutError', start: (options) => here.recv(options) },
    { name: 'Connection.recvSync', late: 'TimeoutError', start: (options) => here.recvSync(options) },
    { name: 'Connection.recvBytes', late: 'TimeoutError', start: (options) => here.recvBytes(9, options) },
    { name: 'Connection.recvBytesSync', late: 'TimeoutError', start: (options) => here.recvBytesSync(9, options) },
    { name: 'Connection.poll', late: false, start: (options) => here.poll(options) },
    { name: 'Connection.pollSync', late: false, start: (options) => here.pollSync(options) },
    { name: 'wait', late: [], start: (options) => wait([queue, here], options) },
    { name: 'AsyncResult.get', late: 'TimeoutError', start: (options) => result.get(options as object) },
    { name: 'AsyncResult.getSync', late: 'TimeoutError', start: (options) => result.getSync(options as object) },
    { name: 'AsyncResult.wait', late: false, start: (options) => result.wait(options as object) },
    { name: 'AsyncResult.waitSync', late: false, start: (options) => result.waitSync(options as object) },
    { name: 'Process.join', late: false, start: (options) => process.join(options) },
    { name: 'Process.joinSync', late: false, start: (options) => process.joinSync(options) },
  ];

  const outcome = async (start: () => unknown): Promise<unknown> => {
    try {
      return await start();
    } catch (error) {
      return (error as Error).name;
    }
  };

  for (const { name, late, start } of places) {
    it(`of ${name} that is 0 or less is one look`, async () => {
      for (const timeout of [0, -0, -1, -0.5, -Infinity]) {
        assert.deepEqual(await outcome(() => start({ timeout })), late, `timeout ${timeout}`);
      }
    });

    it(`of ${name} that is no number is refused by name`, async () => {
      for (const [timeout, shown] of [
        [NaN, 'NaN'],
        ['5', "'5'"],
        [null, 'null'],
        [5n, '5n'],
      ] as const) {
        await assert.rejects(async () => start({ timeout: timeout as number }), {
          name: 'TypeError',
          message: `timeout must be a number of milliseconds, got ${shown}`,
        });
      }
    });
  }

  it('that is less than 0 still gives what is there', async () => {
    const free = new Lock();
    assert.equal(await free.acquire({ timeout: -1 }), true);
    free.release();
    assert.equal(free.acquireSync({ timeout: -1 }), true);
    const filled = new Queue<string>();
    await filled.put('first', { timeout: -1 });
    filled.putSync('second', { timeout: -1 });
    assert.equal(await filled.get({ timeout: -1 }), 'first');
    assert.equal(filled.getSync({ timeout: -1 }), 'second');
    const done = pool.applyAsync(() => 1);
    done.cancel();
    assert.equal(await done.wait({ timeout: -1 }), true);
    assert.equal(await new Barrier(1).wait({ timeout: -1 }), 0);
  });

  it('of a task cannot be less than nothing', async () => {
    for (const name of ['timeout', 'grace'] as const) {
      assert.throws(() => pool.apply(forever, [], { [name]: -1 }), {
        name: 'RangeError',
        message: `${name} must be at least 0 milliseconds, got -1`,
      });
      assert.throws(() => pool.map(forever, [], { [name]: NaN }), {
        name: 'TypeError',
        message: `${name} must be a number of milliseconds, got NaN`,
      });
    }
    assert.throws(() => new Pool(1, { idleTimeout: -1 }), { name: 'RangeError', message: /^idleTimeout .* got -1$/ });
    assert.throws(() => new Pool(1, { idleTimeout: NaN }), { name: 'TypeError', message: /^idleTimeout .* got NaN$/ });
  });
});
