// What `run.ts` starts: does one job and tells what came of it. The jobs are loaded within, since that loads the addon.
import type { Outcome } from './run.js';

async function work(name: string, input: unknown): Promise<Outcome<unknown>> {
  try {
    const { jobs } = await import('./jobs.js');
    const job = jobs[name as keyof typeof jobs] as (input: unknown) => unknown;
    return { value: await job(input) };
  } catch (error) {
    if (!(error instanceof Error)) return { failure: { message: String(error) } };
    const { name: type, message, code } = error as NodeJS.ErrnoException;
    return { failure: { name: type, message, ...(code === undefined ? {} : { code }) } };
  }
}

const [, , name = '', input = 'null'] = process.argv;
process.send!(await work(name, JSON.parse(input)));
