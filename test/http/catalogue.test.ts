import { afterAll, beforeAll, expect, test } from 'vitest';
import { reports } from '../../src/reports/index.ts';
import { dial, openSite, openTestStore, type Site } from './app.ts';

const now = Date.parse('2026-06-20T00:00:00Z');

interface Column {
  name: string;
  kind: string;
}

interface Part {
  name: string;
  of: 'answer' | 'row';
  rows: 'one' | 'list';
  key: string[];
  asked: string | null;
  columns: Column[];
}

interface Entry {
  name: string;
  path: string;
  parameters: { name: string; required: boolean; schema: { type: string; enum?: string[] } }[];
  parts: [Part, ...Part[]];
}

let held: Awaited<ReturnType<typeof openTestStore>>;
let site: Site;

beforeAll(async () => {
  held = await openTestStore();
  site = await openSite(held.store, held.directory, { now: () => now });
  await site.ingest('calls', [
    dial({ call_id: 'one', agent_id: 25, cid: '0900', disposition_code: 'sale', talk_sec: 40 }),
    dial({ call_id: 'two', agent_id: 26, cid: '0901', outcome: 'abandoned' }),
    dial({ call_id: 'three', agent_id: 25, cid: '0900', started_at: '2026-06-03T10:00:00Z' }),
  ]);
}, 60_000);

afterAll(async () => {
  await site.app.close();
  await held.close();
}, 60_000);

const catalogueFor = async (token: string) => (await site.get('/api/telesales/reports', token)).json().data as Entry[];

// What a screen knows of its own: which rows it is about. All else is the catalogue's.
const asked: Record<string, string> = { date_from: '2026-06-01', date_to: '2026-06-10', campaign_id: '43' };

test('a screen that knows the catalogue alone can ask any report and lay out all of its parts', async () => {
  const token = await site.token('admin');
  const catalogue = await catalogueFor(token);
  expect(catalogue.map(({ name }) => name)).toEqual(reports.map(({ name }) => name));
  for (const { name, path, parameters, parts } of catalogue) {
    const [main, ...others] = parts;
    const query = new URLSearchParams();
    for (const parameter of parameters) if (parameter.required) query.set(parameter.name, asked[parameter.name]!);
    for (const part of others) if (part.asked) query.set(part.asked, '1');
    const answered = await site.get(`${path}?${query}`, token);
    expect(answered.statusCode, `${name}: ${answered.body}`).toBe(200);
    const data = answered.json().data as Record<string, unknown>;
    const isOfParts = others.some(({ of }) => of === 'answer');
    const rowsOf = (part: Part): Record<string, unknown>[] => {
      if (part === main) return [isOfParts ? data[main.name] : data].flat() as Record<string, unknown>[];
      if (part.of === 'answer') return data[part.name] as Record<string, unknown>[];
      return (rowsOf(main) as Record<string, Record<string, unknown>[]>[]).flatMap((row) => row[part.name]!);
    };
    for (const part of parts) {
      const beside =
        part === main ? others.filter(({ of, asked }) => of === 'row' && asked).map((one) => one.name) : [];
      const rows = rowsOf(part);
      for (const row of rows)
        expect(Object.keys(row)).toEqual([...part.columns.map((column) => column.name), ...beside]);
      // The key of a list in a row tells its rows from each other, not from those of other rows.
      const lists = part.of === 'row' ? rowsOf(main).map((row) => row[part.name] as typeof rows) : [rows];
      for (const list of lists) {
        const keys = list.map((row) => JSON.stringify(part.key.map((column) => row[column])));
        expect(new Set(keys).size, `${name} ${part.name}`).toBe(list.length);
      }
    }
  }
});

test('what a role may not ask is not in it', async () => {
  const names = async (...role: Parameters<Site['token']>) =>
    (await catalogueFor(await site.token(...role))).map(({ name }) => name);
  expect(await names('read_only')).toContain('abandon-rate');
  const agents = await names('agent', { agent: 25 });
  expect(agents).toContain('dashboard');
  expect(agents).not.toContain('abandon-rate');
});

test('definitions say how each figure is computed', async () => {
  const token = await site.token('read_only');
  const { data } = (await site.get('/api/telesales/definitions', token)).json();
  expect(data).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        name: 'calls.is_answer',
        kind: 'word',
        formula: "outcome IN ('answered', 'abandoned')",
      }),
      expect.objectContaining({
        name: 'conv_rate',
        kind: 'figure',
        unit: 'percent',
        formula: 'conversions / answers x 100',
      }),
    ]),
  );
  expect((await site.get('/api/telesales/definitions', 'nobody')).statusCode).toBe(401);
});
