import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { Event, Process } from 'allcores';

describe('as Python: Event', () => {
  it('wait tells whether it is set, and is ended by another process that sets it', async () => {
    const event = new Event();
    assert.equal(event.isSet(), false);
    assert.equal(event.waitSync({ timeout: 0 }), false);
    const start = performance.now();
    assert.equal(event.waitSync({ timeout: 30 }), false);
    assert.ok(performance.now() - start >= 30);
    event.set();
    assert.equal(event.isSet(), true);
    assert.equal(event.waitSync(), true);
    assert.equal(await event.wait({ timeout: 30 }), true);
    event.clear();
    assert.equal(event.isSet(), false);
    const process = new Process({ target: (e: Event) => e.set(), args: [event], daemon: true }).start();
    assert.equal(event.waitSync(), true);
    await process.join();
  });

  it('shows whether it is set', () => {
    const event = new Event();
    assert.match(inspect(event), /Event\(unset\)/);
    event.set();
    assert.match(inspect(event), /Event\(set\)/);
    event.clear();
    assert.match(inspect(event), /Event\(unset\)/);
  });
});
