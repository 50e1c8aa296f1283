import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { inflateSync } from 'node:zlib';
import { outcomeOf, run, start, type Outcome } from './run.js';

const TILE = '/tile?x=-0.75&y=0&width=2.5&size=64';
/** All of it lies inside of the set: it takes much longer than any test waits for it. */
const SLOW = '/tile?x=0&y=0&width=0.1&size=4096';

interface Health {
  readonly stopping: boolean;
  readonly inFlight: number;
  readonly served: number;
  readonly refused: number;
  readonly timedOut: number;
  readonly abandoned: number;
  readonly failed: number;
}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Buffer;
}

interface Server {
  readonly port: number;
  get(path: string, signal?: AbortSignal): Promise<Answer>;
  /** Asks /health until it shows all of this. */
  until(expected: Partial<Health>): Promise<void>;
  /** Sends SIGTERM and waits for the end. */
  stop(): Promise<Outcome>;
}

const children: ChildProcess[] = [];

async function startServer(...args: string[]): Promise<Server> {
  const child = start('http-server/server.mjs', '--port', '0', ...args);
  children.push(child);
  const ended = outcomeOf(child);
  const [line] = (await once(child.stdout, 'data')) as [string];
  const address = /^listening on (\S+)\n$/.exec(line)?.[1];
  assert.notEqual(address, undefined, line);
  const get = async (path: string, signal?: AbortSignal): Promise<Answer> => {
    const response = await fetch(`${address}${path}`, signal ? { signal } : {});
    // To the end, since a connection with an answer that nobody reads is not idle.
    return { status: response.status, headers: response.headers, body: Buffer.from(await response.arrayBuffer()) };
  };
  return {
    port: Number(new URL(address!).port),
    get,
    until: async (expected) => {
      for (;;) {
        const health = JSON.parse((await get('/health')).body.toString()) as Health;
        const names = Object.keys(expected) as (keyof Health)[];
        if (names.every((name) => health[name] === expected[name])) return;
        await sleep(10);
      }
    },
    stop: () => {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

/** Asks for what nobody waits for to the end; gives what the client sees once it has been aborted. */
function abandon(server: Server, signal: AbortSignal): Promise<string> {
  return server.get(SLOW, signal).then(
    ({ status }) => `answered ${status}`,
    (error: unknown) => (error as Error).name,
  );
}

describe('examples: http-server/', function () {
  this.timeout(60_000);
  // One that a test which failed has left behind.
  afterEach(() => children.splice(0).forEach((child) => child.kill('SIGKILL')));

  it('answers with the same picture with and without a pool, and stops when it is told', async () => {
    const pictures: Buffer[] = [];
    for (const args of [['--workers', '2'], ['--no-pool']]) {
      const server = await startServer(...args);
      const response = await server.get(TILE);
      assert.deepEqual([response.status, response.headers.get('content-type')], [200, 'image/png']);
      pictures.push(response.body);
      const { code, stdout, stderr } = await server.stop();
      assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
      assert.match(stdout, /^listening on .*\nSIGTERM: finishing 0 requests\nstopped; 1 served\n$/);
    }
    const [picture, other] = pictures as [Buffer, Buffer];
    assert.deepEqual(picture, other);
    assert.equal(picture.toString('hex', 0, 8), '89504e470d0a1a0a');
    assert.deepEqual([picture.readUInt32BE(16), picture.readUInt32BE(20)], [64, 64]);
    const pixels = inflateSync(picture.subarray(41, 41 + picture.readUInt32BE(33)));
    const pixel = (x: number, y: number) => pixels[y * 65 + 1 + x];
    assert.equal(pixel(32, 32), 0); // the middle is inside
    assert.ok(pixel(0, 0)! > 250); // the corner is far outside
  });

  it('answers 503 when as many requests run and wait as may, and /health nevertheless', async () => {
    const server = await startServer('--workers', '1', '--queue', '1');
    const leave = new AbortController();
    const clients = [abandon(server, leave.signal), abandon(server, leave.signal)];
    await server.until({ inFlight: 2 });
    const response = await server.get(TILE);
    assert.deepEqual([response.status, response.headers.get('retry-after')], [503, '1']);
    await server.until({ inFlight: 2, refused: 1, served: 0 });
    leave.abort();
    assert.deepEqual(await Promise.all(clients), ['AbortError', 'AbortError']);
    const { code, stderr } = await server.stop();
    assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
  });

  it('gives up what a client does not wait for any more, and serves the next one', async () => {
    const server = await startServer('--workers', '1');
    const leave = new AbortController();
    const client = abandon(server, leave.signal);
    await server.until({ inFlight: 1 });
    leave.abort();
    assert.equal(await client, 'AbortError');
    await server.until({ inFlight: 0, abandoned: 1 });
    assert.equal((await server.get(TILE)).status, 200);
    await server.until({ inFlight: 0, served: 1, failed: 0 });
    const { code, stderr } = await server.stop();
    assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
  });

  it('answers 504 for what runs or waits too long', async () => {
    const server = await startServer('--workers', '1', '--timeout', '200');
    const responses = await Promise.all([server.get(SLOW), server.get(SLOW)]);
    assert.deepEqual(
      responses.map(({ status }) => status),
      [504, 504],
    );
    await server.until({ inFlight: 0, timedOut: 2 });
    const { code, stderr } = await server.stop();
    assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
  });

  it('finishes what it has begun when SIGTERM comes, and does not wait for a connection without a request', async () => {
    const server = await startServer('--workers', '1', '--timeout', '100000');
    const silent = connect(server.port);
    await once(silent, 'connect');
    const response = server.get('/tile?x=0&y=0&width=0.1&size=500');
    await server.until({ inFlight: 1 });
    const ended = server.stop();
    assert.equal((await response).status, 200);
    await once(silent.resume(), 'close');
    const { code, stdout, stderr } = await ended;
    assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
    assert.match(stdout, /SIGTERM: finishing \d requests\nstopped; 1 served\n$/);
  });

  it('refuses what it does not know, and numbers that are none', async () => {
    const server = await startServer('--workers', '1');
    for (const [path, status] of [
      ['/nowhere', 404],
      ['//', 400],
      ['/tile?size=0', 400],
      ['/tile?size=99999', 400],
      ['/tile?x=left', 400],
    ] as const) {
      assert.equal((await server.get(path)).status, status, path);
    }
    const { code, stderr } = await server.stop();
    assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
    const outcome = await run('http-server/server.mjs', '--queue', 'long');
    assert.deepEqual([outcome.code, outcome.stdout], [2, '']);
    assert.match(outcome.stderr, /^server: --timeout and --queue must be numbers/);
  });

  it('is measured by load.mjs with and without the pool', async () => {
    const { code, stdout, stderr } = await run('http-server/load.mjs', '--duration', '1', '--connections', '2');
    assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
    const rows = [...stdout.matchAll(/^(.*: \/\w+) +([\d.]+) +(\d+) +(\d+) +(\d+)$/gm)];
    assert.deepEqual(
      rows.map(([, name, , , , failed]) => [name, failed]),
      ['pool: /tile', 'pool: /health', 'no pool: /tile', 'no pool: /health'].map((name) => [name, '0']),
    );
    // With a pool, the thread of the server is free for the cheap requests.
    assert.ok(Number(rows[1]![2]) > 0, stdout);
  });
});
