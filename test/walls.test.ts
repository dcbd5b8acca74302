import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findAbout } from '../src/engine/about.ts';
import type { Comparison } from '../src/engine/comparison-schema.ts';
import { fileFormatNames } from '../src/engine/file-formats.ts';
import { firstRunning, listAgents, listCampaigns, listTeams } from '../src/engine/lists.ts';
import { readQuestion, settle } from '../src/engine/run.ts';
import { openNames, openScope, openStarts, openTables, type Window } from '../src/engine/scope.ts';
import { defaultSettings } from '../src/engine/settings.ts';
import { judgeCallerIds } from '../src/monitor/caller-id-alerts.ts';
import { openCampaigns } from '../src/monitor/events.ts';
import { measureMinutes, minuteReads, readRuns } from '../src/monitor/minutes.ts';
import callerIdHealth from '../src/reports/caller-id-health.ts';
import { reports } from '../src/reports/index.ts';
import type { Sql } from '../src/sql.ts';
import type { Store } from '../src/store/store.ts';
import { openSite, reportUrl, type Site } from './http/app.ts';
import { type Court, judgeBehind, judgeReport, openCourt, scopeOf } from './judge-report.ts';
import { requiredOf } from './questions.ts';
import { keyOf } from './wall.ts';
import { call, callsOf, campaign, now, openWorld } from './world.ts';

// What is asked of the store, held against what the scope hands out: by the engine's own resolved tree of each statement.

const world = openWorld();
const tenantId = 1;
const at = Date.parse(now);
const hourMs = 3_600_000;
let court: Court;

beforeAll(async () => {
  // A report on the present may ask differently by a campaign's terms, and by how many calls there were.
  const other = campaign({
    campaign_id: 3,
    abandon_basis: 'live_answers',
    abandon_window_minutes: 1440,
    status: 'paused',
  });
  await world.ingest('campaigns', [campaign({ campaign_id: 1 }), other], { tenantId });
  const busy = callsOf(120, { campaign_id: 3, started_at: '2026-06-10T09:00:00Z' });
  const dropped = callsOf(30, { campaign_id: 3, started_at: '2026-06-10T09:30:00Z', outcome: 'abandoned' });
  await world.ingest('calls', [call({ started_at: '2026-06-10T09:00:00Z' }), call(), ...busy, ...dropped], {
    tenantId,
  });
  court = openCourt(world.store, tenantId, at);
});

/** A store that writes down what it is asked. */
function listening(store: Store, heard: Sql[]): Store {
  return {
    ...store,
    query: (statement, options) => {
      heard.push(statement);
      return store.query(statement, options);
    },
    stream: (statement, options) => {
      heard.push(statement);
      return store.stream(statement, options);
    },
  };
}

/** Judges statements. Returns their leaks, and what they read. */
async function judgeAll(statements: readonly Sql[], relations: Record<string, Sql>, beside: readonly string[] = []) {
  const verdicts = await Promise.all(statements.map((one) => court.wall.judge(one, relations, beside)));
  return {
    leaks: verdicts.flatMap(({ leaks }) => leaks),
    reads: [...new Set(verdicts.flatMap(({ reads }) => reads))].sort(),
  };
}

describe.each(reports)('$name', (report) => {
  const declared = Object.entries(report.wider);
  const reads = new Set<string>();

  test('reads what its scope hands out, whatever it is asked', async () => {
    const leaks: string[] = [];
    for await (const judged of judgeReport(report, court)) {
      for (const leak of judged.leaks) leaks.push(`${leak}, asked ${JSON.stringify(judged.question.filters)}`);
      for (const name of judged.reads) reads.add(name);
    }
    expect([...new Set(leaks)]).toEqual([]);
    expect(reads.size).toBeGreaterThan(0);
  });

  test('reads what its scope hands out behind its figures, too', async () => {
    const leaks: string[] = [];
    let judgedCount = 0;
    for await (const judged of judgeBehind(report, court)) {
      judgedCount++;
      for (const leak of judged.leaks) leaks.push(`${leak}, asked ${JSON.stringify(judged.question.filters)}`);
      expect(judged.reads.some((name) => ['calls', 'leads', ...Object.keys(report.wider)].includes(name))).toBe(true);
    }
    expect([...new Set(leaks)]).toEqual([]);
    expect(judgedCount).toBeGreaterThan(5);
  }, 300_000);

  test.each(declared)('reads %s beyond the question, for a reason', (name, { why }) => {
    expect(why).toMatch(/^[A-Z].*\.$/);
    expect([...reads]).toContain(name);
  });
});

