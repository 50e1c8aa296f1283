import assert from 'node:assert/strict';
import { SerializationError } from '#lib/base/errors.js';
import type { Mailbox } from '#lib/runtime/host/mailbox.js';
import { Inbox } from '#lib/runtime/entry/inbox.js';

/** Keeps what is posted. */
class KeptMailbox implements Mailbox {
  readonly sharesBuffers = true;
  readonly posted: unknown[] = [];

  post(message: unknown): void {
    this.posted.push(message);
  }

  receive(): undefined {}
}

describe('Inbox', () => {
  const mailbox = new KeptMailbox();
  const inbox = new Inbox(mailbox, []);

  beforeEach(() => (mailbox.posted.length = 0));

  it('posts the shared buffers of a value', () => {
    const [first, second] = [new SharedArrayBuffer(1), new SharedArrayBuffer(2)];
    inbox.encode([first, second], 'result');
    assert.deepEqual(
      mailbox.posted.map((message) => (message as { buffer: unknown }).buffer),
      [first, second],
    );
  });

  it('posts none of a value that cannot be copied, nor with the next one', () => {
    assert.throws(() => inbox.encode([new SharedArrayBuffer(1), new WeakMap()], 'result'), SerializationError);
    inbox.encode('next', 'result');
    assert.deepEqual(mailbox.posted, []);
  });

  it('encodes an error in place of a thrown value that cannot be copied', () => {
    const thrown = (value: unknown): unknown => inbox.codec.decode(inbox.encodeThrown(value).head, []);
    assert.deepStrictEqual(thrown({ status: 4 }), { status: 4 });
    const error = thrown({ buffer: new SharedArrayBuffer(1), promise: Promise.resolve() });
    assert.ok(error instanceof SerializationError);
    assert.match(error.message, /threw a value .*error\.promise .*a Promise/);
    assert.equal(error.path, 'error.promise');
    assert.deepEqual(mailbox.posted, []);
  });
});
