import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { figuresWithRows } from '../../src/engine/behind.ts';
import { behindKindOf } from '../../src/engine/behind-params.ts';
import { reports } from '../../src/reports/index.ts';
import { keyOf, requiredOf } from '../questions.ts';
import { dial, openSite, openTestStore, reportUrl, type SentRow, type Site, talk } from './app.ts';

const now = Date.parse('2026-06-20T12:00:00Z');
const june = { date_from: '2026-06-01', date_to: '2026-06-10' };

let held: Awaited<ReturnType<typeof openTestStore>>;
let site: Site;
const tokens: Record<string, string> = {};

/** Ids that are as large as may be, and texts that addresses are made of. */
const biggest = Number.MAX_SAFE_INTEGER;
const oddTexts = [
  `it's "quoted"`,
  'a=b&c+d #e?f/g%41',
  '😀 Ａ',
  'gọi\tlại',
  'back\\slash',
  "\\'",
  '{tenant:UInt64}',
  '\ufeffmarked\ufeff',
  'mangled \ufffd',
  'a\u0000b',
  'x'.repeat(1000),
  '😀'.repeat(1000),
];

beforeAll(async () => {
  held = await openTestStore();
  site = await openSite(held.store, held.directory, { now: () => now });
  for (const role of ['admin', 'supervisor', 'read_only', 'ingest'] as const) tokens[role] = await site.token(role);
  tokens.team = await site.token('supervisor', { team: 1 });
  tokens.agent = await site.token('agent', { agent: 25 });
  tokens.other = await site.token('admin', { tenant: 2 });
  await site.ingest('campaigns', [{ campaign_id: 43, name: 'June' }]);
  await site.ingest('agents', [{ agent_id: 25, name: 'Ann', team_id: 1 }]);
  const rows = [
    ...Array.from({ length: 5 }, () => talk({ agent_id: 25, cid: '0900', lead_id: 7 })),
    talk({ agent_id: 26, team_id: 2, cid: '0900', lead_id: 8 }),
    dial({ agent_id: 25, team_id: 2, cid: '0900', outcome: 'abandoned', started_at: '2026-06-20T09:00:00Z' }),
    dial({ campaign_id: biggest, agent_id: biggest, team_id: biggest, lead_id: biggest, started_at: '2026-06-03' }),
    dial({ agent_id: null }),
  ];
  await site.ingest('calls', rows);
  // The same calls in another tenant, and one more.
  await site.ingest(
    'calls',
    [...rows, talk({ call_id: 'of another tenant', agent_id: 25, cid: '0900', lead_id: 9 })],
    2,
  );
}, 120_000);

afterAll(async () => {
  await site.app.close();
  await held.close();
}, 60_000);

type Params = Record<string, string | number>;
interface Page {
  data: SentRow[];
  next: string | null;
  note: string | null;
}

const urlOf = (report: string, params: Params, kind = 'calls') =>
  reportUrl(report, params).replace(`/${report}`, `/${report}/${kind}`);
const ask = (report: string, params: Params, who = 'admin', kind = 'calls') =>
  site.get(urlOf(report, params, kind), tokens[who]);
const rowsOf = async (report: string, params: Params, who = 'admin', kind = 'calls') => {
  const answer = await ask(report, params, who, kind);
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.json<Page>();
};
const errorsOf = async (report: string, params: Params, kind = 'calls') => {
  const answer = await ask(report, params, 'admin', kind);
  expect(answer.statusCode, answer.body).toBe(422);
  return answer.json<{ errors: Record<string, string[]> }>().errors;
};
const dials = { ...june, column: 'total_dials' };

