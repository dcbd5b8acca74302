import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readXlsx } from 'hucre/xlsx';
import { expect, test } from 'vitest';
import { sampleRows } from '../../../src/export/customer/sample.ts';
import { reports } from '../../../src/reports/index.ts';
import { dialtally, emptyDirectory, start } from '../../cli/command-line.ts';
import { customerDirectory, examples } from './package-directory.ts';

const senVang = join(examples, 'sen-vang');

test('check says what is good, and names every fault with its place', async () => {
  const good = await dialtally('customer', 'check', senVang, join(examples, 'harbor-insurance'));
  expect(good).toMatchObject({ code: 0, err: '' });
  expect(good.out).toMatch(
    /sen-vang\/customer\.json: good\. Tenant 101; agent-performance, caller-id-health, time-series/,
  );

  const directory = customerDirectory({ tenant_id: 1, logo: 'no.png', reports: { funel: {} } });
  const bad = await dialtally('customer', 'check', senVang, directory);
  expect(bad).toMatchObject({ code: 1, out: '' });
  expect(bad.err.split('\n').slice(0, 3)).toEqual([
    `${directory}/customer.json: 2 faults`,
    '  $.reports.funel',
    expect.stringMatching(/^ {4}"funel" is no report\. Did you mean "funnel"\?/),
  ]);
});

test('preview writes made-up rows as the customer has them', async () => {
  const preview = (...args: string[]) =>
    dialtally('customer', 'preview', senVang, '--report', 'agent-performance', ...args);
  const table = await preview();
  expect(table.out).toMatch(
    /^Hiệu suất điện thoại viên {2}\| {2}made-up rows {2}\| {2}sheet Hiệu suất {2}\| {2}HiệuSuất_/,
  );
  expect(table.out).toMatch(/^Điện thoại viên {2}Cuộc gọi {2}Nghe máy/m);

  const csv = await preview('--format', 'csv');
  const [head, first] = csv.out.split('\r\n');
  expect(head).toBe('Điện thoại viên;Cuộc gọi;Nghe máy;Chốt đơn;Tỷ lệ chốt;Thời lượng TB;Mã số');
  const [row] = sampleRows(reports.find(({ name }) => name === 'agent-performance')!);
  expect(first).toBe(
    ['name', 'dials', 'answers', 'conversions', 'conv_rate', 'avg_aht_sec', 'agent_id']
      .map((name) => row![name])
      .join(';'),
  );

  const out = join(emptyDirectory(), 'preview.xlsx');
  expect(await preview('--out', out)).toMatchObject({ code: 0, err: '' });
  const { sheets } = await readXlsx(readFileSync(out));
  expect(sheets.map(({ name }) => name)).toEqual(['Hiệu suất', 'Columns']);
});

test('preview says what it can\u2019t show', async () => {
  const typed = await dialtally('customer', 'preview', senVang, '--report', 'funnel', '--out', 'funnel.parquet');
  expect(typed).toMatchObject({
    code: 1,
    out: '',
    err: 'error: --out: A preview is a table, csv or xlsx: Parquet has no layout.\n',
  });
  const unknown = await dialtally('customer', 'preview', senVang, '--report', 'funel');
  expect(unknown).toMatchObject({ code: 1, err: expect.stringMatching(/no report "funel"\. Did you mean "funnel"\?/) });
  const broken = await dialtally('customer', 'preview', customerDirectory({}), '--report', 'funnel');
  expect(broken).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/one fault\n {2}\$\.tenant_id/) });
});

test('sample rows hold what their columns say, the same each time', () => {
  for (const report of reports) {
    const rows = sampleRows(report);
    expect(rows).toEqual(sampleRows(report));
    for (const [name, column] of Object.entries(report.columns)) {
      for (const row of rows) {
        const value = row[name];
        if (column.kind === 'choice') expect(column.choices).toContain(value);
        if (column.kind === 'integer') expect(Number.isInteger(value) && (value as number) >= 0, name).toBe(true);
        if (column.kind === 'decimal') expect(value).toMatch(/^\d+(\.\d+)?$/);
      }
    }
  }
});

test('a server does not start with a package that has faults', async () => {
  const directory = customerDirectory({ tenant_id: 0 });
  const child = start(['serve', '--port', '0', '--data-dir', emptyDirectory()], { CUSTOMER_PACKAGES: directory });
  let said = '';
  child.stderr!.on('data', (chunk) => {
    said += chunk;
  });
  const code = await new Promise((resolve) => child.once('close', resolve));
  expect(code).toBe(1);
  expect(said).toContain(`${directory}/customer.json at $.tenant_id: 0 is too small.`);
});