test('filter bars read the names of their tenant', async () => {
  const parts = [{}, { teamId: 2 }, { agentId: 1 }, { teamId: 2, agentId: 1 }].map((part) => ({ ...part, tenantId }));
  const lists = parts.flatMap((part) => [
    listCampaigns(part),
    listTeams(part),
    listAgents(part),
    listAgents(part, 'a'),
  ]);
  expect((await judgeAll([...lists, firstRunning(tenantId)], openNames(tenantId))).leaks).toEqual([]);
});

describe.each(reports)('what an answer of $name is made of', (report) => {
  test('is read of its tenant, within the question\u2019s filters', async () => {
    const raw = { ...requiredOf(report, { date_from: '2026-06-08', date_to: '2026-06-14', campaign_id: 3 }) };
    const question = { ...readQuestion(report, { ...raw, campaign_id: '3', team_id: '2' }, { now: at }) };
    const heard: Sql[] = [];
    const store = listening(world.store, heard);
    const desk = { tenantId, now: at, query: <Row>(statement: Sql) => store.query<Row>(statement) };
    await findAbout(question, desk, {
      tenant: { tenant_id: tenantId, name: 'Acme' },
      filters: { campaignId: 3, teamId: 2, agentIds: [1, 2] },
      part: { agentId: 1 },
      written: { date_from: '', date_to: '' },
      params: {},
      arrivedAt: null,
    });
    const { window } = (await settle(question, desk)).asked;
    // The newest days alone, and somewhat before the first of them: by how much clocks differ from UTC.
    const span = { ...window, from: Math.max(window.from, Date.parse('2026-06-06T22:00:00Z')) };
    const filters = report.over === 'now' ? { campaignId: 3 } : question.filters;
    const { calls } = openScope({ tenantId, window: span, filters, settings: defaultSettings });
    const starts = openStarts(tenantId, { from: at - 24 * hourMs, to: at }, 3);
    const { leaks, reads } = await judgeAll(heard, { ...openTables(tenantId), calls, starts });
    expect({ leaks, reads }).toEqual({ leaks: [], reads: ['agents', 'calls', 'campaigns', 'starts', 'teams'] });
  });
});

describe('the minute clock', () => {
  // Whoever was told of what: our own tables, which have a door of their own.
  const kept = ['alert_events', 'tenants'];
  const settings = defaultSettings;

  test('reads campaigns, and calls as far back as their windows', async () => {
    const window = { from: at - hourMs, to: at };
    const span = { tenantId, settings, first: window.from, last: window.to };
    const heard: Sql[] = [];
    const store = listening(world.store, heard);
    for (const also of [undefined, openCampaigns(tenantId)])
      for (const part of [undefined, { of: 4, rest: 1 }])
        for await (const _ of readRuns(store, { ...span, part }, also));
    await measureMinutes(store, span, [1, 2]);
    const asked = { ...window, longest: 43_200 };
    const { inWindows } = openScope({ tenantId, window, filters: {}, settings }, minuteReads, asked);
    const relations = { inWindows, campaigns: openTables(tenantId).campaigns };
    expect(await judgeAll(heard, relations, kept)).toEqual({ leaks: [], reads: ['campaigns', 'inWindows'] });
    expect(minuteReads.inWindows.why).toMatch(/^[A-Z].*\.$/);
  });

  test('judges caller IDs as their report does', async () => {
    const heard: Sql[] = [];
    const store = listening(world.store, heard);
    for await (const _ of judgeCallerIds(store, { tenantId, settings, hour: at }));
    const window = { from: at - 24 * hourMs, to: at };
    const question = { report: callerIdHealth, filters: {}, timezone: 'UTC', window, params: {} };
    const { leaks, reads } = await judgeAll(heard, await scopeOf(question, court), kept);
    expect({ leaks, reads }).toEqual({ leaks: [], reads: ['callerIds', 'calls', 'earlier', 'today'] });
  });
});