describe('what must be said', () => {
  test('the key of a row, all of it', async () => {
    expect(await errorsOf('agent-performance', june)).toEqual({ agent_id: ['The agent id field is required.'] });
    expect(Object.keys(await errorsOf('hour-dow-heatmap', june))).toEqual(['day_of_week', 'hour']);
    expect(Object.keys(await errorsOf('funnel', { ...june, stage: 'Won' }, 'leads'))).toEqual(['stage']);
  });

  test('a column that counts: others are refused with those that do', async () => {
    const errors = await errorsOf('agent-performance', { ...june, agent_id: 25, column: 'conv_rate' });
    expect(errors).toEqual({ column: ['The column must be one of dials, answers, conversions.'] });
    expect((await rowsOf('agent-performance', { ...june, agent_id: 25 })).data).toHaveLength(5);
  });

  test('a key that names no row gives an empty list, in every format', async () => {
    const nobody = { ...june, agent_id: 999 };
    expect(await rowsOf('agent-performance', nobody)).toEqual({ data: [], next: null, note: null });
    const files = await Promise.all(
      ['csv', 'ndjson', 'xlsx', 'parquet'].map((format) => ask('agent-performance', { ...nobody, format })),
    );
    expect(files.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200, 200]);
    expect(files[0]?.body.replace('\ufeff', '').trim()).toMatch(/^call_id,started_at,.*is_conversion$/);
    expect(files[1]?.body).toBe('');
    expect(files[2]?.rawPayload.subarray(0, 2).toString()).toBe('PK');
    expect(files[3]?.rawPayload.subarray(0, 4).toString()).toBe('PAR1');
  });

  test('a report and a kind of rows that there are, and a campaign', async () => {
    const wrong = await ask('funnel', { ...june, stage: 'Dialed' });
    expect([wrong.statusCode, wrong.json().message]).toEqual([
      404,
      'The figures of funnel count leads: ask /api/telesales/reports/funnel/leads.',
    ]);
    expect((await ask('dashboard', june, 'admin', 'leads')).statusCode).toBe(404);
    expect((await ask('nothing', june)).json().message).toContain('There is no report "nothing"');
    const unknown = { ...dials, campaign_id: 999 };
    expect((await ask('dashboard', unknown)).json()).toEqual(
      (await site.get(reportUrl('dashboard', unknown), tokens.admin)).json(),
    );
  });

  test.each([0, -1, 1001, 1e9, 'x'])('a limit of 1 to 1000, not %s', async (limit) => {
    expect(Object.keys(await errorsOf('dashboard', { ...dials, limit }))).toEqual(['limit']);
  });

  test('no page of a file, which has all rows', async () => {
    const { next } = await rowsOf('dashboard', { ...dials, limit: 1 });
    expect(await errorsOf('dashboard', { ...dials, limit: 1, after: next!, format: 'csv' })).toEqual({
      limit: ['The limit may only be given with format json.'],
      after: ['The after may only be given with format json.'],
    });
  });
});

