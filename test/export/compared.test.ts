import { expect, test } from 'vitest';
import { columnsBeside } from '../../src/engine/comparison-columns.ts';
import { withComparison } from '../../src/export/compared-layout.ts';
import { genericLayout } from '../../src/export/generic-layout.ts';
import type { Layout } from '../../src/export/layout.ts';
import { toXlsx } from '../../src/export/xlsx.ts';
import { reportOf } from '../questions.ts';
import { pythonMissing, readBooks, type StoredBook } from './independent.ts';

const missing = pythonMissing();
const report = reportOf('agent-performance');

/** A file of two agents, one of whom the other window alone has. */
async function bookOf(change: Partial<Layout> = {}): Promise<StoredBook> {
  const layout = withComparison({ ...genericLayout(report), ...change }, report);
  const own = { username: '', conversions: 0, conv_rate: 0 };
  const beside = { conversions_previous: 0, conversions_change: null, conv_rate_previous: 0 };
  const rows = [
    { agent_id: 1, name: 'An', ...own, dials: 12, answers: 6, avg_aht_sec: 60 },
    { agent_id: 2, name: 'Bo', ...own, dials: 0, answers: 0, avg_aht_sec: 0 },
  ].map((row, index) => ({
    ...row,
    ...beside,
    dials_previous: 8,
    dials_change: index === 0 ? 50 : -100,
    answers_previous: 4,
    answers_change: index === 0 ? 50 : -100,
    avg_aht_sec_previous: 64,
    avg_aht_sec_change: index === 0 ? -4 : null,
    conv_rate_change: index === 0 ? 2.07 : null,
  }));
  const file = await toXlsx(
    layout,
    {
      report: { ...report, columns: { ...report.columns, ...columnsBeside(report.columns) } },
      tenant: { tenant_id: 9, name: 'Acme' },
      timezone: 'UTC',
      filters: {},
      window: { from: Date.parse('2026-06-08T00:00:00Z'), to: Date.parse('2026-06-15T00:00:00Z') },
      compared: {
        kind: 'given',
        from: '2026-06-01T00:00:00.000Z',
        to: '2026-06-03T09:00:00.000Z',
        whole: null,
        compared_until: '2026-06-10T09:00:00.000Z',
        is_same_length: false,
      },
      params: { compare: 'week' },
      madeAt: Date.parse('2026-06-10T12:00:00Z'),
    },
    rows,
  );
  return readBooks([file])[0]!;
}

test.skipIf(missing)(
  `a comparison stands behind the columns, in numbers that say their sign${missing ? `: ${missing}` : ''}`,
  async () => {
    const { sheets } = await bookOf();
    const [sheet] = sheets;
    const head = Object.entries(sheet!.cells).filter(([place]) => /^[A-Z]+5$/.test(place));
    expect(head.map(([, { value }]) => value).slice(8)).toEqual([
      'Dials before',
      'Dials change (%)',
      'Answers before',
      'Answers change (%)',
      'AHT before',
      'AHT change (s)',
      'Conversions before',
      'Conversions change (%)',
      'Conversion rate before',
      'Conversion rate change (pp)',
    ]);
    expect(sheet!.cells.J6).toMatchObject({ value: 50, format: '+#,##0.00"%";-#,##0.00"%";#,##0.00"%"' });
    expect(sheet!.cells.N6).toMatchObject({ value: -4, format: '+#,##0" s";-#,##0" s";#,##0" s"' });
    expect(sheet!.cells.R6).toMatchObject({ value: 2.07, format: '+#,##0.00" pp";-#,##0.00" pp";#,##0.00" pp"' });
    expect(sheet!.cells.N7?.value ?? null).toBeNull();
    // More answers and conversions are good, whatever the others.
    expect(sheet!.rules.map(([range]) => range)).toEqual(
      ['L6:L7', 'P6:P7', 'R6:R7'].flatMap((range) => [range, range]),
    );
    const texts = Object.values(sheet!.cells).map(({ value }) => String(value));
    expect(texts.join('\n')).toContain('this window until 2026-06-10 09:00+00:00, of another length');
  },
);

test.skipIf(missing)(`a layout of a customer keeps its columns${missing ? `: ${missing}` : ''}`, async () => {
  const columns = genericLayout(report).columns.filter(({ name }) => ['name', 'dials'].includes(name));
  const { sheets } = await bookOf({ columns });
  const head = Object.entries(sheets[0]!.cells).filter(([place]) => /^[A-Z]+5$/.test(place));
  expect(head.map(([, { value }]) => value).slice(0, 4)).toEqual([
    'Agent',
    'Dials',
    'Dials before',
    'Dials change (%)',
  ]);
  expect(head).toHaveLength(12);
});
