// Compiled, never run: memory that has a name.
import { ShareableList, SharedMemory, type ShareableValue, type SharedMemoryError } from 'allcores';
import { expectType, type Equal } from './equal.js';

export function memory(name: string): void {
  using created = new SharedMemory({ create: true, size: 10, name: undefined });
  const { buf, size, closed } = created;
  expectType<Equal<typeof buf, Uint8Array<ArrayBuffer>>>();
  expectType<Equal<typeof size, number>>();
  expectType<Equal<typeof closed, boolean>>();
  void new SharedMemory({ name, size: 5, create: false });
  // @ts-expect-error what is created has a size
  void new SharedMemory({ create: true });
  // @ts-expect-error there is nothing to attach to
  void new SharedMemory({ size: 10 });
  // @ts-expect-error it is what it was created with
  created.size = 5;
  // @ts-expect-error the memory cannot be exchanged
  created.buf = new Uint8Array(1);
}

export function codeOf(error: SharedMemoryError): string {
  return error.code;
}

export function lists(name: string): void {
  using mixed = new ShareableList(['howdy', 1, 2n, true, null, new Uint8Array(1)]);
  const element = mixed.at(0);
  expectType<Equal<typeof element, ShareableValue | undefined>>();
  mixed.set(1, 'of another type');
  const numbers = new ShareableList<number>([1, 2]);
  const [all, memoryOfIt] = [[...numbers], numbers.shm];
  expectType<Equal<typeof all, number[]>>();
  expectType<Equal<typeof memoryOfIt, SharedMemory>>();
  void new ShareableList<string>(undefined, { name });
  void new ShareableList<string>(null, { name });
  void new ShareableList(mixed);
  // @ts-expect-error declared to hold numbers
  numbers.set(0, 'text');
  // @ts-expect-error objects do not fit
  void new ShareableList([{}]);
  // @ts-expect-error nor do other typed arrays
  void new ShareableList([new Float64Array(1)]);
}