describe('pages', () => {
  test('come one after another, and end with no next', async () => {
    const found: unknown[] = [];
    let next: string | null | undefined;
    while (next !== null) {
      const page: Page = await rowsOf('dashboard', { ...dials, limit: 3, ...(next && { after: next }) });
      found.push(...page.data.map(({ call_id }) => call_id));
      next = page.next;
    }
    const { data } = (await site.get(reportUrl('dashboard', june), tokens.admin)).json();
    expect(found).toHaveLength(data.total_dials);
    expect(new Set(found).size).toBe(found.length);
  });

  test('ids as large as they may be are exact', async () => {
    const { data } = await rowsOf('calls-by-team', { ...june, team_id: biggest });
    expect(data).toMatchObject([{ campaign_id: biggest, agent_id: biggest, team_id: biggest, lead_id: biggest }]);
    const stage = { ...june, stage: 'Dialed', limit: 1 };
    const first = await rowsOf('funnel', stage, 'admin', 'leads');
    const second = await rowsOf('funnel', { ...stage, after: first.next! }, 'admin', 'leads');
    const third = await rowsOf('funnel', { ...stage, after: second.next! }, 'admin', 'leads');
    expect([first, second, third].flatMap(({ data }) => data.map((row) => row.lead_id))).toEqual([7, 8, biggest]);
    expect(third.next).toBeNull();
  });

  test('what is no cursor of such a list is refused by its name', async () => {
    const text = (parts: unknown) => Buffer.from(JSON.stringify(parts)).toString('base64url');
    const leads = await rowsOf('funnel', { ...june, stage: 'Dialed', limit: 1 }, 'admin', 'leads');
    const bad = [
      leads.next!,
      'x',
      '!',
      '=',
      ' a b ',
      '%00',
      'bnVsbA',
      text([]),
      text([now]),
      text([now, 1, 2]),
      text([now, 'x', 1, 'c']),
      text([now, now, 1, 'c', 'more']),
      text([now, now, -1, 'c']),
      text([now, now, 1.5, 'c']),
      text([now, now, 2 ** 53, 'c']),
      text([now, now, 1, 7]),
      text([-now, now, 1, 'c']),
      text([8.64e15, now, 1, 'c']),
      text([now, 8.64e15, 1, 'c']),
      text([now, 0, 1, 'c']),
      text([null, null, null, null]),
      text({ now, place: {} }),
      'a'.repeat(9000),
    ];
    for (const after of bad) {
      expect(await errorsOf('dashboard', { ...dials, after }), after).toEqual({
        after: ['The after must be next of the page before, as it came.'],
      });
    }
    expect(
      await errorsOf('funnel', { ...june, stage: 'Dialed', after: text([now, now, 1, 'c']) }, 'leads'),
    ).toHaveProperty('after');
  });

  test('a place outside of the window, or one that nobody was at, is a place', async () => {
    const text = (...parts: unknown[]) => Buffer.from(JSON.stringify(parts)).toString('base64url');
    const all = (await rowsOf('dashboard', dials)).data;
    const before = text(now, Date.parse('1971-01-01'), 1, 'c');
    expect((await rowsOf('dashboard', { ...dials, after: before })).data).toEqual(all);
    const behind = text(now, Date.parse('2105-12-31'), 1, 'c');
    expect(await rowsOf('dashboard', { ...dials, after: behind })).toEqual({ data: [], next: null, note: null });
    const odd = text(now, Date.parse('2026-06-03'), 0, "\u0000'\\\ud800");
    expect((await rowsOf('dashboard', { ...dials, after: odd })).data).toHaveLength(1);
  });

  test('a cursor that is changed in any place is refused, or is another place', async () => {
    const { next } = await rowsOf('dashboard', { ...dials, limit: 1 });
    const letters = fc.constantFrom(...'ABCXYZabcxyz019-_=.%');
    await fc.assert(
      fc.asyncProperty(fc.nat(next!.length - 1), letters, fc.nat(3), async (at, letter, cut) => {
        const after = next!.slice(0, at) + letter + next!.slice(at + 1 + cut);
        expect([200, 422]).toContain((await ask('dashboard', { ...dials, after })).statusCode);
      }),
      { numRuns: 60 },
    );
  }, 120_000);
});

