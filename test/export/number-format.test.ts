import { expect, test } from 'vitest';
import { genericLayout } from '../../src/export/generic-layout.ts';
import { divisorOf } from '../../src/export/number-format.ts';
import { reports } from '../../src/reports/index.ts';

const columns = reports.flatMap((report) => genericLayout(report).columns);
const seconds = columns.find(({ name }) => name === 'talk_sec')!;
const percent = columns.find(({ name }) => name === 'asr_pct')!;

test.each([
  [seconds, '[h]:mm:ss', 86_400],
  [seconds, '[Red][m]:ss', 86_400],
  [seconds, '[h]" h "mm" min"', 86_400],
  [seconds, '#,##0', 1],
  [seconds, '[Magenta]0;[White]-0', 1],
  [seconds, '0_m', 1],
  [seconds, '0 "s"', 1],
  [seconds, '[$-42A]0\\s', 1],
  [percent, '0.0%', 100],
  [percent, '0.0"%"', 1],
  [percent, '0.0\\%', 1],
  [percent, '0.0_%', 1],
])('$0.name as %s', (column, numberFormat, divisor) => {
  expect(divisorOf({ ...column, numberFormat })).toBe(divisor);
});
