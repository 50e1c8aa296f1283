import assert from 'node:assert/strict';
import { Event, Pipe, Pool, Process, Queue, waitSync, type Connection } from 'allcores';
import { areProcesses } from '../../support/kinds.js';

/** A wait that should not come to its end fails by this, rather than hang. */
const timeout = 30_000;

describe('waitSync', () => {
  it('gives what is ready, in the order given, and takes nothing', () => {
    const queue = new Queue<number>();
    const [a, b] = Pipe();
    const empty = new Queue();
    const event = new Event();
    assert.deepEqual(waitSync([queue, a, b, event], { timeout: 0 }), []);
    queue.putSync(1);
    a.sendSync('x');
    event.set();
    assert.deepEqual(waitSync([event, b, empty, queue, a]), [event, b, queue]);
    assert.deepEqual([queue.getSync(), b.recvSync()], [1, 'x']);
  });

  it('waits for what comes from workers, from one of several as from a single one', () => {
    const [queue, silent] = [new Queue<number>(), new Queue<number>()];
    const [event, never] = [new Event(), new Event()];
    const [here, there] = Pipe<number>();
    using pool = new Pool(1);
    const answer = (q: typeof queue, e: Event, c: Connection<number>): void => {
      q.putSync(1);
      e.set();
      c.sendSync(2);
    };
    for (const others of [[], [silent, never]]) {
      for (const one of [queue, event, here]) {
        const result = pool.applyAsync(answer, [queue, event, there]);
        assert.deepEqual(waitSync([...others, one], { timeout }), [one]);
        assert.deepEqual(waitSync([...others, result], { timeout }), [result]);
        assert.equal(result.successful(), true);
        queue.getSync();
        here.recvSync();
        event.clear();
      }
    }
  });

  it('waits for processes and results, however they end', () => {
    using pool = new Pool(2);
    const late = new Event();
    const lost = pool.applyAsync(areProcesses ? () => process.kill(process.pid, 'SIGKILL') : () => process.exit(3));
    const failed = pool.applyAsync(
      (event: Event) => {
        event.waitSync();
        throw new RangeError('late');
      },
      [late],
    );
    assert.deepEqual(waitSync([failed, lost], { timeout }), [lost]);
    late.set();
    assert.deepEqual(waitSync([failed], { timeout }), [failed]);
    assert.throws(() => failed.getSync(), { message: 'late' });

    const [first, second] = [new Event(), new Event()];
    const target = (event: Event): boolean => event.waitSync();
    using one = new Process({ target, args: [first] }).start();
    using two = new Process({ target, args: [second] }).start();
    assert.deepEqual(waitSync([one, two], { timeout: 5 }), []);
    second.set();
    assert.deepEqual(waitSync([one, two], { timeout }), [two]);
    first.set();
    assert.deepEqual(waitSync([one], { timeout }), [one]);
  });

  it('keeps the workers of several pools busy, and heeds the limits of their tasks', () => {
    using left = new Pool(1);
    using right = new Pool(2);
    const gate = new Event();
    const wait = (event: Event): boolean => event.waitSync();
    const open = (event: Event): void => event.set();
    const endless = (): void => {
      for (;;);
    };
    // Nobody but another pool opens it.
    const results = [left.applyAsync(wait, [gate]), right.applyAsync(wait, [gate])];
    const opened = right.applyAsync(open, [gate]);
    for (const result of [...results, opened]) assert.deepEqual(waitSync([result], { timeout }), [result]);
    const limited = [left, right].map((pool) => pool.applyAsync(endless, [], { timeout: 30 }));
    while (waitSync(limited, { timeout }).length < 2);
    for (const result of limited) assert.throws(() => result.getSync(), { code: 'ERR_ALLCORES_TASK_TIMEOUT' });
  });

  it('tells of the end of a connection or queue', () => {
    const queue = new Queue<number>();
    const [here, there] = Pipe<number>();
    queue.close();
    assert.deepEqual(waitSync([here, queue]), [queue]);
    const child = new Process({ target: (end: typeof there) => end.sendSync(1), args: [there] }).start();
    there.close();
    assert.deepEqual(waitSync([here], { timeout }), [here]);
    assert.equal(here.recvSync(), 1);
    assert.deepEqual(waitSync([here], { timeout }), [here]);
    child.joinSync();
  });

  it('gives nothing after its timeout; less than nothing is nothing', () => {
    const queue = new Queue();
    for (const millis of [5, 0, -1]) {
      assert.deepEqual(waitSync([queue], { timeout: millis }), []);
      assert.deepEqual(waitSync([queue, new Event()], { timeout: millis }), []);
      assert.deepEqual(waitSync([], { timeout: millis }), []);
    }
    assert.deepEqual(waitSync([]), []);
  });

  it('throws for what one cannot wait for so, bad options, and an aborted signal', () => {
    const queue = new Queue();
    const bad = (object: unknown): (() => unknown) => {
      return () => waitSync([queue, object as object]);
    };
    const message = /^objects\[1\] must be a queue, connection, process, result or event, got /;
    for (const object of [Promise.resolve(1), {}, 1, null]) assert.throws(bad(object), { name: 'TypeError', message });
    assert.throws(() => waitSync(queue as unknown as []), { message: /^objects must be an iterable of objects/ });
    assert.throws(() => waitSync([queue], { timeout: NaN }), { name: 'TypeError', message: /^timeout must be/ });
    assert.throws(() => waitSync([queue], { signal: 1 as never }), { message: /^signal must be an AbortSignal/ });
    assert.throws(bad(new Process({ target: () => {} })), { message: 'can only join a started process' });
    const reason = new Error('enough');
    assert.throws(() => waitSync([queue], { signal: AbortSignal.abort(reason) }), reason);
  });
});
