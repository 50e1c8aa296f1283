import assert from 'node:assert/strict';
import { Pipe, Process, wait, type Connection } from 'allcores';

async function sendTen(writer: Connection<[number, number]>, who: number, slowly: boolean): Promise<void> {
  for (let i = 0; i < 10; i++) {
    if (slowly) await new Promise((resolve) => setTimeout(resolve, Math.random() * 20));
    writer.sendSync([i, who]);
  }
  writer.close();
}

describe('wait, as CPython tests it', () => {
  for (const slowly of [false, true]) {
    it(`serves four processes that send ${slowly ? 'slowly' : 'fast'}, until the end of each`, async () => {
      const readers = new Set<Connection<unknown, [number, number]>>();
      const processes: Process[] = [];
      for (let who = 0; who < 4; who++) {
        const [reader, writer] = Pipe<[number, number]>({ duplex: false });
        processes.push(new Process({ target: sendTen, args: [writer, who, slowly], daemon: true }).start() as never);
        writer.close();
        readers.add(reader as never);
      }
      const messages: string[] = [];
      while (readers.size > 0) {
        for (const reader of await wait(readers)) {
          try {
            messages.push((await reader.recv()).join(':'));
          } catch (error) {
            assert.match(String(error), /end of file/);
            readers.delete(reader);
            reader.close();
          }
        }
      }
      const expected = [0, 1, 2, 3].flatMap((who) => Array.from({ length: 10 }, (_, i) => `${i}:${who}`));
      assert.deepEqual(messages.toSorted(), expected.toSorted());
      for (const process of processes) await process.join();
    });
  }

  it('gives nothing when its timeout has passed, and what is ready once something was sent', async () => {
    const [a, b] = Pipe();
    const begun = performance.now();
    assert.deepEqual(await wait([a, b], { timeout: 100 }), []);
    assert.ok(performance.now() - begun >= 98);
    await b.send(null);
    assert.deepEqual(await wait([a, b], { timeout: 20_000 }), [a]);
  });

  it('tells of the end of a process among connections, in the order given', async () => {
    const [a, b] = Pipe();
    const target = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 50));
    const process = new Process({ target }).start();
    assert.deepEqual(await wait([a, process, b], { timeout: 20_000 }), [process]);
    await a.send(null);
    assert.deepEqual(await wait([a, process, b], { timeout: 20_000 }), [process, b]);
    await b.send(null);
    assert.deepEqual(await wait([a, process, b], { timeout: 20_000 }), [a, process, b]);
  });

  it('does not wait for a negative time', async () => {
    const [a] = Pipe();
    assert.deepEqual(await wait([a], { timeout: -1 }), []);
  });
});
