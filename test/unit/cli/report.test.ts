import assert from 'node:assert/strict';
import { bar, bytes, columns, rate, significant } from '#lib/cli/base/text.js';
import { asJson, chart, linesOf, table } from '#lib/cli/bench/report.js';
import { measured } from '#lib/cli/bench/statistics.js';
import type { Round } from '#lib/cli/bench/measure.js';
import type { Figures } from '#lib/cli/child/driver.js';

describe('text of the command line', () => {
  it('gives numbers three digits', () => {
    assert.deepEqual([0, 1, 0.0123456, 12.345, 123.45, 1234.5].map(significant), [
      '0',
      '1',
      '0.0123',
      '12.3',
      '123',
      '1235',
    ]);
  });

  it('gives amounts a prefix', () => {
    assert.deepEqual([0, 1023, 1024, 1.5 * 2 ** 20, 2 ** 50].map(bytes), [
      '0 B',
      '1023 B',
      '1 KiB',
      '1.5 MiB',
      '1024 TiB',
    ]);
    assert.deepEqual([rate(999), rate(3_120_000), rate(17.7e9, 'B')], ['999 /s', '3.12 M/s', '17.7 GB/s']);
  });

  it('sets columns flush', () => {
    assert.deepEqual(columns([['a', '1', 'x'], ['long', '22', '']], [1]), ['a      1  x', 'long  22']); // prettier-ignore
  });

  it('draws bars exact to an eighth', () => {
    assert.deepEqual([0, 1 / 8, 0.5, 1, 7].map((part) => bar(part, 4)), ['▏', '▌', '██', '████', '████']); // prettier-ignore
  });
});

describe('the report of the benchmark', () => {
  it('takes the median, and half the distance of the extremes as noise', () => {
    assert.deepEqual(measured([5]), { median: 5, spread: 0 });
    assert.deepEqual(measured([8, 12, 10]), { median: 10, spread: 0.2 });
    assert.deepEqual(measured([8, 12, 10, 10]), { median: 10, spread: 0.2 });
  });

  const figures = (factor: number): Figures => ({
    inFlight: factor * 1e6,
    p50: 1e-5 / factor,
    p99: 1e-4 / factor,
    map: factor * 1e6,
    transfer: factor * 1e9,
    sum: factor * 1e9,
  });
  const round = (thread: number, process: number, yardstick: number): Round =>
    new Map([
      ['thread', figures(thread)],
      ['process', figures(process)],
      ['yardstick', figures(yardstick)],
    ]);
  const lines = linesOf([round(4, 2, 0.5), round(4, 2, 1.5)]);

  it('is a table of medians with their noise', () => {
    const [head = '', first = '', second = ''] = table(lines);
    assert.match(head, /^ +threads +processes +yardstick +the yardstick is$/);
    assert.match(
      first,
      /^empty tasks, 64 in flight +4 M\/s +±0 % +2 M\/s +±0 % +1 M\/s +±50 % +messages to bare workers$/,
    );
    assert.match(second, /^one at a time, p50 +2\.5 µs +±0 % +5 µs/);
  });

  it('is a chart in which longer is better', () => {
    const rows = chart(lines);
    assert.equal(rows.length, 6 * 4);
    const [title, ...bars] = rows;
    assert.equal(title, 'empty tasks, 64 in flight');
    assert.deepEqual(bars.slice(0, 3), [
      `  threads    ${'█'.repeat(40)} 4 ×`,
      `  processes  ${'█'.repeat(20)} 2 ×`,
      `  yardstick  ${'█'.repeat(10)} 1 ×`,
    ]);
  });

  it('leaves out what this system does not have', () => {
    const without = linesOf([
      new Map([
        ['thread', figures(4)],
        ['yardstick', figures(1)],
      ]),
    ]);
    const [head = '', first = ''] = table(without);
    assert.match(head, /^ +threads +yardstick +the yardstick is$/);
    assert.match(first, /^empty tasks, 64 in flight +4 M\/s +±0 % +1 M\/s +±0 % +messages to bare workers$/);
    assert.deepEqual(chart(without).slice(1, 3), [
      `  threads    ${'█'.repeat(40)} 4 ×`,
      `  yardstick  ${'█'.repeat(10)} 1 ×`,
    ]);
    const { results } = asJson(without, 1) as { results: object[] };
    assert.deepEqual(Object.keys(results[0]!), ['figure', 'unit', 'better', 'threads', 'yardstick']);
  });
});