describe('whatever key a report prints can be asked for', () => {
  test.each(oddTexts.map((text) => [text.length > 40 ? `${text.slice(0, 4)}...` : JSON.stringify(text), text]))(
    '%s',
    async (_, text) => {
      const campaign_id = 900;
      const row = { campaign_id, disposition_code: text, cid: text, lead_id: 70, started_at: '2026-06-09T09:00:00Z' };
      await site.ingest('leads', [{ lead_id: 70, campaign_id, source: text, created_at: '2026-06-09T08:00:00Z' }]);
      await site.ingest('calls', [{ ...talk(row), call_id: text }]);
      const printed = async (report: string, column: string) => {
        const asked = { ...june, date_from: '2026-06-09', campaign_id };
        const { data } = (await site.get(reportUrl(report, asked), tokens.admin)).json<{ data: SentRow[] }>();
        const value = String(data.find((one) => one[column] === text)?.[column]);
        return { ...asked, [column]: value };
      };
      const codes = await rowsOf('disposition-breakdown', {
        ...(await printed('disposition-breakdown', 'code')),
        limit: 1,
      });
      expect(codes.data).toMatchObject([{ call_id: text, disposition_code: text }]);
      expect((await rowsOf('caller-id-health', await printed('caller-id-health', 'cid'))).data).toHaveLength(1);
      const source = await printed('lead-source-attribution', 'source');
      expect((await rowsOf('lead-source-attribution', source, 'admin', 'leads')).data).toMatchObject([{ lead_id: 70 }]);
      // A place is a call's id, too.
      await site.ingest('calls', [talk({ campaign_id: 901, started_at: '2026-06-09T09:00:00Z' })]);
      const ninth = { ...dials, date_from: '2026-06-09', date_to: '2026-06-09', limit: 1 };
      let next: string | null | undefined;
      let count = 0;
      while (next !== null) {
        const page: Page = await rowsOf('dashboard', { ...ninth, ...(next && { after: next }) });
        count += page.data.length;
        next = page.next;
      }
      expect(count).toBe((await site.get(reportUrl('dashboard', ninth), tokens.admin)).json().data.total_dials);
    },
    120_000,
  );

  test('bytes that are no text are no key', async () => {
    const answer = await site.get(`${urlOf('disposition-breakdown', june)}&code=caf%E9`, tokens.admin);
    expect(answer.json().errors).toEqual({ code: ['The code must be text in UTF-8, as %C3%A9 is for é.'] });
    // Also beside what somebody did write.
    const beside = await site.get(`${urlOf('disposition-breakdown', june)}&code=caf%E9&zz=%EF%BF%BD`, tokens.admin);
    expect(beside.json()).toEqual(answer.json());
    const name = await site.get('/api/telesales/agents?q=%EF%BF%BD', tokens.admin);
    expect(name.statusCode).toBe(422);
  });
});

