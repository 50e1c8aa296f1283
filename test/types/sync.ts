// Compiled, never run: what synchronizes, and numbers in shared memory.
import {
  Barrier,
  type BoundedSemaphore,
  Condition,
  type Event,
  type Hold,
  Lock,
  RLock,
  Semaphore,
  SharedArray,
  Value,
  type BarrierOptions,
  type SyncWaitOptions,
} from 'allcores';
import { expectType, type Equal } from './equal.js';

export async function acquires(each: Lock | RLock | Semaphore | BoundedSemaphore | Condition): Promise<void> {
  const options: SyncWaitOptions = { timeout: 5, signal: new AbortController().signal };
  const [later, now] = [each.acquire(options), each.acquireSync({ timeout: undefined })];
  expectType<Equal<typeof later, Promise<boolean>>>();
  expectType<Equal<typeof now, boolean>>();
  const held = await each.hold(options);
  expectType<Equal<typeof held, Hold>>();
  const scoped: Disposable & AsyncDisposable = each.holdSync();
  void scoped;
  const [plain, promised] = [each.withLock(() => 'text'), each.withLock(async () => 5n, options)];
  expectType<Equal<typeof plain, Promise<string>>>();
  expectType<Equal<typeof promised, Promise<bigint>>>();
  const { recovered } = each;
  expectType<Equal<typeof recovered, boolean>>();
  // @ts-expect-error it only tells
  each.recovered = false;
  // @ts-expect-error a lock has no number of permits
  void new Lock().value;
  new Semaphore(2).release(2);
  // @ts-expect-error a lock is released once
  new Lock().release(2);
}

export function waits(changed: Condition, event: Event, barrier: Barrier): void {
  const { lock } = changed;
  expectType<Equal<typeof lock, Lock | RLock>>();
  const waited = [changed.wait(), event.wait({ timeout: 1 })];
  expectType<Equal<typeof waited, Promise<boolean>[]>>();
  const blocked = [changed.waitSync(), event.waitSync(), event.isSet()];
  expectType<Equal<typeof blocked, boolean[]>>();
  const [found, foundLater] = [changed.waitForSync(() => 'x' as const), changed.waitFor(async () => 3)];
  expectType<Equal<typeof found, 'x'>>();
  expectType<Equal<typeof foundLater, Promise<number>>>();
  const [index, indexNow] = [barrier.wait(), barrier.waitSync()];
  expectType<Equal<typeof index, Promise<number>>>();
  expectType<Equal<typeof indexNow, number>>();
  const options: BarrierOptions = { action: async () => 5, timeout: 10 };
  void new Barrier(2, options);
  // @ts-expect-error a semaphore is no lock of a condition
  void new Condition(new Semaphore());
  // @ts-expect-error nobody knows what the action should be given
  void new Barrier(2, { action: (x: number) => x });
}

export function counts(): void {
  const [integer, big, float] = [new Value('i', 5), new Value('uint64', 5n), new Value('float32')];
  expectType<Equal<typeof integer.value, number>>();
  expectType<Equal<typeof integer.dtype, 'int32'>>();
  expectType<Equal<typeof big.value, bigint>>();
  const before = [big.add(1n), big.exchange(2n), big.compareExchange(2n, 3n)];
  expectType<Equal<typeof before, bigint[]>>();
  const sum = float.sub(0.5);
  expectType<Equal<typeof sum, number>>();
  const lock = integer.getLock();
  expectType<Equal<typeof lock, Lock | RLock>>();
  void new Value('i', 5, { lock: false });
  void new Value('q', 5);
  // @ts-expect-error 32 bits are numbers
  void new Value('i', 5n);
  // @ts-expect-error no such type
  void new Value('c');

  const array = new SharedArray('h', [1, 2], { lock: new RLock() });
  expectType<Equal<typeof array.view, Int16Array<ArrayBuffer>>>();
  const element = new SharedArray('L', 3).at(0);
  expectType<Equal<typeof element, bigint | undefined>>();
}
