import { advantage } from './goal.js';
import { formatRatio, formatValue } from './format.js';
import type { Report } from './report.js';
import type { Line } from '../runner/summary.js';

const width = 960;
const labels = 130;
const figures = 150;
const plot = width - labels - figures;
const bar = 14;
const step = 18;
const titleHeight = 26;
const groupGap = 14;

const style = `
  svg { font: 12px system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif; }
  .page { fill: #ffffff; } .text { fill: #1f2328; } .dim { fill: #59636e; } .grid { stroke: #d8dee4; } .one { stroke: #818b98; }
  .ours { fill: #0969da; } .peer { fill: #9aa5b1; } .by-hand { fill: #b7c0c9; } .baseline { fill: #d3b168; }
  @media (prefers-color-scheme: dark) {
    .page { fill: #0d1117; } .text { fill: #e6edf3; } .dim { fill: #9198a1; } .grid { stroke: #262c34; } .one { stroke: #6e7681; }
    .ours { fill: #58a6ff; } .peer { fill: #6b7580; } .by-hand { fill: #4d565f; } .baseline { fill: #a5822f; }
  }`;

const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Text that starts at x, on a patch of the page's colour that keeps the grid out of it. */
function label(x: number, y: number, text: string, bold: boolean): string {
  const patch = text.length * (bold ? 7.4 : 6.8);
  return `<rect class="page" x="${x.toFixed(1)}" y="${y - 11}" width="${patch.toFixed(0)}" height="14"/>
<text class="text" x="${x.toFixed(1)}" y="${y}"${bold ? ' font-weight="600"' : ''}>${escape(text)}</text>`;
}

interface Bar {
  readonly driver: string;
  readonly kind: string;
  readonly value: number;
  /** How many times better than the best peer. */
  readonly ratio: number;
}

function barsOf({ row, cells, best }: Line): Bar[] {
  if (!best) return [];
  return cells.flatMap(({ driver, kind, metrics }) => {
    const value = metrics[row.metric];
    const ratio = value === undefined ? NaN : advantage(row.better, value, best.value);
    return value !== undefined && Number.isFinite(ratio) && ratio > 0 ? [{ driver, kind, value, ratio }] : [];
  });
}

/**
 * Grouped bars on one logarithmic axis: every figure as a multiple of its row's best peer, so that rows of any unit stand
 * beside each other and longer is always better; the figure itself is written at the bar.
 */
export function toSvg(report: Pick<Report, 'lines'>): string {
  // One group a workload: its first row is what it is about.
  const seen = new Set<string>();
  const groups = report.lines
    .filter(({ workload }) => !seen.has(workload) && seen.add(workload))
    .map((line) => ({ line, bars: barsOf(line) }))
    .filter(({ bars }) => bars.length > 1);
  const ratios = groups.flatMap(({ bars }) => bars.map(({ ratio }) => ratio));
  const low = Math.floor(Math.log10(Math.min(0.1, ...ratios)));
  const high = Math.ceil(Math.log10(Math.max(10, ...ratios)));
  const x = (ratio: number): number => labels + (plot * (Math.log10(ratio) - low)) / (high - low);

  const top = 64;
  const body: string[] = [];
  let y = top;
  for (const { line, bars } of groups) {
    body.push(label(labels, y + 15, line.row.title, true));
    y += titleHeight;
    for (const { driver, kind, value, ratio } of bars) {
      const end = x(ratio);
      const weight = kind === 'ours' ? ' font-weight="600"' : '';
      const figure = `${formatValue(value, line.row.unit)}${kind === 'ours' ? `, ${formatRatio(ratio)}` : ''}`;
      body.push(
        `<text class="text" x="${labels - 8}" y="${y + 11}" text-anchor="end"${weight}>${escape(driver)}</text>`,
        `<rect class="${kind}" x="${labels}" y="${y}" width="${Math.max(1, end - labels).toFixed(1)}" height="${bar}" rx="2"/>`,
        label(Math.max(end, labels) + 6, y + 11, figure, kind === 'ours'),
      );
      y += step;
    }
    y += groupGap;
  }

  const grid: string[] = [];
  for (let power = low; power <= high; power++) {
    const at = x(10 ** power).toFixed(1);
    grid.push(
      `<line class="${power === 0 ? 'one' : 'grid'}" x1="${at}" x2="${at}" y1="${top - 6}" y2="${y}"/>`,
      `<text class="dim" x="${at}" y="${top - 12}" text-anchor="middle">${escape(formatRatio(10 ** power))}</text>`,
    );
  }
  const height = y + 10;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">
<title>Benchmark results of allcores and its peers</title>
<style>${style}</style>
<rect class="page" width="100%" height="100%"/>
<text class="text" x="${labels}" y="22" font-size="15" font-weight="600">Times the best peer, logarithmic; longer is better</text>
${grid.join('\n')}
${body.join('\n')}
</svg>
`;
}