describe('who may', () => {
  const first = { ...dials, limit: 1 };

  test('read reports sees the first page; beyond it, and for files, may take rows out', async () => {
    const { next } = await rowsOf('dashboard', first, 'read_only');
    for (const more of [{ after: next! }, { format: 'csv' }, { format: 'ndjson' }, { format: 'xlsx' }] as Params[]) {
      const asked = 'after' in more ? { ...first, ...more } : { ...dials, ...more };
      expect((await ask('dashboard', asked, 'read_only')).statusCode, JSON.stringify(more)).toBe(403);
      expect((await ask('dashboard', asked, 'supervisor')).statusCode, JSON.stringify(more)).toBe(200);
      expect((await ask('dashboard', asked, 'agent')).statusCode, JSON.stringify(more)).toBe(200);
    }
    expect((await ask('dashboard', first, 'ingest')).statusCode).toBe(403);
    expect((await site.get(urlOf('dashboard', first))).statusCode).toBe(401);
    expect((await ask('abandon-rate', { campaign_id: 43 }, 'agent')).statusCode).toBe(403);
    expect((await ask('abandon-rate', { campaign_id: 43 }, 'read_only')).statusCode).toBe(200);
  });

  test('sees a part sees no call of others, and may not ask for them', async () => {
    const team = await rowsOf('dashboard', dials, 'team');
    expect(team.data.map(({ team_id }) => team_id)).toEqual([1, 1, 1, 1, 1]);
    const agent = await rowsOf('dashboard', dials, 'agent');
    expect(new Set(agent.data.map(({ agent_id }) => agent_id))).toEqual(new Set([25]));
    for (const more of [{ team_id: 2 }, { agent_ids: '26' }]) {
      const answers = await Promise.all([
        ask('dashboard', { ...dials, ...more }, 'agent'),
        site.get(reportUrl('dashboard', { ...june, ...more }), tokens.agent),
      ]);
      expect(answers.map(({ statusCode }) => statusCode)).toEqual([403, 403]);
    }
    expect((await ask('calls-by-team', { ...june, team_id: 2 }, 'team')).statusCode).toBe(403);
    expect((await rowsOf('agent-performance', { ...june, agent_id: 26 }, 'team')).data).toEqual([]);
  });

  test('is an agent with calls of several teams sees them by each team', async () => {
    const wide = { ...june, date_to: '2026-06-20' };
    const { data } = (await site.get(reportUrl('calls-by-team', wide), tokens.agent)).json<{ data: SentRow[] }>();
    expect(data.map(({ team_id }) => team_id)).toEqual([1, 2]);
    for (const { team_id, dials } of data) {
      expect((await rowsOf('calls-by-team', { ...wide, team_id: Number(team_id) }, 'agent')).data).toHaveLength(
        Number(dials),
      );
    }
    const nobodys = { ...june, campaign_id: 43, team_id: 0 };
    expect((await rowsOf('calls-by-team', nobodys)).data).toMatchObject([{ team_id: null }]);
    expect((await rowsOf('calls-by-team', nobodys, 'team')).data).toEqual([]);
  });

  test('sees a part is told where the figure counts more', async () => {
    const note = 'The figure counts calls of the whole tenant. This token shows those of team 1 alone.';
    const live = { campaign_id: 43 };
    expect(await rowsOf('abandon-rate', live, 'team')).toMatchObject({ note });
    expect((await rowsOf('abandon-rate', live, 'team')).data.every(({ team_id }) => team_id === 1)).toBe(true);
    expect(await rowsOf('abandon-rate', live)).toMatchObject({ note: null });
    const today = { ...june, cid: '0900', column: 'health_calls_today' };
    expect(await rowsOf('caller-id-health', today, 'team')).toEqual({ data: [], next: null, note });
    expect((await rowsOf('caller-id-health', today)).data).toHaveLength(1);
    const file = await ask('caller-id-health', { ...today, format: 'csv' }, 'team');
    expect(file.headers['dialtally-note']).toBe(note);
    expect((await ask('caller-id-health', { ...today, format: 'csv' })).headers).not.toHaveProperty('dialtally-note');
    expect(await rowsOf('caller-id-health', { ...june, cid: '0900' }, 'team')).toMatchObject({ note: null });
  });

  test('asks for agents is told that these are their calls', async () => {
    const agents = { ...june, column: 'unique_agents' };
    expect(await rowsOf('dashboard', agents)).toMatchObject({
      note: 'The figure counts agents. These are their calls.',
    });
  });

  test('names an hour that no day has is told which there are', async () => {
    const told = await ask('hour-dow-heatmap', { ...june, day_of_week: 7, hour: 24 });
    expect(told.json().errors).toEqual({
      day_of_week: ['The day of week must be a whole number from 0 to 6.'],
      hour: ['The hour must be a whole number from 0 to 23.'],
    });
  });

  test('is of another tenant sees its own calls alone', async () => {
    for (const report of reports) {
      const sample = {
        ...keyOf(report),
        agent_id: '25',
        cid: '0900',
        team_id: '1',
        source: '(unknown)',
        bucket: '2026-06-02',
      };
      const own = Object.fromEntries(report.key.map((name) => [name, String(sample[name as keyof typeof sample])]));
      const kind = behindKindOf(report);
      for (const column of figuresWithRows(report).keys()) {
        const asked = { ...requiredOf(report, { ...june, campaign_id: 43 }), ...own, column };
        const [mine, theirs] = [
          await rowsOf(report.name, asked, 'admin', kind),
          await rowsOf(report.name, asked, 'other', kind),
        ];
        const texts = JSON.stringify(mine);
        expect(texts).not.toContain('another tenant');
        expect(texts).not.toMatch(/"lead_id":9[,}]/);
        expect(theirs.data.length, `${report.name} ${column}`).toBeGreaterThanOrEqual(0);
      }
    }
  }, 120_000);
});

