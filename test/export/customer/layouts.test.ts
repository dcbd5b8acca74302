import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openCustomerLayouts } from '../../../src/export/customer/layouts.ts';
import { sampleFacts } from '../../../src/export/customer/sample.ts';
import { toFileName } from '../../../src/export/file-name.ts';
import { genericLayout, genericLayouts } from '../../../src/export/generic-layout.ts';
import type { Layout } from '../../../src/export/layout.ts';
import { reports } from '../../../src/reports/index.ts';
import { reportOf } from '../../questions.ts';
import { customerDirectory, examples, logo } from './package-directory.ts';

const namesOf = ({ columns }: Layout) => columns.map(({ name }) => name);

const senVang = 101;
const harbor = 102;
const layouts = await openCustomerLayouts([join(examples, 'sen-vang'), join(examples, 'harbor-insurance')], reports);

describe('a tenant without a package', () => {
  test.each(reports)('has the generic layout of $name', (report) => {
    expect(layouts.of(report, 1)).toEqual(genericLayout(report));
  });

  test('costs nothing when nobody has one', async () => {
    expect(await openCustomerLayouts([], reports)).toBe(genericLayouts);
  });
});

test('Sen V\u00e0ng: their columns in their words, their rules, their CSV', () => {
  const layout = layouts.of(reportOf('agent-performance'), senVang);
  expect(layout.columns.map(({ name, label }) => `${name} ${label}`)).toEqual([
    'name Điện thoại viên',
    'dials Cuộc gọi',
    'answers Nghe máy',
    'conversions Chốt đơn',
    'conv_rate Tỷ lệ chốt',
    'avg_aht_sec Thời lượng TB',
    'agent_id Mã số',
  ]);
  expect(layout.title).toBe('Hiệu suất điện thoại viên');
  expect(layout.sheetName).toBe('Hiệu suất');
  expect(layout.csv).toEqual({ delimiter: ';', header: 'label' });
  expect(Buffer.from(layout.logo!)).toEqual(logo);
  const [person, , , , rate, handling] = layout.columns;
  expect(person!.width).toBe(28);
  expect(handling!.numberFormat).toBe('[m]:ss');
  expect(rate!.numberFormat).toBe('0.0%');
  expect(rate!.rules).toEqual([
    { kind: 'value', operator: 'greaterThanOrEqual', value: 20, fill: '#D1FADF', color: '#05603A', bold: true },
    { kind: 'value', operator: 'between', value: 10, to: 20, fill: '#FEF0C7' },
    { kind: 'value', operator: 'lessThan', value: 10, fill: '#FEE4E2' },
  ]);
  const health = layouts.of(reportOf('caller-id-health'), senVang);
  expect(health.columns.find(({ name }) => name === 'asr_pct')!.rules).toEqual([
    { kind: 'colorScale', colors: ['#F8696B', '#FFEB84', '#63BE7B'] },
  ]);
});

test('Harbor Insurance: columns that are not named follow in the report\u2019s order', () => {
  const dashboard = layouts.of(reportOf('dashboard'), harbor);
  expect(namesOf(dashboard)).toEqual([
    'total_dials',
    'total_answers',
    'answer_rate_pct',
    'conversions',
    'conv_rate',
    'total_talk_time_sec',
    'avg_talk_time_sec',
    'unique_agents',
    'avg_aht_sec',
  ]);
  expect(dashboard.columns.at(-1)).toEqual(genericLayout(reportOf('dashboard')).columns.at(7));
  expect(dashboard.csv).toEqual({ delimiter: ',', header: 'name' });
  expect(layouts.of(reportOf('disposition-breakdown'), harbor).csv).toEqual({ delimiter: '\t', header: 'label' });
});

test('a report that a package does not name takes its logo, file name and CSV alone', () => {
  const { logo: picture, fileName, csv, ...rest } = layouts.of(reportOf('funnel'), senVang);
  const { csv: _, ...generic } = genericLayout(reportOf('funnel'));
  expect(rest).toEqual(generic);
  expect(csv).toEqual({ delimiter: ';', header: 'label' });
  expect(Buffer.from(picture!)).toEqual(logo);
  expect(typeof fileName).toBe('function');
});

test('no package adds a column, or gives one another meaning', () => {
  for (const report of reports) {
    const generic = new Map(genericLayout(report).columns.map(({ name, column }) => [name, column]));
    for (const tenant of [senVang, harbor]) {
      for (const { name, column } of layouts.of(report, tenant).columns) expect(column).toBe(generic.get(name));
    }
  }
});

test('file names say what the placeholders stand for', async () => {
  const named = async (file_name: string, name = 'agent-performance', more: object = {}) => {
    const own = await openCustomerLayouts([customerDirectory({ tenant_id: 1, file_name })], reports);
    const facts = { ...sampleFacts(reportOf(name), 1), timezone: 'Asia/Ho_Chi_Minh', ...more };
    return toFileName(facts, own.of(reportOf(name), 1), 'csv');
  };
  const june = { from: Date.parse('2026-05-31T17:00:00Z'), to: Date.parse('2026-06-30T17:00:00Z') };
  expect(await named('{report}_{from}_{to}', undefined, { window: june })).toBe(
    'agent-performance_2026-06-01_2026-06-30.csv',
  );
  const morning = { from: Date.parse('2026-06-01T01:30:00Z'), to: Date.parse('2026-06-01T05:00:00Z') };
  expect(await named('{from}_{to}', undefined, { window: morning })).toBe('2026-06-01-0830_2026-06-01-1200.csv');
  // What has nothing to say goes with its separator.
  expect(await named('gọi_{campaign}_{report}')).toBe('gọi_agent-performance.csv');
  expect(await named('gọi_{campaign}_{report}', undefined, { filters: { campaignId: 43 } })).toBe(
    'gọi_43_agent-performance.csv',
  );
  expect(await named('{report}_{from}_{to}', 'abandon-rate')).toBe('abandon-rate.csv');
  const tenant = { tenant_id: 7, name: '../Đại "Lý"\u202e/x' };
  expect(await named('{tenant}_{tenant_id}_{timezone}', undefined, { tenant })).toBe('Đại-Lý-x_7_Asia-Ho_Chi_Minh.csv');
  expect(await named('{from}', 'abandon-rate')).toBe('abandon-rate.csv');
  expect(
    Buffer.byteLength(await named('{tenant}', undefined, { tenant: { tenant_id: 1, name: 'ệ'.repeat(300) } })),
  ).toBeLessThan(255);
});
