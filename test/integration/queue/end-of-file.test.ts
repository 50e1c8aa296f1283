import assert from 'node:assert/strict';
import { getAllStartMethods, getContext, Pipe, type Connection } from 'allcores';

type End = Connection<number, number>;

/** What a child does with its end once it has sent a number. */
const endings: Record<string, (end: End) => unknown> = {
  returns: (end) => end.sendSync(1),
  throws: (end) => {
    end.sendSync(1);
    throw new Error('thrown on purpose');
  },
  exits: (end) => {
    end.sendSync(1);
    process.exit(3);
  },
};

const closes = (end: End): Promise<never> => {
  end.sendSync(1);
  end.close();
  return new Promise(() => {}); // and lives on
};

const stays = (end: End): Promise<never> => {
  end.sendSync(1);
  return new Promise(() => {});
};

/** Longer than any of this takes: a wait that no end of file ends fails rather than hang. */
const timeout = 10_000;
const endOfFile = { name: 'QueueClosedError', message: /^end of file/ };

// The thread never returns to its event loop between the start of a child and the end of the file.
for (const method of getAllStartMethods()) {
  describe(`the end of the file for a blocked thread, of a child that is a ${method}`, () => {
    const { Process, Pool: ContextPool } = getContext(method);

    /** A started child that has the only handle on the other end. */
    function child(target: (end: End) => unknown): { here: End; child: InstanceType<typeof Process> } {
      const [here, there] = Pipe<number, number>();
      const started = new Process({ target, args: [there], daemon: true }).start();
      there.close();
      return { here, child: started };
    }

    for (const [way, target] of Object.entries(endings)) {
      it(`comes when it ${way}`, async () => {
        const { here, child: ending } = child(target);
        assert.equal(here.recvSync({ timeout }), 1);
        assert.throws(() => here.recvSync({ timeout }), endOfFile);
        assert.equal(await ending.join({ timeout }), true);
      });

      it(`is there after joinSync when it ${way}`, () => {
        const { here, child: ending } = child(target);
        assert.equal(ending.joinSync({ timeout }), true);
        assert.equal(here.recvSync({ timeout }), 1);
        assert.throws(() => here.recvSync({ timeout }), endOfFile);
      });
    }

    it('comes when it closes its handle and lives on', async () => {
      const { here, child: living } = child(closes);
      assert.equal(here.recvSync({ timeout }), 1);
      assert.throws(() => here.recvSync({ timeout }), endOfFile);
      assert.equal(living.isAlive(), true);
      living.kill();
      assert.equal(await living.join({ timeout }), true);
    });

    it('comes when it is killed, with and without joinSync', () => {
      for (const joins of [true, false]) {
        const { here, child: killed } = child(stays);
        assert.equal(here.recvSync({ timeout }), 1);
        killed.kill();
        if (joins) assert.equal(killed.joinSync({ timeout }), true);
        assert.throws(() => here.recvSync({ timeout }), endOfFile);
        assert.equal(killed.joinSync({ timeout }), true);
      }
    });

    it('comes when it is killed before it has taken its handle in', () => {
      for (const joins of [true, false]) {
        const { here, child: killed } = child(() => new Promise(() => {}));
        killed.kill();
        if (joins) assert.equal(killed.joinSync({ timeout }), true);
        assert.throws(() => here.recvSync({ timeout }), endOfFile);
        assert.equal(killed.joinSync({ timeout }), true);
      }
    });

    it('does not come while it has its handle', async () => {
      const { here, child: living } = child(stays);
      assert.equal(here.recvSync({ timeout }), 1);
      assert.throws(() => here.recvSync({ timeout: 100 }), { name: 'TimeoutError' });
      living.kill();
      assert.equal(await living.join({ timeout }), true);
    });

    it('is seen by recvBytesSync, pollSync, and by attempts that do not wait', () => {
      const received = child(closes);
      assert.equal(received.here.recvSync({ timeout }), 1);
      assert.throws(() => received.here.recvBytesSync(undefined, { timeout }), endOfFile);
      const polled = child(closes);
      assert.equal(polled.here.recvSync({ timeout }), 1);
      assert.equal(polled.here.pollSync({ timeout }), true);

      for (const attempt of [
        (here: End) => here.pollSync(),
        (here: End) => {
          try {
            return here.recvSync({ timeout: 0 });
          } catch (error) {
            return (error as Error).name === 'QueueClosedError';
          }
        },
      ]) {
        const { here, child: living } = child(closes);
        assert.equal(here.recvSync({ timeout }), 1);
        const pause = new Int32Array(new SharedArrayBuffer(4));
        let seen = false;
        for (const until = Date.now() + timeout; !seen && Date.now() < until; seen = attempt(here) === true) {
          Atomics.wait(pause, 0, 0, 1);
        }
        assert.equal(seen, true);
        living.kill();
      }
      for (const { child: living } of [received, polled]) living.kill();
    });

    it('reaches another child and a task while their parent waits for these', async () => {
      const drain = (end: End): number => {
        let sum = 0;
        try {
          for (;;) sum += end.recvSync();
        } catch {
          return sum;
        }
      };
      const [reader, writer] = Pipe<number, number>();
      const reading = new Process({ target: drain, args: [reader], daemon: true }).start();
      const writing = new Process({ target: closes, args: [writer], daemon: true }).start();
      writer.close();
      assert.equal(reading.joinSync({ timeout }), true);

      await using pool = new ContextPool(1);
      const { here, child: living } = child(closes);
      assert.equal(pool.applyAsync(drain, [here]).getSync({ timeout }), 1);
      for (const each of [writing, living]) each.kill();
      for (const each of [reading, writing, living]) assert.equal(await each.join({ timeout }), true);
    });
  });
}
