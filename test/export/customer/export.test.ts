import { join } from 'node:path';
import { readXlsx } from 'hucre/xlsx';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildApp } from '../../../src/app.ts';
import { readConfig } from '../../../src/config.ts';
import { openCustomerLayouts } from '../../../src/export/customer/layouts.ts';
import { reports } from '../../../src/reports/index.ts';
import { dial, localKey, openTestStore, reportUrl } from '../../http/app.ts';
import { openDuck } from '../duck.ts';
import { examples } from './package-directory.ts';

const senVang = 101;
const somebodyElse = 1;

let app: Awaited<ReturnType<typeof buildApp>>;
let close: () => Promise<void>;

const headersOf = (tenant: number) => ({ authorization: `Bearer ${localKey}`, 'dialtally-tenant': String(tenant) });
const ask = (tenant: number, more: Record<string, string>) =>
  app.inject({
    url: reportUrl('agent-performance', { date_from: '2026-06-01', date_to: '2026-06-30', ...more }),
    headers: headersOf(tenant),
  });

beforeAll(async () => {
  const opened = await openTestStore();
  const config = readConfig({
    DATA_DIR: opened.directory,
    RATE_LIMIT: '0',
    LOG_LEVEL: 'silent',
    CUSTOMER_PACKAGES: join(examples, 'sen-vang'),
  });
  const layouts = await openCustomerLayouts(config.customerPackages, reports);
  app = await buildApp({ config, store: opened.store, localKey, layouts });
  close = async () => {
    await app.close();
    await opened.close();
  };
  for (const tenant of [senVang, somebodyElse]) {
    const rows = [
      dial({ agent_id: 25, outcome: 'answered', talk_sec: 90, is_conversion: true }),
      dial({ agent_id: 25 }),
      dial({ agent_id: 26 }),
    ];
    await app.inject({
      method: 'POST',
      url: '/api/telesales/ingest/calls?strict=1',
      headers: { ...headersOf(tenant), 'content-type': 'application/x-ndjson' },
      payload: rows.map((row) => JSON.stringify(row)).join('\n'),
    });
  }
});

afterAll(() => close());

test('the customer\u2019s CSV has the customer\u2019s columns, and exactly the rows of the JSON', async () => {
  const json = (await ask(senVang, {})).json<{ data: Record<string, unknown>[] }>().data;
  expect(json).toHaveLength(2);
  const csv = await ask(senVang, { format: 'csv', bom: '0' });
  const names = ['name', 'dials', 'answers', 'conversions', 'conv_rate', 'avg_aht_sec', 'agent_id'];
  expect(csv.body.split('\r\n')).toEqual([
    'Điện thoại viên;Cuộc gọi;Nghe máy;Chốt đơn;Tỷ lệ chốt;Thời lượng TB;Mã số',
    ...json.map((row) => names.map((name) => row[name]).join(';')),
    '',
  ]);
  expect(decodeURIComponent(String(csv.headers['content-disposition']))).toContain(
    'HiệuSuất_2026-06-01_2026-06-30.csv',
  );
});

test('the customer\u2019s Excel file has the same rows, and still says what its columns mean', async () => {
  const json = (await ask(senVang, {})).json<{ data: Record<string, unknown>[] }>().data;
  const file = await ask(senVang, { format: 'xlsx' });
  const [sheet, columns] = (await readXlsx(file.rawPayload)).sheets;
  expect(sheet!.name).toBe('Hiệu suất');
  const head = sheet!.rows.findIndex((row) => row[0] === 'Điện thoại viên');
  const rows = sheet!.rows.slice(head + 1);
  expect(rows.map((row) => [row[1], row[6]])).toEqual(json.map((row) => [row.dials, row.agent_id]));
  expect(rows.map((row) => Math.round(Number(row[4]) * 10_000) / 100)).toEqual(json.map((row) => row.conv_rate));
  expect(sheet!.conditionalRules?.length).toBe(4);
  expect(columns!.name).toBe('Columns');
  const explained = columns!.rows.map((row) => row[1]);
  expect(explained).toEqual(expect.arrayContaining(['conv_rate', 'avg_aht_sec']));
  expect(explained).not.toContain('username');
});

test('files for machines have the report\u2019s own columns, whatever the customer\u2019s package says', async () => {
  const json = (await ask(senVang, {})).body;
  const ndjson = await ask(senVang, { format: 'ndjson' });
  expect(json).toBe(`{"data":[${ndjson.body.trimEnd().split('\n').join(',')}]}`);
  const { rawPayload, headers } = await ask(senVang, { format: 'parquet' });
  const duck = await openDuck();
  const { rows } = await duck.read(rawPayload, 'parquet');
  await duck.close();
  expect(rows).toEqual(JSON.parse(json).data);
  expect(decodeURIComponent(String(headers['content-disposition']))).toContain(
    'HiệuSuất_2026-06-01_2026-06-30.parquet',
  );
});

test('another tenant of the same server has the generic layout', async () => {
  const csv = await ask(somebodyElse, { format: 'csv', bom: '0' });
  expect(csv.body.split('\r\n')[0]).toBe('agent_id,name,username,dials,answers,avg_aht_sec,conversions,conv_rate');
  expect(String(csv.headers['content-disposition'])).toContain('agent-performance_');
});
