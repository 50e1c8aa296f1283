import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import {
  getContext,
  Lock,
  Pool,
  SharedArray,
  SharedMemory,
  TaskTimeoutError,
  Value,
  WorkerCrashedError,
} from 'allcores';
import { native } from '../../binding/native.js';
import { noProcesses, Unavailable } from './unavailable.js';

function processes(): typeof Pool {
  if (!native.processesAvailable) throw noProcesses();
  return getContext('process').Pool;
}

async function withPool(pool: Pool, work: (pool: Pool) => Promise<void>): Promise<void> {
  try {
    await work(pool);
  } finally {
    await pool.terminate();
  }
}

const square = (x: number): number => x * x;
const numbers = Array.from({ length: 100 }, (_, i) => i);

/** Travels with the import that it uses. */
function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function incrementUnderLock(lock: Lock, value: Value<'int32'>, times: number): void {
  for (let i = 0; i < times; i++) {
    lock.acquireSync();
    value.value += 1; // reads and writes apart: wrong without the lock
    lock.release();
  }
}

/** Its loading is the whole check: it is among the imports. */
export function addon(): void {
  assert.ok(native.cpuCount() >= 1);
}

export function threads(): Promise<void> {
  return withPool(new Pool(2), async (pool) => assert.deepEqual(await pool.map(square, numbers), numbers.map(square)));
}

export function travel(): Promise<void> {
  return withPool(new Pool(1), async (pool) => assert.equal(await pool.apply(digest, ['abc']), digest('abc')));
}

export function workers(): Promise<void> {
  const ProcessPool = processes();
  return withPool(new ProcessPool(2), async (pool) => {
    assert.deepEqual(await pool.map(square, numbers), numbers.map(square));
    assert.notEqual(await pool.apply(() => process.pid), process.pid);
  });
}

export function named(): void {
  const memory = create(2 ** 20);
  try {
    const other = new SharedMemory({ name: memory.name });
    memory.buf.fill(42);
    assert.ok(other.buf.every((byte) => byte === 42));
    other.close();
  } finally {
    memory.close();
    memory.unlink();
  }
  assert.throws(() => new SharedMemory({ name: memory.name }), { code: 'ENOENT' }, 'the name is still there');
}

function create(size: number): SharedMemory {
  try {
    return new SharedMemory({ create: true, size });
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOSYS';
    throw missing ? new Unavailable(`there is no named memory on ${process.platform}`) : error;
  }
}

export function locks(): Promise<void> {
  const ProcessPool = processes();
  const [lock, value] = [new Lock(), new Value('int32', 0)];
  return withPool(new ProcessPool(2), async (pool) => {
    await Promise.all([1, 2].map(() => pool.apply(incrementUnderLock, [lock, value, 2000])));
    assert.equal(value.value, 4000);
  });
}

export async function kernels(): Promise<void> {
  const length = 1_000_000;
  const vector = new SharedArray('float64', length).fill(1);
  assert.equal(await (await vector.prefixSum()).sum(), (length * (length + 1)) / 2);
}

export function crash(): Promise<void> {
  const ProcessPool = processes();
  return withPool(new ProcessPool(1), async (pool) => {
    await assert.rejects(
      pool.apply(() => process.kill(process.pid, 'SIGKILL')),
      WorkerCrashedError,
    );
    assert.equal(await pool.apply(square, [7]), 49);
  });
}

export function cancel(): Promise<void> {
  const forever = (): never => {
    for (;;);
  };
  return withPool(new Pool(1), async (pool) => {
    await assert.rejects(pool.apply(forever, [], { timeout: 50 }), TaskTimeoutError);
    assert.equal(await pool.apply(square, [7]), 49);
  });
}
