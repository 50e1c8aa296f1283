import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { JoinableQueue, Pool, Queue, SharedArray, SimpleQueue } from 'allcores';

/** Numbers of each form that a message may have, and what is none. */
const values = fc.oneof(
  { weight: 6, arbitrary: fc.integer() },
  { weight: 3, arbitrary: fc.double() },
  fc.constantFrom(0, -0, NaN, Infinity, -Infinity, 2 ** 31 - 1, 2 ** 31, -(2 ** 31), -(2 ** 31) - 1, 0.1, 2 ** 53),
  fc.string({ maxLength: 600 }),
  fc.constantFrom(undefined, null, true, 7n, { a: [1, 'two'] }, 'x'.repeat(5000)),
);

describe('numbers in queues', () => {
  it('come as they were put, in their order, among whatever else', () => {
    const steps = fc.array(
      fc.oneof(
        fc.record({ put: values }),
        fc.record({ puts: fc.integer({ min: 1, max: 400 }) }),
        fc.record({ gets: fc.integer({ min: 1, max: 400 }) }),
      ),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(steps, (all) => {
        const queue = new Queue<unknown>();
        const model: unknown[] = [];
        let next = 0;
        const put = (value: unknown): void => {
          queue.putSync(value);
          model.push(value);
        };
        for (const step of all) {
          if ('put' in step) put(step.put);
          else if ('puts' in step) for (let i = 0; i < step.puts; i++) put(next % 7 === 0 ? next++ / 3 : next++);
          else for (let i = 0; i < step.gets && model.length > 0; i++) assert.deepEqual(queue.getSync(), model.shift());
          assert.equal(queue.qsize(), model.length);
        }
        while (model.length > 0) assert.deepEqual(queue.getNowait(), model.shift());
        assert.equal(queue.empty(), true);
      }),
      { numRuns: 60 },
    );
  });

  it('reach those who wait already, asleep and in their event loops', async () => {
    await using pool = new Pool(1);
    const [there, back] = [new SimpleQueue<number>(), new SimpleQueue<number>()];
    const echo = pool.apply(
      (from: typeof there, to: typeof back) => {
        for (let number = from.getSync(); number >= 0; number = from.getSync()) to.putSync(number + 0.5);
      },
      [there, back],
    );
    for (let i = 0; i < 200; i++) {
      there.putSync(i);
      assert.equal(i % 2 === 0 ? await back.get() : back.getSync(), i + 0.5);
    }
    there.putSync(-1);
    await echo;
  });

  it('count as unfinished until they are done', async () => {
    const queue = new JoinableQueue<number>();
    for (let i = 0; i < 1000; i++) queue.putSync(i);
    for (let i = 0; i < 1000; i++) {
      assert.equal(queue.getSync(), i);
      assert.equal(await queue.join({ timeout: 0 }), false);
      queue.taskDone();
    }
    assert.equal(await queue.join(), true);
    assert.throws(() => queue.taskDone(), /too many times/);
  });

  it('come once each when several threads put and several take, each one’s in their order', async () => {
    const [producers, consumers, each] = [2, 2, 30_000];
    await using pool = new Pool(producers + consumers);
    const queue = new Queue<unknown>();
    const seen = new SharedArray('int32', producers * each);
    const produce = (into: typeof queue, producer: number, count: number): void => {
      for (let i = 0; i < count; i++) {
        const number = producer * count + i;
        // Mostly numbers; what else is short shares their rings, what is long stands between them.
        into.putSync(i % 97 === 0 ? `${number}` : i % 1009 === 0 ? [number, 'x'.repeat(2000)] : number);
      }
    };
    const consume = (from: typeof queue, all: typeof seen, count: number): string => {
      const last = new Map<number, number>();
      for (let message = from.getSync(); message !== 'end'; message = from.getSync()) {
        const number = Number(Array.isArray(message) ? message[0] : message);
        Atomics.add(all.view, number, 1);
        const producer = Math.floor(number / count);
        if (number <= (last.get(producer) ?? -1)) return `${number} came after ${last.get(producer)}`;
        last.set(producer, number);
      }
      return 'in order';
    };
    const consumed = Array.from({ length: consumers }, () => pool.apply(consume, [queue, seen, each]));
    await Promise.all(Array.from({ length: producers }, (_, i) => pool.apply(produce, [queue, i, each])));
    for (let i = 0; i < consumers; i++) queue.putSync('end');
    assert.deepEqual(await Promise.all(consumed), Array(consumers).fill('in order'));
    assert.ok(seen.view.every((count) => count === 1));
    assert.equal(queue.empty(), true);
  });
});
