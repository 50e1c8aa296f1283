import assert from 'node:assert/strict';
import { JoinableQueue, Queue } from 'allcores';

describe('JoinableQueue', () => {
  it('join resolves once each value is done, not once each is taken', async () => {
    const queue = new JoinableQueue<number>();
    assert.ok(queue instanceof Queue);
    assert.equal(await queue.join(), true);
    queue.putSync(1);
    queue.putSync(2);
    const joined = queue.join();
    queue.getSync();
    queue.getSync();
    assert.equal(await queue.join({ timeout: 5 }), false);
    assert.equal(queue.joinSync({ timeout: 5 }), false);
    queue.taskDone();
    assert.equal(queue.joinSync({ timeout: 0 }), false);
    queue.taskDone();
    assert.equal(await joined, true);
    assert.equal(queue.joinSync(), true);
  });

  it('join that began before everything was done ends even if more is put right after', async () => {
    const queue = new JoinableQueue<number>();
    queue.putSync(1);
    const joined = queue.join();
    queue.getSync();
    queue.taskDone();
    queue.putSync(2);
    assert.equal(await joined, true);
    assert.equal(await queue.join({ timeout: 0 }), false);
  });

  it('taskDone more often than put is refused', () => {
    const queue = new JoinableQueue<number>();
    const tooOften = { name: 'ProcessError', message: 'taskDone() called too many times' };
    assert.throws(() => queue.taskDone(), tooOften);
    queue.putSync(1);
    queue.taskDone(); // as in Python: it is puts that are counted
    assert.throws(() => queue.taskDone(), tooOften);
  });

  it('join ends with the reason of its signal', async () => {
    const queue = new JoinableQueue<number>(1);
    queue.putSync(1);
    await assert.rejects(queue.join({ signal: AbortSignal.abort('why') }), (reason) => reason === 'why');
    const controller = new AbortController();
    const joined = queue.join({ signal: controller.signal });
    controller.abort('now');
    await assert.rejects(joined, (reason) => reason === 'now');
  });
});
