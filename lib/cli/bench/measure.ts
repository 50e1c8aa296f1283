import { CommandError } from '../base/command.js';
import { drivers, type DriverName, type Figures } from '../child/driver.js';
import type { Outcome } from '../child/run.js';
import type { Progress } from './progress.js';

/** In all, in ms: a second less than what is promised, for what is before and after. */
const LONGEST = 19_000;

/** What one driver comes to, in a process that is given so many ms. */
export type Trial = (driver: DriverName, timeout: number) => Promise<Outcome<Figures>>;

/** Figures of one round through all drivers that this system has. */
export type Round = ReadonlyMap<DriverName, Figures>;

/**
 * Rounds through all drivers, so that slow drift meets all alike; as many as there is time for, and at least one. Only
 * whole rounds count.
 *
 * @throws {CommandError} when a driver fails
 */
export async function measure(most: number, trial: Trial, progress: Progress): Promise<Round[]> {
  const begin = performance.now();
  const spent = (): number => performance.now() - begin;
  const rounds: Round[] = [];
  while (rounds.length < most && spent() * (1 + 1 / Math.max(1, rounds.length)) < LONGEST) {
    const round = new Map<DriverName, Figures>();
    for (const driver of drivers) {
      const outcome = await trial(driver, Math.max(1, LONGEST - spent()));
      progress.step();
      if ('value' in outcome) round.set(driver, outcome.value);
      else if (outcome.failure.name === 'Late' && rounds.length > 0) return rounds;
      else if (outcome.failure.name !== 'Unavailable') throw failed(driver, outcome.failure.message);
    }
    rounds.push(round);
  }
  return rounds;
}

function failed(driver: DriverName, message: string): CommandError {
  const who = driver === 'yardstick' ? 'Bare workers' : `A pool of ${driver === 'thread' ? 'threads' : 'processes'}`;
  return new CommandError(`${who} could not be measured: ${message.trim()}\nTry: allcores doctor`);
}
