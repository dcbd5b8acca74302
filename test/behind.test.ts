import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { narrow, type Principal, partOf } from '../src/access/roles.ts';
import { type BehindQuestion, figuresWithRows, looksBeyond, pageBehind, streamBehind } from '../src/engine/behind.ts';
import { behindKindOf, pageParams, readBehind } from '../src/engine/behind-params.ts';
import { type Cursor, toCursorText } from '../src/engine/cursor.ts';
import type { RawParams } from '../src/engine/params.ts';
import { answer as answerOf, type Desk, readQuestion } from '../src/engine/run.ts';
import { Forbidden, NotFound } from '../src/errors.ts';
import { type Importer, openImporter } from '../src/ingest/importer.ts';
import type { Store } from '../src/store/store.ts';
import { everyAsk } from './asks.ts';
import { describeStores } from './engines.ts';
import { ingestWorld, toFiles } from './ingest-world.ts';
import { behind } from './oracle/plain/answer.ts';
import { type Figure, idsOf } from './oracle/plain/behind.ts';
import { group, isDial } from './oracle/plain/calls.ts';
import { standing } from './oracle/plain/standing.ts';
import type { Call } from './oracle/plain/tenant.ts';
import { iso } from './oracle/plain/values.ts';
import type { Ask, World } from './oracle/plain/world.ts';
import { reportOf } from './questions.ts';
import { toSettings } from './thresholds.ts';
import { worlds } from './worlds.ts';

// Behind every figure stand as many calls or leads as it says, and exactly those. ORACLE_RUNS=500 looks longer.
const runs = Number(process.env.ORACLE_RUNS ?? 2);
/** Figures of an answer that are looked behind, beside one that counts nothing. */
const mostFigures = 2;

type Row = Record<string, unknown>;
type FullDesk = Desk & Required<Pick<Desk, 'stream'>>;

let firstTenant = 1;

/** Whoever may ask in a world: for all of a tenant, for a team and for an agent of it. */
function askersOf(world: World, tenantId: number): Principal[] {
  const named = (column: string) =>
    [...standing(world, tenantId, 'calls'), ...standing(world, tenantId, 'agents')].flatMap((row) =>
      row[column] && String(row[column]).trim() !== '' ? [Number(row[column])] : [],
    );
  const [teamId = 1] = named('team_id');
  const [agentId = 3] = named('agent_id');
  return [
    { role: 'admin', tenantId },
    { role: 'supervisor', tenantId, teamId },
    { role: 'agent', tenantId, agentId },
  ];
}

/** What tells a row from all others, as the plain computation writes it. */
const idOf = (row: Row) =>
  JSON.stringify(
    'call_id' in row ? [Date.parse(String(row.started_at)), row.campaign_id, row.call_id] : [row.lead_id, 0, ''],
  );

/** A call as its list shows it. */
const toShown = (call: Call) => ({
  call_id: call.id,
  started_at: iso(call.at),
  campaign_id: call.campaign,
  agent_id: call.agent,
  team_id: call.team,
  lead_id: call.lead,
  cid: call.cid,
  outcome: call.outcome,
  block_reason: call.blockReason,
  talk_sec: call.talk,
  disposition_code: call.disposition,
  is_conversion: isDial(call) && call.conversion,
});

/** Hands a cursor over as clients do: as text. */
function handedBack(cursor: Cursor, kind: 'calls' | 'leads', now: number): Cursor {
  const read = pageParams(kind).after.read(toCursorText(cursor), { now });
  if ('fault' in read) throw new Error('a cursor of ours is not read');
  return read.value;
}

async function walk(asked: BehindQuestion, desk: Desk, limit: number): Promise<Row[]> {
  const kind = behindKindOf(asked.question.report);
  const rows: Row[] = [];
  for (let after: Cursor | undefined; ; ) {
    const page = await pageBehind(asked, desk, { limit, after });
    rows.push(...page.rows);
    expect(page.rows.length, 'a page is full, but for the last').toBe(page.next ? limit : page.rows.length);
    if (!page.next) {
      expect(page.rows.length > 0 || rows.length === 0, 'no page is empty, but for an empty list').toBe(true);
      return rows;
    }
    after = handedBack({ place: page.next, now: desk.now }, kind, desk.now);
  }
}

async function stream(asked: BehindQuestion, desk: FullDesk): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const some of streamBehind(asked, desk)) rows.push(...some);
  return rows;
}

