import assert from 'node:assert/strict';
import { activeChildren, currentProcess, Process, SharedArray } from 'allcores';

let made = 0;

class Adder extends Process {
  readonly out: SharedArray<'float64'>;
  readonly terms: number[];

  constructor(out: SharedArray<'float64'>, terms: number[]) {
    super({ name: 'adder' });
    made++;
    this.out = out;
    this.terms = terms;
  }

  override run(): unknown {
    this.out.set(0, this.sum());
    this.out.set(1, made);
    return undefined;
  }

  sum(): number {
    return this.terms.reduce((sum, term) => sum + term, 0);
  }
}

class Slow extends Adder {
  override async run(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 10));
    super.run();
    this.out.set(2, 1);
  }
}

class Introspective extends Process {
  readonly out: SharedArray<'float64'>;

  constructor(out: SharedArray<'float64'>) {
    super({ daemon: true });
    this.out = out;
  }

  override run(): void {
    const { out } = this;
    const refused = (fn: () => unknown, expected: RegExp): boolean => {
      try {
        fn();
        return false;
      } catch (error) {
        return expected.test(String(error));
      }
    };
    const name = currentProcess().name === this.name;
    this.name = 'renamed';
    const facts = [
      name && currentProcess().name === 'renamed',
      this.pid === currentProcess().pid,
      this.daemon && currentProcess().daemon,
      this.isAlive() && this.exitCode === null,
      this instanceof Introspective && this instanceof Process,
      refused(() => this.start(), /cannot start a process twice/),
      refused(() => this.joinSync(), /cannot join the current process/),
      refused(() => this.terminate(), /cannot terminate the current process/),
      refused(() => this.close(), /cannot close a process while it is still running/),
    ];
    facts.forEach((fact, i) => out.set(i, Number(fact)));
  }
}

class Targeted extends Process {
  before = 0;

  override run(): unknown {
    this.before = 1;
    return super.run();
  }
}

describe('a subclass of Process', () => {
  it('runs its own run, with its fields and methods, without its constructor', async () => {
    made = 0;
    const out = new SharedArray('float64', 3);
    const process = new Adder(out, [1, 2, 3]);
    assert.equal(made, 1);
    process.start();
    assert.deepEqual(activeChildren(), [process]);
    await process.join();
    assert.deepEqual([process.name, process.exitCode, [...out]], ['adder', 0, [6, 0, 0]]);
  });

  it('may be a subclass of a subclass, and asynchronous', async () => {
    const out = new SharedArray('float64', 3);
    await new Slow(out, [4, 5]).start().join();
    assert.deepEqual([out.at(0), out.at(2)], [9, 1]);
  });

  it('is, inside of run, the process that it runs in', async () => {
    const out = new SharedArray('float64', 9);
    const process = new Introspective(out).start();
    await process.join();
    assert.deepEqual([...out], Array(9).fill(1));
    assert.equal(process.exitCode, 0);
  });

  it('calls its target by super.run()', async () => {
    const target = (): never => globalThis.process.exit(6);
    const process = new Targeted({ target });
    process.start();
    await process.join();
    assert.equal(process.exitCode, 6);
  });

  it('travels at start: what cannot is an error there', () => {
    const local = made + 1;
    class Local extends Process {
      override run(): unknown {
        return local;
      }
    }
    assert.throws(() => new Local().start(), { name: 'FunctionTransportError', message: /class "Local".*"local"/ });
    class WithSymbol extends Process {
      readonly bad = Symbol('bad');
    }
    assert.throws(() => new WithSymbol().start(), { name: 'SerializationError', path: 'this.bad' });
    assert.deepEqual(activeChildren(), []);
  });

  it('run may be called without a process', () => {
    const out = new SharedArray('float64', 3);
    new Adder(out, [1, 1]).run();
    assert.equal(out.at(0), 2);
    assert.equal(new Process({ target: (x: number) => x + 1, args: [1] }).run(), 2);
  });
});
