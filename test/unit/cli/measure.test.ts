import assert from 'node:assert/strict';
import { CommandError } from '#lib/cli/base/command.js';
import { measure, type Round } from '#lib/cli/bench/measure.js';
import type { DriverName, Figures } from '#lib/cli/child/driver.js';
import type { Failure, Outcome } from '#lib/cli/child/run.js';

const figures: Figures = { inFlight: 1, p50: 1, p99: 1, map: 1, transfer: 1, sum: 1 };

describe('rounds of the benchmark', () => {
  /** Of trials that each give figures, unless a failure is said for the driver and the round, from 1 on. */
  function rounds(most: number, failureOf: (driver: DriverName, round: number) => Failure | undefined) {
    const asked: DriverName[] = [];
    const trial = (driver: DriverName): Promise<Outcome<Figures>> => {
      asked.push(driver);
      const failure = failureOf(driver, asked.filter((name) => name === driver).length);
      return Promise.resolve(failure === undefined ? { value: figures } : { failure });
    };
    return measure(most, trial, { step() {}, end() {} });
  }

  const driversOf = (all: readonly Round[]): DriverName[][] => all.map((round) => [...round.keys()]);
  const WHOLE = ['thread', 'process', 'yardstick'];

  it('go through all drivers', async () => {
    assert.deepEqual(driversOf(await rounds(2, () => undefined)), [WHOLE, WHOLE]);
  });

  it('end with the last whole one when the next takes too long', async () => {
    for (const late of WHOLE) {
      const measured = await rounds(5, (driver, round) =>
        driver === late && round === 3 ? { name: 'Late', message: 'was not over after 2 s' } : undefined,
      );
      assert.deepEqual(driversOf(measured), [WHOLE, WHOLE]);
    }
  });

  it('fail when there is no whole one, or when a driver fails', async () => {
    const late = rounds(5, () => ({ name: 'Late', message: 'was not over after 19 s' }));
    await assert.rejects(
      late,
      new CommandError('A pool of threads could not be measured: was not over after 19 s\nTry: allcores doctor'),
    );
    const crash = rounds(5, (driver, round) =>
      driver === 'yardstick' && round === 2 ? { name: 'Crash', message: 'was killed by SIGSEGV' } : undefined,
    );
    await assert.rejects(crash, /^Error: Bare workers could not be measured: was killed by SIGSEGV\n/);
  });

  it('leave out what this system does not have', async () => {
    const measured = await rounds(2, (driver) =>
      driver === 'process' ? { name: 'Unavailable', message: 'there are no process workers on win32' } : undefined,
    );
    assert.deepEqual(driversOf(measured), [
      ['thread', 'yardstick'],
      ['thread', 'yardstick'],
    ]);
  });
});
