import assert from 'node:assert/strict';
import { Connection, Pipe, ProcessError, Queue, QueueClosedError, SerializationError, TimeoutError } from 'allcores';

const endOfFile = { name: 'QueueClosedError', code: 'ERR_ALLCORES_QUEUE_CLOSED', message: /^end of file/ };
const brokenPipe = { name: 'QueueClosedError', code: 'ERR_ALLCORES_QUEUE_CLOSED', message: /^broken pipe/ };

describe('Pipe', () => {
  it('makes two ends, each of which receives what the other sends, in its order', async () => {
    const [a, b] = Pipe();
    await a.send(1);
    a.sendSync({ two: 2 });
    await b.send('back');
    assert.equal(await b.recv(), 1);
    assert.deepEqual(b.recvSync(), { two: 2 });
    assert.equal(await a.recv(), 'back');
    assert.deepEqual([a.readable, a.writable, b.readable, b.writable], [true, true, true, true]);
  });

  it('not duplex: the first end only receives, the second one only sends', async () => {
    const [r, w] = Pipe({ duplex: false });
    assert.deepEqual([r.readable, r.writable, w.readable, w.writable], [true, false, false, true]);
    w.sendSync(1);
    assert.equal(r.recvSync(), 1);
    await assert.rejects(r.send(2), { name: 'ProcessError', message: /cannot send/ });
    assert.throws(() => r.sendSync(2), ProcessError);
    await assert.rejects(r.sendBytes(Buffer.from('x')), ProcessError);
    for (const receive of [() => w.recv(), () => w.poll(), () => w.recvBytes()]) {
      await assert.rejects(receive(), { name: 'ProcessError', message: /cannot receive/ });
    }
    assert.throws(() => w.recvSync(), ProcessError);
    assert.throws(() => w.pollSync(), ProcessError);
  });

  it('refuses bad arguments by name, and Connections are made by it alone', () => {
    assert.throws(() => Pipe({ duplex: 1 as never }), { name: 'TypeError', message: /^duplex must be a boolean/ });
    assert.throws(() => Pipe(false as never), { name: 'TypeError', message: /^options must be an object/ });
    const Made = Connection as unknown as new () => Connection;
    assert.throws(() => new Made(), { name: 'TypeError', message: /Pipe\(\)/ });
  });
});

describe('Connection', () => {
  it('send refuses what cannot be encoded, and sends nothing', async () => {
    const [a, b] = Pipe();
    await assert.rejects(a.send({ f: () => 1 }), SerializationError);
    assert.throws(() => a.sendSync(Symbol('s')), SerializationError);
    assert.equal(b.pollSync(), false);
  });

  it('poll tells whether something is there, at once or within its timeout, and takes nothing', async () => {
    const [a, b] = Pipe<number>();
    assert.equal(await b.poll(), false);
    assert.equal(b.pollSync(), false);
    assert.equal(await b.poll({ timeout: 5 }), false);
    assert.equal(b.pollSync({ timeout: 5 }), false);
    const polled = b.poll({ timeout: Infinity });
    a.sendSync(7);
    assert.deepEqual([await polled, await b.poll(), b.pollSync(), b.recvSync()], [true, true, true, 7]);
  });

  it('recv ends with TimeoutError after its timeout, and with the reason of its signal', async () => {
    const [a, b] = Pipe<number>();
    await assert.rejects(b.recv({ timeout: 5 }), TimeoutError);
    assert.throws(() => b.recvSync({ timeout: 0 }), TimeoutError);
    const controller = new AbortController();
    const received = b.recv({ signal: controller.signal });
    controller.abort('why');
    await assert.rejects(received, (reason) => reason === 'why');
    await assert.rejects(b.recv({ timeout: 'x' as never }), { name: 'TypeError', message: /^timeout must be/ });
    await assert.rejects(b.recv({ signal: 'x' as never }), { name: 'TypeError', message: /^signal must be/ });
    a.sendSync(1);
    assert.equal(await b.recv(), 1);
  });

  it('receives what is left when its peer is gone, then the end of the file; what it sends is a broken pipe', async () => {
    const [a, b] = Pipe();
    a.sendSync('left');
    a.close();
    a.close();
    assert.deepEqual([a.closed, b.closed], [true, false]);
    assert.equal(await b.poll(), true);
    assert.equal(await b.recv(), 'left');
    assert.equal(await b.poll(), true);
    await assert.rejects(b.recv(), endOfFile);
    assert.throws(() => b.recvSync(), endOfFile);
    await assert.rejects(b.send(1), brokenPipe);
    assert.throws(() => b.sendSync(1), brokenPipe);
  });

  it('a recv that waits ends when the peer is closed', async () => {
    const [a, b] = Pipe();
    const received = b.recv();
    a.close();
    await assert.rejects(received, endOfFile);
  });

  it('nothing but close is allowed on a closed handle, and what waits on it ends', async () => {
    const [a, b] = Pipe();
    const waits = [a.recv(), a.poll({ timeout: Infinity }), a.recv({ signal: new AbortController().signal })];
    a.close();
    b.close();
    const closed = { name: 'QueueClosedError', message: /^This connection is closed/ };
    for (const wait of waits) await assert.rejects(wait, closed);
    for (const call of [() => a.recv(), () => a.poll(), () => a.send(1), () => a.recvBytes()]) {
      await assert.rejects(call(), closed);
    }
    for (const call of [() => a.recvSync(), () => a.pollSync(), () => a.sendSync(1)]) assert.throws(call, closed);
    assert.deepEqual([a.readable, a.writable], [false, false]);
    assert.throws(() => new Queue<unknown>().putSync(a), /This Connection is closed/);
  });

  it('lives as long as any handle on it: closing one of two leaves the pipe whole', async () => {
    const [a, b] = Pipe<unknown>();
    const queue = new Queue<Connection>();
    queue.putSync(b);
    const other = queue.getSync();
    b.close();
    a.sendSync(1);
    assert.equal(await other.recv(), 1);
    other.close();
    await assert.rejects(a.send(2), brokenPipe);
  });

  it('iterates until the end of the file', async () => {
    const [a, b] = Pipe<number>();
    for (const value of [1, 2, 3]) a.sendSync(value);
    for await (const value of b) {
      assert.equal(value, 1);
      break;
    }
    a.close();
    const got: number[] = [];
    for await (const value of b) got.push(value);
    assert.deepEqual(got, [2, 3]);
  });

  it('closes with its scope', async () => {
    const [a, b] = Pipe();
    a[Symbol.dispose]();
    await b[Symbol.asyncDispose]();
    assert.deepEqual([a.closed, b.closed], [true, true]);
  });
});

