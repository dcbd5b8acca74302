import { describe, expect, test } from 'vitest';
import { toContentDisposition, toFileName } from '../../src/export/file-name.ts';
import { genericLayout } from '../../src/export/generic-layout.ts';
import type { ExportFacts } from '../../src/export/layout.ts';
import { reports } from '../../src/reports/index.ts';
import { pythonMissing, readDispositions } from './independent.ts';

const report = reports.find(({ name }) => name === 'funnel')!;
const at = (iso: string) => Date.parse(iso);

function nameOf(facts: Partial<ExportFacts> = {}, tenant = 'Demo', fileName?: string): string {
  const layout = { ...genericLayout(report), ...(fileName !== undefined && { fileName }) };
  const plain: ExportFacts = {
    report,
    tenant: { tenant_id: 9, name: tenant },
    timezone: 'Asia/Ho_Chi_Minh',
    filters: {},
    window: { from: at('2026-05-31T17:00:00Z'), to: at('2026-06-07T17:00:00Z') },
    params: {},
    madeAt: at('2026-06-10T12:00:00Z'),
  };
  return toFileName({ ...plain, ...facts }, layout, 'csv');
}

test('says report, tenant, campaign, window and zone', () => {
  expect(nameOf()).toBe('funnel_Demo_2026-06-01_2026-06-07_Asia-Ho_Chi_Minh.csv');
  expect(nameOf({ filters: { campaignId: 43 } })).toBe(
    'funnel_Demo_campaign-43_2026-06-01_2026-06-07_Asia-Ho_Chi_Minh.csv',
  );
  const oneDay = { from: at('2026-06-01T00:00:00Z'), to: at('2026-06-02T00:00:00Z') };
  expect(nameOf({ timezone: 'UTC', window: oneDay })).toBe('funnel_Demo_2026-06-01_UTC.csv');
});

test('has the times of a window that begins or ends within a day, in the zone', () => {
  const window = { from: at('2026-06-01T02:30:00Z'), to: at('2026-06-01T09:00:15Z') };
  expect(nameOf({ window })).toBe('funnel_Demo_2026-06-01T0930_2026-06-01T1600_Asia-Ho_Chi_Minh.csv');
});

test('a day of 23 or 25 hours is a day', () => {
  const window = { from: at('2026-03-08T05:00:00Z'), to: at('2026-03-09T04:00:00Z') };
  expect(nameOf({ timezone: 'America/New_York', window })).toBe('funnel_Demo_2026-03-08_America-New_York.csv');
});

test('a layout names its files itself', () => {
  expect(nameOf({}, 'Demo', 'Báo cáo tháng 6')).toBe('Báo-cáo-tháng-6.csv');
  expect(nameOf({}, 'Demo', '../../etc/passwd')).toBe('etc-passwd.csv');
  expect(nameOf({}, 'Demo', '\u202e')).toBe('funnel.csv');
});

const hostile = [
  'Công ty Đặng "Bo" Lê',
  '../../etc/passwd',
  'a/b\\c:d*e?f"g<h>i|j',
  'line\r\nSet-Cookie: x=1',
  '\u202egnp.exe',
  '=cmd|calc',
  '名前 株式会社',
  'مركز الاتصال',
  '👩‍💻',
  "it's; 100% (ok)",
  'x'.repeat(500),
  'ế'.repeat(300),
  '...',
  '',
];

const missing = pythonMissing();

describe('the header', () => {
  test.each(hostile)('is safe for a tenant called %j', (tenant) => {
    const name = nameOf({}, tenant);
    expect(Buffer.byteLength(name)).toBeLessThan(255);
    expect(name).toMatch(/^funnel_?[^/\\:*?"<>|\p{Cc}\p{Cf}]*\.csv$/u);
    const header = toContentDisposition(name);
    expect(header).toMatch(/^attachment; filename="[\w.-]+\.csv"; filename\*=UTF-8''[\w.%!~-]+$/);
  });

  test.skipIf(missing)(`is read as RFC 6266 says${missing ? `: ${missing}` : ''}`, () => {
    const names = hostile.map((tenant) => nameOf({}, tenant));
    const found = readDispositions(names.map(toContentDisposition));
    expect(found.map(({ extended }) => extended)).toEqual(names);
    expect(found[0]?.plain).toBe('funnel_Cong-ty-Dang-Bo-Le_2026-06-01_2026-06-07_Asia-Ho_Chi_Minh.csv');
  });
});
