/** The benchmark's entry: trials of every driver at every workload, then the table, the JSON and the chart. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Driver } from './drivers/driver.js';
import { driverId, drivers } from './drivers/index.js';
import { toSvg } from './report/chart.js';
import { toMarkdown } from './report/markdown.js';
import { makeReport, type Report } from './report/report.js';
import { help, OptionError, parseOptions, type Options } from './runner/options.js';
import { entriesOf, runTrials } from './runner/schedule.js';
import { measure } from './runner/spawn.js';
import { failuresOf, summarize } from './runner/summary.js';
import { workloads } from './workloads/index.js';

const log = (line: string): boolean => process.stderr.write(`${line}\n`);

/** Why a driver cannot take part on this machine; undefined when it can. */
async function obstacle(driver: Driver, quick: boolean): Promise<string | undefined> {
  if ('command' in driver) {
    try {
      driver.prepare();
      return undefined;
    } catch (error) {
      return (error as Error).message;
    }
  }
  const variant = driver.variants('latency')[0]!;
  const outcome = await measure(driver, { driver: driverId(driver), workload: 'probe', variant, quick }, 15_000);
  return outcome.error?.split('\n')[0];
}

async function run(options: Options): Promise<Report> {
  const start = performance.now();
  const available: Driver[] = [];
  const unavailable: { name: string; reason: string }[] = [];
  for (const driver of drivers.filter((each) => options.drivers.includes(driverId(each)))) {
    const reason = await obstacle(driver, options.quick);
    if (reason === undefined) {
      available.push(driver);
    } else {
      unavailable.push({ name: driver.name, reason });
      log(`${driver.name} is left out: ${reason}`);
    }
  }
  const selected = workloads.filter((workload) => options.workloads.includes(workload.id));
  const entries = entriesOf(available, selected, options.quick);
  const noise = await runTrials({ entries, trials: options.trials, quick: options.quick, log });
  const taking = available.filter((driver) => entries.some((entry) => entry.driver === driver));
  const seconds = (performance.now() - start) / 1000;
  const lines = summarize(entries, selected);
  return makeReport({ options, seconds, noise, drivers: taking, unavailable, lines, failures: failuresOf(entries) });
}

function write(report: Report, directory: string): string {
  const markdown = toMarkdown(report);
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'results.md'), markdown);
  writeFileSync(join(directory, 'results.json'), `${JSON.stringify(report, null, 2)}\n`);
  writeFileSync(join(directory, 'chart.svg'), toSvg(report));
  return markdown;
}

try {
  const options = parseOptions(process.argv.slice(2));
  if (options) {
    const report = await run(options);
    process.stdout.write(`\n${write(report, options.out)}\n`);
    log(`Written to ${relative(process.cwd(), options.out) || '.'}: results.md, results.json, chart.svg`);
  } else {
    process.stdout.write(help);
  }
} catch (error) {
  if (!(error instanceof OptionError)) throw error;
  process.stderr.write(`${error.message}\nTry --help.\n`);
  process.exitCode = 2;
}
