import * as assert from 'node:assert/strict';
import {
  Barrier,
  Event,
  Lock,
  Pipe,
  Pool,
  Process,
  Queue,
  setStartMethod,
  ShareableList,
  SharedArray,
  SharedMemory,
  Value,
  wait,
} from 'allcores';

const double = (x: number): number => 2 * x;

/** What takes options, by whatever names. */
type Options = never;

const LIMITS = ['timeout', 'signal', 'grace', 'priority', 'retries'];
const TASK = [...LIMITS, 'transfer'];
const IMAP = [...LIMITS, 'chunksize', 'buffersize', 'failFast', 'progress', 'onProgress'];
const MAP = [...IMAP, 'transfer', 'out'];
const CALLBACKS = ['callback', 'errorCallback'];
const WAIT = ['timeout', 'signal'];
const POOL =
  'initializer initargs maxTasksPerChild maxMemoryPerChild minWorkers idleTimeout name env execArgv resourceLimits';
const PROCESS = 'target args name daemon env execArgv resourceLimits cwd stdio';

describe('options', () => {
  let pool: Pool;
  const lock = new Lock();
  const queue = new Queue<number>();
  before(() => (pool = new Pool(1)));
  after(() => pool.terminate());

  const places: readonly (readonly [name: string, use: (options: Options) => unknown, names: readonly string[]])[] = [
    ['Pool', (options) => new Pool(1, options), [...POOL.split(' '), 'standby', 'cwd', 'stdio', 'affinity']],
    ['apply', (options) => pool.apply(double, [1], options), [...TASK, 'onProgress']],
    ['applySync', (options) => pool.applySync(double, [1], options), [...TASK, 'onProgress']],
    ['applyAsync', (options) => pool.applyAsync(double, [1], options), [...TASK, 'onProgress', ...CALLBACKS]],
    ['map', (options) => pool.map(double, [1], options), MAP],
    ['mapSync', (options) => pool.mapSync(double, [1], options), MAP],
    ['mapAsync', (options) => pool.mapAsync(double, [1], options), [...MAP, ...CALLBACKS]],
    ['starmap', (options) => pool.starmap(double, [[1]], options), MAP],
    ['starmapSync', (options) => pool.starmapSync(double, [[1]], options), MAP],
    ['starmapAsync', (options) => pool.starmapAsync(double, [[1]], options), [...MAP, ...CALLBACKS]],
    ['imap', (options) => pool.imap(double, [1], options), IMAP],
    ['imapUnordered', (options) => pool.imapUnordered(double, [1], options), IMAP],
    ['imapSync', (options) => pool.imapSync(double, [1], options), IMAP],
    ['imapUnorderedSync', (options) => pool.imapUnorderedSync(double, [1], options), IMAP],
    ['transform', (options) => pool.transform(double, options), IMAP],
    ['AsyncResult.wait', (options) => pool.applyAsync(double, [1]).wait(options), WAIT],
    ['Process', (options) => new Process(options), PROCESS.split(' ')],
    ['Process.join', (options) => new Process().start().join(options), WAIT],
    ['Lock.acquire', (options) => lock.acquire(options), WAIT],
    ['Event.waitSync', (options) => new Event().waitSync(options), WAIT],
    ['Queue', (options) => new Queue(0, options), ['capacity']],
    ['Queue.put', (options) => queue.put(1, options), WAIT],
    ['Pipe', (options) => Pipe(options), ['duplex']],
    ['Connection.poll', (options) => Pipe()[0].poll(options), WAIT],
    ['wait', (options) => wait([queue], options), WAIT],
    ['Barrier', (options) => new Barrier(1, options), ['action', 'timeout']],
    ['Value', (options) => new Value('int32', 0, options), ['lock']],
    ['SharedArray', (options) => new SharedArray('int32', 1, options), ['lock']],
    ['SharedMemory', (options) => new SharedMemory(options), ['name', 'create', 'size']],
    ['ShareableList', (options) => new ShareableList([1], options), ['name']],
    ['setStartMethod', (options) => setStartMethod('thread', options), ['force']],
  ];

  for (const [place, use, names] of places) {
    it(`of ${place} that do not exist are refused by name`, async () => {
      await assert.rejects(
        async () => use({ nonsense: 1 } as Options),
        (error: Error) => {
          assert.equal(error.name, 'TypeError');
          const [, first, listed = ''] = /^unknown option '(\w+)': there are (.*)$/.exec(error.message) ?? [];
          assert.equal(first, 'nonsense', error.message);
          assert.deepEqual(listed.split(', ').toSorted(), [...names].toSorted());
          return true;
        },
      );
    });

    it(`of ${place} are suggested where only letter case or underscores differ`, async () => {
      for (const name of names) {
        for (const other of [name.toUpperCase(), name.replace(/.$/, '_$&')]) {
          await assert.rejects(async () => use({ [other]: 1 } as Options), {
            name: 'TypeError',
            message: new RegExp(`^unknown option '${other}': did you mean ${name}\\? There are `),
          });
        }
      }
    });
  }

  it('that are undefined are as if they were not there', async () => {
    assert.equal(await pool.apply(double, [1], { timeout: undefined, chunkSize: undefined } as object), 2);
    assert.deepEqual(await pool.map(double, [1], { out: undefined, other: undefined } as object), [2]);
  });

  it('may be an object without a prototype, or of a class with methods', async () => {
    const bare = Object.assign(Object.create(null) as object, { chunksize: 1 });
    assert.deepEqual(await pool.map(double, [1], bare), [2]);
    class Limits {
      timeout = 10_000;
      get signal(): AbortSignal {
        return new AbortController().signal;
      }
      describe(): string {
        return `${this.timeout} ms`;
      }
    }
    assert.equal(await pool.apply(double, [1], new Limits()), 2);
    assert.equal(await pool.applyAsync(double, [1]).get(new Limits()), 2);
    assert.throws(() => pool.apply(double, [1], Object.create(null, { x: { value: 1, enumerable: true } }) as object), {
      message: /^unknown option 'x'/,
    });
  });

  it('are not refused for what others have added to all objects', async () => {
    const prototype = Object.prototype as { added?: number };
    prototype.added = 1;
    try {
      assert.equal(await pool.apply(double, [1], { timeout: 10_000 }), 2);
    } finally {
      delete prototype.added;
    }
  });

  it('are an object', () => {
    for (const options of [null, 5, 'chunksize', double]) {
      const error = { name: 'TypeError', message: /^options must be an object, got / };
      assert.throws(() => pool.apply(double, [1], options as Options), error);
      assert.throws(() => pool.applyAsync(double, [1], options as Options), error);
      assert.throws(() => pool.map(double, [1], options as Options), error);
      assert.throws(() => new Pool(1, options as Options), error);
    }
    assert.throws(() => pool.apply(double, [1], [5] as Options), { message: /^unknown option '0'/ });
  });

  it('resourceLimits of a pool are checked as those of a process', () => {
    assert.throws(() => new Pool(1, { resourceLimits: { maxOldGenerationSizeMB: 5 } as object }), {
      name: 'TypeError',
      message: /^unknown resource limit 'maxOldGenerationSizeMB': did you mean maxOldGenerationSizeMb\? There are /,
    });
  });
});
