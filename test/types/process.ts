// Compiled, never run: what a Process and a context take and give.
import { activeChildren, getContext, Process, type ExitInfo, type SharedArray } from 'allcores';
import { expectType, type Equal } from './equal.js';

declare function greet(name: string, times?: number): void;

class Named extends Process {
  readonly count: number;

  constructor(count: number) {
    super({ name: 'named' });
    this.count = count;
  }

  override async run(): Promise<void> {
    await Promise.resolve(this.count);
  }
}

export function argumentsAreThoseOfTheTarget(array: SharedArray<'int32'>): void {
  new Process({ target: greet, args: ['x'] }).start();
  new Process({ target: greet, args: ['x', 2] }).start();
  new Process({ target: async (of: SharedArray<'int32'>) => of.length, args: [array] }).start();
  new Process({ name: 'idle', daemon: true }).start();
  // @ts-expect-error a number is no name
  new Process({ target: greet, args: [1] }).start();
  // @ts-expect-error there are no other options
  new Process({ target: greet, args: ['x'], kwargs: {} }).start();
  // @ts-expect-error whether it ends with its parent is yes or no
  new Process({ daemon: 'yes' }).start();
}

export function everyProcessIsAProcess(): Process[] {
  const { Process: Bound } = getContext('thread');
  const several = ['a', 'b'].map((name) => new Process({ target: greet, args: [name] }));
  return [...activeChildren(), ...several, new Named(1).start(), new Bound({ target: greet, args: ['x'] })];
}

export function resultsAreKnown(process: Process): void {
  const joined = process.join({ timeout: 1 });
  expectType<Equal<typeof joined, Promise<boolean>>>();
  const { exitCode, exited } = process;
  expectType<Equal<typeof exitCode, number | null>>();
  expectType<Equal<typeof exited, Promise<ExitInfo>>>();
  // @ts-expect-error there is no such start method
  getContext('fork');
}
