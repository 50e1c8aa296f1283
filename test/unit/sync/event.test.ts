import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { Event } from 'allcores';

describe('Event', () => {
  it('is set and cleared', async () => {
    const event = new Event();
    assert.equal(event.isSet(), false);
    assert.equal(inspect(event), 'Event(unset)');
    event.set();
    event.set();
    assert.equal(event.isSet(), true);
    assert.equal(inspect(event), 'Event(set)');
    assert.deepEqual([event.waitSync(), event.waitSync({ timeout: 0 })], [true, true]);
    assert.deepEqual([await event.wait(), await event.wait({ timeout: 0 })], [true, true]);
    event.clear();
    assert.equal(event.isSet(), false);
    assert.deepEqual([event.waitSync({ timeout: 0 }), event.waitSync({ timeout: 3 })], [false, false]);
    assert.deepEqual([await event.wait({ timeout: 0 }), await event.wait({ timeout: 3 })], [false, false]);
  });

  it('lets all go who wait, even if it is cleared right after', async () => {
    const event = new Event();
    const waiters = Array.from({ length: 100 }, () => event.wait());
    event.set();
    event.clear();
    assert.deepEqual(new Set(await Promise.all(waiters)), new Set([true]));
  });

  it('lets one go whose other waits were aborted or timed out', async () => {
    const event = new Event();
    const controller = new AbortController();
    const aborted = assert.rejects(event.wait({ signal: controller.signal }), new Error('enough'));
    const stays = event.wait({ signal: new AbortController().signal, timeout: 60_000 });
    assert.equal(await event.wait({ timeout: 1 }), false);
    controller.abort(new Error('enough'));
    await aborted;
    event.set();
    assert.equal(await stays, true);
  });
});
