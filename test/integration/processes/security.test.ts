import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { getContext, SharedArray, task } from 'allcores';
import { childrenOf, descriptorsOf } from '../../support/system.js';

const { Pool, Process } = getContext('process');

/** Where no other text has it. */
const SECRET = `secret-${Math.random().toString(36).slice(2)}${Math.random().toString(36).slice(2)}`;

interface Found {
  readonly mode: number;
  readonly uid: number;
  readonly truncated: string | undefined;
}

/** The shared memory that this process has open: its mode, and what comes of an attempt to take pages from it. */
async function sharedMemory(): Promise<Found[]> {
  const fs = await import('node:fs');
  const found: Found[] = [];
  for (const name of fs.readdirSync('/proc/self/fd')) {
    const link = `/proc/self/fd/${name}`;
    try {
      if (!fs.readlinkSync(link).startsWith('/memfd:allcores')) continue;
    } catch {
      continue; // that of the listing
    }
    const { mode, uid, size } = fs.statSync(link);
    let truncated: string | undefined;
    for (const length of [0, size * 2]) {
      const descriptor = fs.openSync(link, 'r+');
      try {
        fs.ftruncateSync(descriptor, length);
        truncated = 'allowed';
      } catch (error) {
        truncated ??= (error as NodeJS.ErrnoException).code;
      }
      fs.closeSync(descriptor);
    }
    found.push({ mode: mode & 0o777, uid, truncated });
  }
  return found;
}

/** What a program that a task starts finds open. */
async function inherited(): Promise<string> {
  const { execFileSync } = await import('node:child_process');
  return execFileSync('ls', ['-l', '/proc/self/fd'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
}

/** Numbers of the sockets among descriptors. */
function socketsOf(pid: number): Set<string> {
  const numbers = [...descriptorsOf(pid).values()].map((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1]);
  return new Set(numbers.filter((number) => number !== undefined));
}

/** Sockets of the system that have a name or listen, by number: of any family that others could reach. */
function reachable(): Set<string> {
  const found = new Set<string>();
  for (const family of ['tcp', 'tcp6', 'udp', 'udp6', 'raw', 'raw6']) {
    for (const number of column(family, 9)) found.add(number);
  }
  for (const line of linesOf('unix')) {
    const [, , , flags = '', , , number = '', path] = line;
    if ((Number.parseInt(flags, 16) & 0x10000) !== 0 || path !== undefined) found.add(number);
  }
  return found;
}

function linesOf(table: string): string[][] {
  try {
    return readFileSync(`/proc/net/${table}`, 'utf8').trim().split('\n').slice(1).map((line) => line.trim().split(/\s+/)); // prettier-ignore
  } catch {
    return [];
  }
}

function column(table: string, at: number): string[] {
  return linesOf(table).map((line) => line[at] ?? '');
}

describe('what others see of processes', function () {
  before(function () {
    if (process.platform !== 'linux') this.skip(); // only there can it be looked up
  });

  it('command line and environment hold nothing of tasks, functions, initializers and processes', async () => {
    const others = new Set(childrenOf()); // of pools before, that may be about to end
    await using pool = new Pool(2, { standby: 1, initializer: (_: string) => {}, initargs: [SECRET] });
    const secret = SECRET;
    await pool.broadcast(task((_: string) => secret.length, { secret }), [SECRET]); // prettier-ignore
    const [running, end] = [new SharedArray('int32', 1), new SharedArray('int32', 1)];
    const target = (_: unknown, there: SharedArray<'int32'>, until: SharedArray<'int32'>): void => {
      there.set(0, 1);
      while (until.at(0) === 0);
    };
    const child = new Process({ target, args: [{ SECRET }, running, end], name: 'known' }).start();
    while (running.at(0) === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    try {
      const pids = childrenOf().filter((pid) => !others.has(pid));
      assert.ok(pids.length >= 4, pids.join());
      for (const pid of pids) {
        for (const file of ['cmdline', 'environ', 'comm']) {
          const text = readFileSync(`/proc/${pid}/${file}`, 'latin1');
          assert.ok(!text.includes('secret-') && !text.includes('there.set'), `${file} of ${pid}`);
        }
        // Node, its options, the entry, the addon, numbers.
        const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').filter((word) => word !== ''); // prettier-ignore
        assert.match(words.join(' '), /child\.cjs \S+\.node( \d+)+$/);
      }
    } finally {
      end.set(0, 1);
    }
    await child.join();
    assert.equal(child.exitCode, 0);
  });

  it('shared memory is for its user alone, and of a size that nobody can change', async () => {
    await using pool = new Pool(1);
    const large = new Uint8Array(8 << 20).fill(1); // comes in a segment of its own
    await pool.apply((bytes: Uint8Array) => bytes, [large]);
    for (const found of [await sharedMemory(), await pool.apply(sharedMemory)]) {
      assert.ok(found.length >= 1);
      for (const { mode, uid, truncated } of found) {
        assert.deepEqual([mode.toString(8), uid, truncated], ['600', process.getuid!(), 'EPERM']);
      }
    }
  });

  it('programs that a task or this program starts inherit neither memory nor channels', async () => {
    await using pool = new Pool(2);
    for (const listing of [...(await pool.broadcast(inherited)), await inherited()]) {
      const links = [...listing.matchAll(/ (\d+) -> (.*)$/gm)].map(([, number, link = '']) => ({ number: Number(number), link })); // prettier-ignore
      assert.ok(links.length >= 4, listing); // the standard ones, and the folder that is being listed
      for (const { number, link } of links) assert.ok(number <= 2 || !/memfd|anon_inode|socket/.test(link), listing);
    }
  });

  it('a worker has no channel but its own', async () => {
    await using pool = new Pool(3);
    const pids = await pool.broadcast(() => process.pid);
    const ends = pids.map(socketsOf);
    const standard = socketsOf(process.pid);
    for (const own of ends) {
      const apart = [...own].filter((number) => !standard.has(number));
      assert.equal(apart.length, 1, `${[...own].join()} of ${[...standard].join()}`);
    }
  });

  it('nothing listens, and nothing has a name', async () => {
    const others = new Set(childrenOf());
    await using pool = new Pool(2, { standby: 1 });
    const workers = await pool.broadcast(() => process.pid);
    const pids = [...workers, ...childrenOf().filter((pid) => !others.has(pid))];
    const named = reachable();
    const before = new Set([0, 1, 2].map((descriptor) => descriptorsOf('self').get(descriptor)));
    for (const pid of pids) {
      for (const number of socketsOf(pid)) {
        if (before.has(`socket:[${number}]`)) continue; // the standard ones, wherever they come from
        assert.ok(!named.has(number), `socket ${number} of ${pid}`);
      }
    }
  });
});