describe('what is written down', () => {
  const logged = async (report = 'agent-performance-calls') => {
    const answer = await site.get('/api/telesales/audit/exports?limit=1000', tokens.admin);
    const rows = answer.json<{ data: (SentRow & { params: SentRow })[] }>().data;
    // Others took files out before.
    return rows.filter((row) => row.report === report && row.params.column !== 'dials');
  };

  test('pages after the first, and files; the first page is none', async () => {
    const asked = { ...june, agent_id: 25, column: 'answers', limit: 2, team_id: 1 };
    const { next } = await rowsOf('agent-performance', asked, 'supervisor');
    expect(await logged()).toEqual([]);
    const page = await ask('agent-performance', { ...asked, after: next! }, 'supervisor');
    expect(await logged()).toMatchObject([
      {
        role: 'supervisor',
        format: 'json',
        team_id: 1,
        params: { column: 'answers', agent_id: '25' },
        rows: 2,
        bytes: page.rawPayload.length,
        outcome: 'complete',
      },
    ]);
    const { limit: _, ...whole } = asked;
    const file = await ask('agent-performance', { ...whole, format: 'csv' });
    expect(file.headers['content-disposition']).toContain('agent-performance-calls');
    const files = (await logged()).filter(({ format }) => format === 'csv');
    expect(files).toMatchObject([{ rows: 5, bytes: file.rawPayload.length, outcome: 'complete' }]);
  });

  test('a refused page is none', async () => {
    const before = await logged('dashboard-calls');
    await ask('dashboard', { ...dials, after: 'x' });
    await ask('dashboard', { ...dials, format: 'csv' }, 'read_only');
    expect(await logged('dashboard-calls')).toEqual(before);
  });
});

test('HEAD says what GET would, but of files', async () => {
  const head = (params: Params) =>
    site.app.inject({
      method: 'HEAD',
      url: urlOf('dashboard', params),
      headers: { authorization: `Bearer ${tokens.admin}` },
    });
  expect([(await head(dials)).statusCode, (await head({ ...dials, format: 'csv' })).statusCode]).toEqual([200, 405]);
});

test('files have the rows of the pages, by their columns', async () => {
  const { data } = await rowsOf('dashboard', dials);
  const ndjson = await ask('dashboard', { ...dials, format: 'ndjson' });
  expect(
    ndjson.body
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toEqual(data);
  const csv = (await ask('dashboard', { ...dials, format: 'csv', bom: '0' })).body;
  expect(csv.split('\r\n')[0]).toBe(Object.keys(data[0]!).join(','));
  const leads = await ask('funnel', { ...june, stage: 'Dialed', format: 'csv', bom: '0' }, 'admin', 'leads');
  expect(leads.body.split('\r\n')[0]).toMatch(/^lead_id,campaign_id,source/);
});

test('a list that is too long for Excel says so, and goes as CSV', async () => {
  const token = await site.token('ingest', { tenant: 3 });
  const admin = await site.token('admin', { tenant: 3 });
  const lines = Array.from({ length: 100_001 }, (_, n) => `c${n},1,2026-06-02T09:00:00Z,busy`);
  const sent = await site.app.inject({
    method: 'POST',
    url: '/api/telesales/ingest/calls',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'text/csv' },
    payload: `call_id,campaign_id,started_at,outcome\n${lines.join('\n')}\n`,
  });
  expect(sent.json().data.taken_in).toBe(100_001);
  const excel = await site.get(urlOf('dashboard', { ...dials, format: 'xlsx' }), admin);
  expect([excel.statusCode, excel.json().errors]).toEqual([
    422,
    { format: ['There are more than 100,000 rows, too many for an Excel file. Take csv.'] },
  ]);
  const csv = await site.get(urlOf('dashboard', { ...dials, format: 'csv' }), admin);
  expect(csv.body.trim().split('\r\n')).toHaveLength(100_002);
}, 180_000);
