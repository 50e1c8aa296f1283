import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pipe, Process, QueueClosedError, type Connection } from 'allcores';

function echo(connection: Connection): void {
  for (let value = connection.recvSync(); value !== ''; value = connection.recvSync()) connection.sendSync(value);
  connection.close();
}

function echoBytes(connection: Connection): void {
  for (let bytes = connection.recvBytesSync(); bytes.length > 0; bytes = connection.recvBytesSync()) {
    connection.sendBytesSync(bytes);
  }
  connection.close();
}

describe('Connection, as CPython tests it', () => {
  it('carries values and bytes to a process and back, up to the end of the file', async () => {
    const [here, there] = Pipe();
    const process = new Process({ target: echo, args: [there], daemon: true }).start();
    const sequence = [1, 2.25, null];
    assert.equal(await here.send(sequence), undefined);
    assert.deepEqual(await here.recv(), sequence);
    assert.equal(await here.sendBytes(Buffer.from('hello world')), undefined);
    assert.deepEqual(await here.recvBytes(), Buffer.from('hello world'));
    await here.sendBytes(Int32Array.of(0, 1, 2, 3));
    assert.deepEqual(new Int32Array((await here.recvBytes()).buffer as ArrayBuffer), Int32Array.of(0, 1, 2, 3));

    assert.equal(await here.poll(), false);
    assert.equal(await here.poll({ timeout: -1 }), false);
    assert.equal(await here.poll({ timeout: 20 }), false);
    await here.send(null);
    assert.equal(await here.poll({ timeout: 10_000 }), true);
    assert.equal(await here.recv(), null);

    const long = Buffer.alloc(16 * 1024 * 1024, 'X');
    await here.sendBytes(long);
    assert.ok(long.equals(await here.recvBytes()));

    await here.send('');
    there.close();
    assert.deepEqual([here.readable, here.writable], [true, true]);
    await assert.rejects(here.recv(), { name: QueueClosedError.name, message: /^end of file/ });
    await assert.rejects(here.recvBytes(), QueueClosedError);
    await process.join();
  });

  it('goes one way only, if it is asked to', async () => {
    const [reader, writer] = Pipe({ duplex: false });
    await writer.send(1);
    assert.equal(await reader.recv(), 1);
    assert.deepEqual([reader.readable, reader.writable], [true, false]);
    assert.deepEqual([writer.readable, writer.writable], [false, true]);
    await assert.rejects(reader.send(2), /only receives/);
    await assert.rejects(writer.recv(), /only sends/);
    await assert.rejects(writer.poll(), /only sends/);
  });

  it('may be closed here right after the start of the process that has it', async () => {
    const [here, there] = Pipe();
    const process = new Process({ target: echoBytes, args: [there], daemon: true }).start();
    there.close();
    await here.sendBytes(Buffer.from('hello'));
    assert.deepEqual(await here.recvBytes(), Buffer.from('hello'));
    await here.sendBytes(Buffer.alloc(0));
    here.close();
    await process.join();
    assert.equal(process.exitCode, 0);
  });

  it('sends a part of the bytes, within their bounds', async () => {
    const letters = Buffer.from('abcdefghijklmnopqrstuvwxyz');
    const [a, b] = Pipe();
    for (const [offset, size, text] of [
      [undefined, undefined, 'abcdefghijklmnopqrstuvwxyz'],
      [5, undefined, 'fghijklmnopqrstuvwxyz'],
      [7, 8, 'hijklmno'],
      [26, undefined, ''],
      [26, 0, ''],
    ] as const) {
      await a.sendBytes(letters, offset, size);
      assert.equal(Buffer.from(await b.recvBytes()).toString(), text);
    }
    for (const [offset, size] of [[27], [22, 5], [26, 1], [-1], [4, -1]] as const) {
      await assert.rejects(a.sendBytes(letters, offset, size), RangeError);
    }
    assert.equal(b.pollSync(), false);
  });

  it('is closed by the end of its scope', async () => {
    const [a, b] = Pipe();
    a.sendSync(1729);
    assert.equal(b.recvSync(), 1729);
    assert.deepEqual([a.closed, b.closed], [false, false]);
    for (const end of [a, b]) end[Symbol.dispose]();
    assert.deepEqual([a.closed, b.closed], [true, true]);
    await assert.rejects(a.recv(), /is closed/);
    await assert.rejects(b.recv(), /is closed/);
  });
});

describe('poll, as CPython tests it', () => {
  it('is true for an empty message', async () => {
    const [a, b] = Pipe();
    assert.equal(await a.poll(), false);
    b.sendBytesSync(Buffer.alloc(0));
    assert.deepEqual([await a.poll(), await a.poll()], [true, true]);
  });

  it('is true for each of several strings that come one by one', async () => {
    const strings = ['hello', '', 'a', 'b', '', 'bye', '', 'lop'];
    const target = async (connection: Connection, texts: string[]): Promise<void> => {
      for (const text of texts) {
        await new Promise((resolve) => setTimeout(resolve, 10));
        connection.sendBytesSync(Buffer.from(text));
      }
      connection.close();
    };
    const [a, b] = Pipe();
    const process = new Process({ target, args: [b, strings] }).start();
    for (const text of strings) {
      while (!(await a.poll({ timeout: 10 })));
      assert.equal(Buffer.from(await a.recvBytes()).toString(), text);
    }
    await process.join();
  });

  it('takes nothing, not even a part of a message', async () => {
    const [r, w] = Pipe({ duplex: false });
    const target = (reader: Connection): void => void reader.pollSync({ timeout: 5000 });
    const process = new Process({ target, args: [r] }).start();
    await sleep(50);
    for (const text of ['first', 'second']) await w.sendBytes(Buffer.from(text));
    w.close();
    await process.join();
    assert.equal(Buffer.from(await r.recvBytes()).toString(), 'first');
  });

  it('does not merge messages', async () => {
    const [a, b] = Pipe();
    assert.deepEqual([await a.poll({ timeout: 0 }), await a.poll({ timeout: 20 })], [false, false]);
    const target = (connection: Connection): void => {
      for (const text of ['a', 'b', 'cd']) connection.sendBytesSync(Buffer.from(text));
    };
    const process = new Process({ target, args: [b] }).start();
    for (const text of ['a', 'b', 'cd']) {
      assert.equal(await a.poll({ timeout: 10_000 }), true);
      assert.equal(await a.poll({ timeout: 10_000 }), true);
      assert.equal(Buffer.from(await a.recvBytes()).toString(), text);
    }
    await process.join();
  });

  it('of a closed connection is refused, and no connection is made from a number', async () => {
    const [a] = Pipe();
    a.close();
    await assert.rejects(a.poll(), QueueClosedError);
  });
});
