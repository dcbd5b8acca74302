import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { partsOf } from '../../src/engine/report.ts';
import { reports } from '../../src/reports/index.ts';
import { requiredOf } from '../questions.ts';
import { dial, openSite, openTestStore, reportUrl, type Site, talk } from './app.ts';

// Lists beside the columns: asked for by the parameter of their name, and in JSON alone.
const now = Date.parse('2026-06-09T12:00:00Z');
const given = { campaign_id: 43, date_from: '2026-06-01', date_to: '2026-06-10' };
const cases = reports.flatMap((report) =>
  partsOf(report).flatMap(({ name, asked }) =>
    asked ? [[report.name, name, requiredOf(report, given)] as const] : [],
  ),
);

let held: Awaited<ReturnType<typeof openTestStore>>;
let site: Site;
let admin: string;

beforeAll(async () => {
  held = await openTestStore();
  site = await openSite(held.store, held.directory, { now: () => now });
  admin = await site.token('admin');
  await site.ingest('calls', [talk({ cid: '0900' }), dial({ cid: '0900', outcome: 'abandoned' })]);
}, 60_000);

afterAll(async () => {
  await site.app.close();
  await held.close();
}, 60_000);

test.each(cases)('%s has its %s when asked, and the API document says so', async (report, extra, asked) => {
  const document = (await site.get('/api/openapi.json')).json();
  const { schema } =
    document.paths[`/api/telesales/reports/${report}`].get.responses['200'].content['application/json'];
  const ajv = new Ajv2020({ strict: false });
  addFormats.default(ajv);
  for (const value of ['1', 'true', '0', '']) {
    const answer = (await site.get(reportUrl(report, { ...asked, [extra]: value }), admin)).json();
    expect(ajv.validate(schema, answer), ajv.errorsText()).toBe(true);
    const holder = Array.isArray(answer.data) ? answer.data[0] : answer.data;
    expect(Object.keys(holder).includes(extra), value).toBe(value === '1' || value === 'true');
    if (extra in holder) {
      expect(Object.keys(holder).at(-1)).toBe(extra);
      expect(holder[extra].length).toBeGreaterThan(0);
    }
  }
  const refused = await site.get(reportUrl(report, { ...asked, [extra]: 'yes' }), admin);
  expect(Object.keys(refused.json().errors)).toEqual([extra]);
});

test.each(cases)('files of %s have the columns alone, with or without %s', async (report, extra, asked) => {
  const file = async (params: object) =>
    (await site.get(reportUrl(`${report}/export`, { ...asked, ...params }), admin)).body;
  expect(await file({ [extra]: '1' })).toBe(await file({}));
  expect(await file({ [extra]: '1', format: 'ndjson' })).toBe(await file({ format: 'ndjson' }));
  for (const format of ['xlsx', 'parquet']) {
    const answer = await site.get(reportUrl(report, { ...asked, [extra]: '1', format }), admin);
    expect(answer.statusCode).toBe(200);
  }
});