describe('over HTTP', () => {
  const heard: Sql[] = [];
  let directory: string;
  let site: Site;
  let admin: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'dialtally-walls-'));
    const listened = listening(world.store, heard);
    site = await openSite(listened, directory, { now: () => at });
    admin = await site.token('admin');
  });
  afterAll(async () => {
    await site.app.close();
    await rm(directory, { recursive: true });
  });

  test.each(reports)('JSON and files of every format ask the same of the store: $name', async (report) => {
    const raw =
      report.over === 'now'
        ? { campaign_id: '1' }
        : { date_from: '2026-06-01', date_to: '2026-06-10', campaign_id: '1' };
    const scope = await scopeOf(readQuestion(report, raw, { now: at }), court);
    const askedAs = async (format: string) => {
      heard.length = 0;
      expect((await site.get(reportUrl(report.name, { ...raw, format }), admin)).statusCode).toBe(200);
      const own: string[] = [];
      for (const statement of heard) {
        const { reads, leaks } = await court.wall.judge(statement, scope);
        // What is asked of other tables is not the report's.
        if (reads.length === 0) continue;
        expect(leaks).toEqual([]);
        own.push(keyOf(statement).replace(' SETTINGS max_block_size = 16384', ''));
      }
      return own;
    };
    const json = await askedAs('json');
    expect(json.length).toBeGreaterThan(0);
    for (const format of fileFormatNames) expect(await askedAs(format), format).toEqual(json);
  });

  test.each(reports)('a comparison asks what the scopes of both windows hand out: $name', async (report) => {
    const raw =
      report.over === 'now'
        ? { campaign_id: '1' }
        : { date_from: '2026-06-01', date_to: '2026-06-10', campaign_id: '1' };
    heard.length = 0;
    const answered = await site.get(reportUrl(report.name, { ...raw, compare: 'previous' }), admin);
    const statements = [...heard];
    const { from, to, compared_until } = answered.json<{ comparison: Comparison }>().comparison.window;
    const { window, ...question } = readQuestion(report, raw, { now: at });
    const begin = window?.from ?? Date.parse(to);
    const spans: (Window | undefined)[] = [
      window,
      { from: begin, to: compared_until === null ? at : Date.parse(compared_until) },
      { from: Date.parse(from), to: Date.parse(to) },
    ];
    const scopes = await Promise.all(
      spans.map((span) => scopeOf({ ...question, ...(span && { window: span }) }, court)),
    );
    const named = scopes.flatMap((scope, index) =>
      Object.entries(scope).map(([name, relation]) => [`${index} ${name}`, relation]),
    );
    // How far the calls go is looked for from the last day on.
    const starts = openStarts(tenantId, { from: at + 1 - 24 * hourMs, to: at + 1 }, 1);
    const relations = { ...Object.fromEntries(named), ...openNames(tenantId), starts };
    const { leaks, reads } = await judgeAll(statements, relations, ['tenants', 'settings_changes', 'tokens']);
    expect(leaks).toEqual([]);
    const windowsRead = new Set(reads.filter((name) => /^\d /.test(name)).map((name) => name[0]));
    expect(windowsRead.size).toBeGreaterThan(1);
    expect(reads.includes('starts')).toBe(report.over === 'window');
  });
});