/** Figures of an answer, some of which count nothing, in an order by chance. */
function figuresOf(
  rows: Row[],
  key: readonly string[],
  columns: string[],
  seed: number,
): (Figure & { says: number })[] {
  const all = rows.flatMap((row) =>
    columns.map((column) => ({
      column,
      key: Object.fromEntries(key.map((name) => [name, row[name] as string | number])),
      says: Number(row[column]),
    })),
  );
  const [shuffled = []] = fc.sample(fc.shuffledSubarray(all, { minLength: all.length }), { numRuns: 1, seed });
  const [some, none] = [shuffled.filter(({ says }) => says > 0), shuffled.filter(({ says }) => says === 0)];
  return [...some.slice(0, mostFigures), ...none.slice(0, 1)];
}

describeStores((engine) => {
  let directory: string;
  let store: Store;
  let importer: Importer;
  const seen = new Map<string, number>();

  beforeAll(async () => {
    ({ directory, store } = engine);
    importer = openImporter(store, { directory: join(directory, 'uploads') });
  });

  afterAll(async () => {
    await importer?.close();
  });

  /** Looks behind some figures of an ask. */
  async function look(world: World, ask: Ask, principal: Principal, seed: number): Promise<void> {
    const report = reportOf(ask.report);
    const now = Date.parse(world.now);
    const settings = ask.thresholds && { settings: toSettings(ask.thresholds) };
    const desk: FullDesk = {
      tenantId: principal.tenantId,
      agentId: principal.agentId,
      now,
      query: (statement) => store.query(statement),
      stream: (statement) => store.stream(statement),
      ...settings,
    };
    const question = readQuestion(report, ask.params, { now });
    let filters: BehindQuestion['question']['filters'];
    let rows: Row[];
    try {
      filters = narrow(principal, question.filters);
      ({ rows } = await answerOf({ ...question, filters }, desk));
    } catch (error) {
      // Somebody else's part, or a campaign that is not there for an agent.
      if (error instanceof Forbidden || error instanceof NotFound) return;
      throw error;
    }
    const part = {
      team: principal.agentId === undefined ? (principal.teamId ?? null) : null,
      agent: principal.agentId ?? null,
    };
    const plainly = behind(world, ask, part);
    const columns = [...figuresWithRows(report).keys()];
    for (const figure of figuresOf(rows, report.key, columns, seed)) {
      const { says, key, column } = figure;
      const about = `${JSON.stringify(ask)} ${JSON.stringify(principal)} ${JSON.stringify(figure)}`;
      const text = Object.fromEntries(Object.entries(key).map(([name, value]) => [name, String(value)]));
      const raw: RawParams = { ...ask.params, ...text, column };
      const read = readBehind(report, {}, raw, { now });
      expect(read.figured, `what is printed can be asked for: ${about}`).toEqual({ key, column });
      const asked: BehindQuestion = {
        question: { ...read.question, filters: narrow(principal, { ...read.question.filters, ...filters }) },
        ...read.figured,
        part: partOf(principal),
      };
      const plain = plainly(figure);
      const found = await walk(asked, desk, says > 30 ? 7 + (seed % 40) : 1 + (seed % 7));
      expect(found.map(idOf), about).toEqual(idsOf(plain));
      expect(await stream(asked, desk), about).toEqual(found);
      if ('call_id' in (found[0] ?? {})) {
        const shown = new Map(found.map((row) => [idOf(row), row]));
        for (const call of plain as Call[]) expect(shown.get(idsOf([call])[0]!), about).toMatchObject(toShown(call));
      }
      const isBeyond = looksBeyond(report, column) && (part.team !== null || part.agent !== null);
      const counted = column === 'unique_agents' ? new Set(found.map((row) => row.agent_id)).size : found.length;
      if (isBeyond) expect(counted, about).toBeLessThanOrEqual(says);
      else expect(counted, about).toBe(says);
      if (says > 0) seen.set(`${report.name} ${column}`, (seen.get(`${report.name} ${column}`) ?? 0) + 1);
    }
  }

  test(`as many as every figure says, and exactly those, whoever asks, over ${runs} worlds`, async () => {
    await fc.assert(
      fc.asyncProperty(worlds, fc.nat(), async (drawn, seed) => {
        const { world, files } = toFiles(drawn);
        const base = firstTenant;
        firstTenant += 10;
        await ingestWorld(importer, directory, files, (tenant) => base + tenant);
        const [every = []] = fc.sample(everyAsk(world), { numRuns: 1, seed });
        // Of each report two.
        const byReport = [...group(every, ({ report }) => report).values()];
        const some = byReport.flatMap((asks) => [asks[seed % asks.length]!, asks[(seed + 1) % asks.length]!]);
        for (const [index, ask] of some.entries()) {
          const askers = askersOf(world, ask.tenant_id);
          const principal = askers[(seed + index) % askers.length]!;
          await look(world, ask, { ...principal, tenantId: base + ask.tenant_id }, seed + index);
        }
      }),
      { numRuns: runs, endOnFailure: true },
    );
    // What is never looked behind proves nothing.
    expect(seen.size).toBeGreaterThan(3);
  }, 600_000);
});
