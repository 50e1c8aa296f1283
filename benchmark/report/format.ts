import type { Unit } from '../workloads/workload.js';

const plain = (value: number): string => {
  if (value === 0) return '0';
  if (Math.abs(value) >= 100) return value.toFixed(0);
  return String(Number(value.toPrecision(Math.abs(value) < 1 ? 2 : 3)));
};

/** Three figures with a prefix that keeps them short: 1.31 M/s, 48.2 µs, 2.5 ms. */
export function formatValue(value: number, unit: Unit): string {
  if (!Number.isFinite(value)) return '–';
  switch (unit) {
    case 'tasks/s':
    case 'messages/s':
    case 'ops/s':
      return value >= 1e6 ? `${plain(value / 1e6)} M/s` : `${plain(value / 1e3)} k/s`;
    case 'µs':
      return Math.abs(value) >= 1000 ? `${plain(value / 1000)} ms` : `${plain(value)} µs`;
    case 'ratio':
      return value.toFixed(value < 0.1 ? 3 : 2);
    case '% of a core':
      return `${value.toFixed(2)} %`;
    default:
      return `${plain(value)} ${unit}`;
  }
}

/** "12 ×", "0.8 ×". */
export function formatRatio(ratio: number): string {
  return `${plain(ratio)} ×`;
}
