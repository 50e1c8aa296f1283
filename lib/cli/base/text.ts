import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

/** Styled, if stdout is a terminal that shows it. */
export function styled(style: Style, text: string): string {
  return styleText(style, text, { stream: process.stdout });
}

/** Rows of cells in columns as wide as their longest cell. The columns in `right` are flush right. */
export function columns(rows: readonly (readonly string[])[], right: readonly number[] = []): string[] {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, i) => (widths[i] = Math.max(widths[i] ?? 0, cell.length)));
  return rows.map((row) =>
    row
      .map((cell, i) => (right.includes(i) ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
      .join('  ')
      .trimEnd(),
  );
}

const BINARY = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

export function bytes(count: number): string {
  let power = 0;
  while (count / 1024 ** power >= 1024 && power < BINARY.length - 1) power++;
  return `${significant(count / 1024 ** power)} ${BINARY[power]}`;
}

const DECIMAL = ['', 'k', 'M', 'G', 'T'];

/** A rate with a prefix of the metric system: `3.12 M/s`. */
export function rate(perSecond: number, unit = ''): string {
  let power = 0;
  while (perSecond / 1000 ** power >= 1000 && power < DECIMAL.length - 1) power++;
  return `${significant(perSecond / 1000 ** power)} ${DECIMAL[power]}${unit}/s`;
}

/** Three digits that count, without an exponent. */
export function significant(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return String(value);
  const decimals = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value >= 1000 ? value.toFixed(0) : String(Number(value.toFixed(Math.min(decimals, 6))));
}

const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** A bar of `part` of `width` cells, exact to an eighth of a cell; never empty. */
export function bar(part: number, width: number): string {
  const eighths = Math.max(1, Math.round(Math.min(1, part) * width * 8));
  return '█'.repeat(Math.floor(eighths / 8)) + EIGHTHS[eighths % 8];
}
