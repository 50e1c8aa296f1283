import assert from 'node:assert/strict';
import { Lock, Process, RLock, SharedArray, Value, type DType, type TypeCode } from 'allcores';

type Sequence = SharedArray<'i'>;

function assignSecond(values: readonly Value<DType>[], seconds: readonly (number | bigint)[]): void {
  values.forEach((value, i) => (value.value = seconds[i] as number));
}

function sumUp(array: Sequence): void {
  for (let i = 1; i < array.length; i++) array.set(i, array.at(i)! + array.at(i - 1)!);
}

const CASES: readonly [TypeCode, first: number | bigint, second: number | bigint][] = [
  ['i', 4343, 24_234],
  ['d', 3.625, -4.25],
  ['h', -232, 234],
  ['q', 2n ** 33n, 2n ** 34n],
];

/** Values as they are made, and after a process has assigned others. */
async function exchangeValues(lock: boolean): Promise<void> {
  const values = CASES.map(([code, first]) => new Value(code, first as never, { lock }));
  assert.deepEqual(
    values.map((each) => each.value),
    CASES.map(([, first]) => first),
  );
  const seconds = CASES.map(([, , second]) => second);
  const process = new Process({ target: assignSecond, args: [values as never, seconds], daemon: true }).start();
  await process.join();
  assert.deepEqual(
    values.map((each) => each.value),
    seconds,
  );
}

async function exchangeArray(lock: boolean): Promise<void> {
  const numbers = [680, 626, 934, 821, 150, 233, 548, 982, 714, 831];
  const array = new SharedArray('i', numbers, { lock });
  assert.equal(array.length, numbers.length);
  assert.equal(array.at(3), numbers[3]);
  assert.deepEqual(array.slice(2, 7), Int32Array.from(numbers.slice(2, 7)));
  array.view.set([1, 2, 3, 4], 4);
  numbers.splice(4, 4, 1, 2, 3, 4);
  assert.deepEqual([...array], numbers);
  await new Process({ target: sumUp, args: [array], daemon: true }).start().join();
  let sum = 0;
  assert.deepEqual(
    [...array],
    numbers.map((number) => (sum += number)),
  );
}

/** Which lock belongs to what was made with each option. */
function checkLocks(make: (lock?: boolean | Lock | RLock) => { getLock(): Lock | RLock }): void {
  assert.ok(make().getLock() instanceof RLock);
  assert.ok(make(true).getLock() instanceof RLock);
  const lock = new Lock();
  assert.equal(make(lock).getLock(), lock);
  assert.throws(() => make(false).getLock(), { name: 'ProcessError' });
  assert.throws(() => make('notalock' as never), { name: 'TypeError' });
}

describe('as Python: Value and Array', () => {
  it('values are read and assigned by processes', () => exchangeValues(true));
  it('values without a lock, too', () => exchangeValues(false));
  it('a value has the lock that it was made with', () => checkLocks((lock) => new Value('i', 5, { lock })));

  it('an array is read, sliced and changed by processes', () => exchangeArray(true));
  it('an array without a lock, too', () => exchangeArray(false));
  it('an array has the lock that it was made with', () => checkLocks((lock) => new SharedArray('i', 5, { lock })));

  it('an array of a size is all zero, also where memory was used before', () => {
    for (let round = 0; round < 3; round++) {
      const array = new SharedArray('i', 10);
      assert.deepEqual([...array], Array(10).fill(0));
      array.fill(42 + round);
    }
  });
});
