import type { WorkerKind } from '../drivers/driver.js';
import type { Line } from '../runner/summary.js';
import { formatRatio, formatValue } from './format.js';
import type { Report } from './report.js';

function table(header: string[], rows: string[][]): string {
  const widths = header.map((cell, i) => Math.max(cell.length, ...rows.map((row) => row[i]!.length)));
  const line = (cells: string[]): string => `| ${cells.map((cell, i) => cell.padEnd(widths[i]!)).join(' | ')} |`;
  return [line(header), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

function rowOf(line: Line, columns: readonly string[]): string[] {
  const { metric, title, unit } = line.row;
  const values = columns.map((driver) => {
    const value = line.cells.find((cell) => cell.driver === driver)?.metrics[metric];
    if (value === undefined) return '';
    return driver === line.best?.driver ? `**${formatValue(value, unit)}**` : formatValue(value, unit);
  });
  return [
    title,
    ...values,
    line.ratio === undefined ? '' : formatRatio(line.ratio),
    line.goal ?? '',
    line.goal === undefined ? '' : line.met === undefined ? '?' : line.met ? 'yes' : '**no**',
  ];
}

/** The rows of one kind of workers, with the columns that say something there. */
function tableOf(report: Report, workers: WorkerKind | undefined): string | undefined {
  const lines = report.lines.filter((line) => line.workers === workers);
  if (lines.length === 0) return undefined;
  const columns = report.drivers
    .map(({ name }) => name)
    .filter((name) => lines.some(({ cells }) => cells.some(({ driver }) => driver === name)));
  return table(
    ['Workload', ...columns, 'to best peer', 'goal', 'met'],
    lines.map((line) => rowOf(line, columns)),
  );
}

function noiseText({ noise, machine }: Report): string {
  const repeats = `${noise.repeated} trials repeated, ${noise.disturbed} still disturbed, ${noise.waitedSeconds.toFixed(0)} s waited for a quiet machine${noise.skipped > 0 ? `, ${noise.skipped} trials left out at the time limit` : ''}.`;
  if (noise.medianCores === undefined) return `Machine noise: this system does not tell. ${repeats}`;
  const share = (cores: number): string => `${(cores * 100).toFixed(0)} % of a core`;
  return `Machine noise: other programs used ${share(noise.medianCores)} at the median trial, ${share(noise.worstCores!)} at the worst (${machine.cores} cores). ${repeats}`;
}

/** What was chosen for each driver: fixed settings, then the variant that won, by workload. */
function settingsText(report: Report): string {
  return report.drivers
    .map(({ name, settings }) => {
      const byVariant = new Map<string, string[]>();
      for (const line of report.lines) {
        const variant = line.cells.find((cell) => cell.driver === name)?.variant;
        if (variant === undefined) continue;
        const ids = byVariant.get(variant) ?? [];
        if (!ids.includes(line.workload)) ids.push(line.workload);
        byVariant.set(variant, ids);
      }
      const chosen = [...byVariant].map(([variant, ids]) => `${variant} (${ids.join(', ')})`);
      return `- **${name}**: ${settings}. ${chosen.join('; ')}`;
    })
    .join('\n');
}

export function toMarkdown(report: Report): string {
  const { machine } = report;
  const [threads, processes] = [tableOf(report, undefined), tableOf(report, 'processes')];
  const trials = report.trials === 1 ? 'one trial each' : `medians of ${report.trials} trials`;
  const parts = [
    '# Benchmark results',
    `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGB} GB, ${machine.os}, Node ${report.node}, ${report.date}. ` +
      `${trials[0]!.toUpperCase()}${trials.slice(1)}${report.quick ? ', quick' : ''}, a process per trial; ${report.seconds.toFixed(0)} s in all.`,
    noiseText(report),
    ...(threads === undefined ? [] : [threads]),
    ...(processes === undefined ? [] : ['## Process workers', processes]),
    'The best peer is in bold; "to best peer" is how many times better `allcores` is. What is written by hand with `postMessage` counts as a peer in the rows of maps and queues alone, Python in those of locks, dicts, lists and values, where there is no other.',
    '## Settings',
    settingsText(report),
  ];
  if (report.unavailable.length > 0) {
    parts.push('## Not measured', report.unavailable.map(({ name, reason }) => `- **${name}**: ${reason}`).join('\n'));
  }
  if (report.failures.length > 0) {
    parts.push(
      '## Failed trials',
      report.failures
        .map(({ driver, workload, variant, error }) => `- ${driver}, ${workload} (${variant}): ${error.split('\n')[0]}`)
        .join('\n'),
    );
  }
  return `${parts.join('\n\n')}\n`;
}
