/** Sums the measurements up by package and prints them. */
import { packageNames } from './files.mjs';

/** Packages shown in the table, before the rest is drawn together. */
const SHOWN = 15;

const COLUMNS = ['package', 'files', 'not parsed', 'bytes', 'AST nodes', 'complexity'];

const emptyRow = (name) => ({ name, files: 0, unparsed: 0, bytes: 0, nodes: 0, complexity: 0 });

function add(row, other) {
  for (const key of ['files', 'unparsed', 'bytes', 'nodes', 'complexity']) row[key] += other[key];
}

/**
 * @param files paths
 * @param measures for each file `[bytes, nodes, complexity]`; no nodes: it could not be parsed
 */
export function summarize(files, measures) {
  const packageOf = packageNames();
  const packages = new Map();
  const total = emptyRow('total');
  const unparsed = [];
  for (const [index, file] of files.entries()) {
    const [bytes, nodes, complexity] = measures[index];
    const name = packageOf(file);
    if (!packages.has(name)) packages.set(name, emptyRow(name));
    const row = { files: 1, unparsed: nodes === 0 ? 1 : 0, bytes, nodes, complexity };
    add(packages.get(name), row);
    add(total, row);
    if (nodes === 0) unparsed.push(file);
  }
  const bySize = [...packages.values()].sort((a, b) => b.bytes - a.bytes || (a.name < b.name ? -1 : 1));
  return { packages: bySize, total, unparsed: unparsed.sort() };
}

/** The table of the largest packages, with the rest and the total as last lines. */
export function table({ packages, total }) {
  const rows = packages.slice(0, SHOWN);
  const rest = emptyRow(`${packages.length - SHOWN} more`);
  for (const row of packages.slice(SHOWN)) add(rest, row);
  if (rest.files > 0) rows.push(rest);

  const cells = [...rows, total].map(({ name, ...numbers }) => [name, ...Object.values(numbers).map(grouped)]);
  const widths = COLUMNS.map((title, column) => Math.max(title.length, ...cells.map((row) => row[column].length)));
  const line = (row) =>
    row
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i])))
      .join('  ')
      .trimEnd();
  const rule = widths.map((width) => '-'.repeat(width)).join('  ');
  return [line(COLUMNS), rule, ...cells.slice(0, -1).map(line), rule, line(cells.at(-1))].join('\n');
}

/** One line: what all cores, one core and no pool at all took, and how they compare. */
export function comparison({ allCores, oneCore, noPool, workers }) {
  const seconds = (ms) => `${(ms / 1000).toFixed(2)} s`;
  const ratio = (ms) => `${(ms / allCores).toFixed(2)}x`;
  return (
    `all cores (${workers}): ${seconds(allCores)}; one core: ${seconds(oneCore)} (${ratio(oneCore)}); ` +
    `no pool: ${seconds(noPool)} (${ratio(noPool)})`
  );
}

const grouped = (number) => number.toLocaleString('en-US');