describe('bytes of a connection', () => {
  it('are messages: their boundaries are kept, empty ones count', async () => {
    const [a, b] = Pipe();
    await a.sendBytes(Buffer.from('hello'));
    a.sendBytesSync(new Uint8Array(0));
    await a.sendBytes(Uint16Array.of(1, 2).buffer);
    assert.deepEqual(await b.recvBytes(), Buffer.from('hello'));
    assert.deepEqual(b.recvBytesSync(), new Uint8Array(0));
    assert.deepEqual(await b.recvBytes(), Uint8Array.of(1, 0, 2, 0));
  });

  it('may be a part of a buffer, of which nothing else travels', async () => {
    const [a, b] = Pipe();
    const buffer = new Uint8Array(200_000).map((_, i) => i % 199);
    await a.sendBytes(buffer, 10);
    await a.sendBytes(buffer, 10, 5);
    await a.sendBytes(buffer.subarray(7, 9));
    await a.sendBytes(buffer, 200_000);
    const parts = [buffer.slice(10), buffer.slice(10, 15), buffer.slice(7, 9), new Uint8Array(0)];
    for (const part of parts) {
      const got = await b.recvBytes();
      assert.deepEqual(got, part);
      assert.equal(got.buffer.byteLength, part.length);
    }
    await assert.rejects(a.sendBytes(buffer, 200_001), { name: 'RangeError', message: /^offset must be/ });
    await assert.rejects(a.sendBytes(buffer, 199_999, 2), { name: 'RangeError', message: /^size must be/ });
    await assert.rejects(a.sendBytes(buffer, -1), RangeError);
    await assert.rejects(a.sendBytes('x' as never), { name: 'TypeError', message: /^bytes must be a buffer/ });
  });

  it('longer than maxLength are refused; the handle then only sends, or is closed if it could not send', async () => {
    const [a, b] = Pipe();
    a.sendBytesSync(Buffer.from('12345'));
    assert.equal((await b.recvBytes(5)).length, 5);
    a.sendBytesSync(Buffer.from('123456'));
    await assert.rejects(b.recvBytes(5), { name: 'ProcessError', message: /6 bytes, more than maxLength, 5/ });
    assert.deepEqual([b.closed, b.readable, b.writable], [false, false, true]);
    await assert.rejects(b.recvBytes(), ProcessError);
    b.sendSync('still');
    assert.equal(a.recvSync(), 'still');

    const [r, w] = Pipe({ duplex: false });
    w.sendBytesSync(Buffer.from('123'));
    assert.throws(() => r.recvBytesSync(2), ProcessError);
    assert.equal(r.closed, true);
    assert.throws(() => w.sendSync(1), QueueClosedError);
    await assert.rejects(a.recvBytes(-1), { name: 'RangeError', message: /^maxLength must be/ });
  });

  it('are not what send has sent', async () => {
    const [a, b] = Pipe();
    a.sendSync('text');
    await assert.rejects(b.recvBytes(), { name: 'ProcessError', message: /not bytes/ });
  });
});
