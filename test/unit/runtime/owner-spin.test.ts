import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { OwnerSpin } from '#lib/runtime/owner-spin.js';
import { Patience } from '#lib/runtime/patience.js';

describe('Patience', () => {
  const waits = (patience: Patience, looks: number): number[] =>
    Array.from({ length: looks }, (_, look) => look).filter(() => {
      const waiting = patience.nanos === 20_000;
      patience.learn(false);
      return waiting;
    });

  it('gives up after a few waits in vain, and tries again ever more rarely', () => {
    assert.deepEqual(waits(new Patience(20_000), 200), [0, 1, 2, 3, 4, 8, 16, 32, 64, 128, 192]);
  });

  it('starts over after one success', () => {
    const patience = new Patience(20_000);
    waits(patience, 50);
    patience.learn(true);
    assert.deepEqual(waits(patience, 10), [0, 1, 2, 3, 4, 8]);
  });
});

describe('OwnerSpin', () => {
  it('waits longer for who was woken first, and learns of both apart', () => {
    const spin = new OwnerSpin(() => {});
    const [awake, roused] = [spin.budget(true), spin.budget(false)];
    assert.ok(0 < awake && awake < roused, `${awake} ns awake, ${roused} ns roused`);
    for (let i = 0; i < 10; i++) {
      assert.ok(spin.budget(false) > 0);
      spin.learn(false);
    }
    assert.ok(spin.budget(false) < awake);
    assert.equal(spin.budget(true), awake);
  });

  for (const awake of [true, false]) {
    it(`sends to the event loop once results have been found for a while, ${awake ? 'awake' : 'roused'}`, async () => {
      let turns = 0;
      const spin = new OwnerSpin(() => turns++);
      const look = (): number => {
        const nanos = spin.budget(awake);
        if (nanos > 0) {
          spin.learn(true);
          spin.watch();
        }
        return nanos;
      };
      while (look() > 0); // ends: no more than its time is spent without a turn
      assert.equal(look(), 0);
      await turn();
      assert.equal(turns, 1);
      assert.ok(look() > 0);
    });
  }

  it('does not call back where nobody was sent away', async () => {
    const spin = new OwnerSpin(() => assert.fail('called'));
    spin.budget(true);
    spin.learn(true);
    spin.watch();
    await turn();
    await turn();
  });
});
