/** A report before the wall: every statement that any question makes it ask. */
import { narrow, type Principal, partOf } from '../src/access/roles.ts';
import { readTerms } from '../src/engine/abandon.ts';
import { figuresWithRows, pageBehind, streamBehind } from '../src/engine/behind.ts';
import type { CursorPlace } from '../src/engine/cursor.ts';
import type { Report, RunQuery } from '../src/engine/report.ts';
import { answer, streamRows } from '../src/engine/run.ts';
import { type Filters, openNames, openScope, openTables, type Window } from '../src/engine/scope.ts';
import { defaultSettings } from '../src/engine/settings.ts';
import type { Sql } from '../src/sql.ts';
import type { Store } from '../src/store/store.ts';
import { type AskedBy, everyQuestion } from './every-question.ts';
import { keyOf, openWall, remembered, type Verdict, type Wall } from './wall.ts';

/** Whose rows are asked for, where and when. */
export interface Court {
  wall: Wall;
  query: RunQuery;
  tenantId: number;
  now: number;
}

/** Where reports are judged: on a store's wall, whose rows are read once for each statement. */
export function openCourt(store: Store, tenantId: number, now: number): Court {
  const answers = new Map<string, Promise<unknown[]>>();
  const query = <Row>(statement: Sql) =>
    remembered(answers, keyOf(statement), () => store.query<unknown>(statement)) as Promise<Row[]>;
  return { wall: openWall(store), query, tenantId, now };
}

/** A verdict on a statement, and the question that made the report ask it. */
export interface Judged extends Verdict {
  question: AskedBy['question'];
}

/** Judges every statement of a report, question by question. Its tenant has campaign 1. */
export async function* judgeReport(report: Report, court: Court): AsyncGenerator<Judged> {
  for (const asked of everyQuestion(report, court.tenantId, court.now)) {
    for (const verdict of await judgeQuestion(report, asked, court)) yield { ...verdict, question: asked.question };
  }
}

async function judgeQuestion(report: Report, { question, agentId }: AskedBy, court: Court): Promise<Verdict[]> {
  const { wall, query, tenantId, now } = court;
  const [before, own]: [Sql[], Sql[]] = [[], []];
  const desk = {
    tenantId,
    agentId,
    now,
    query: <Row>(statement: Sql) => {
      before.push(statement);
      return query<Row>(statement);
    },
    async *stream<Row>(statement: Sql): AsyncGenerator<Row[]> {
      own.push(statement);
      yield [];
    },
  };
  try {
    // Both ask as the server does.
    if (report.over === 'now') await answer(question, desk);
    else for await (const _ of streamRows(question, desk));
  } catch (error) {
    return [{ leaks: [`can't be asked: ${(error as Error).message}`], reads: [] }];
  }
  const scope = await scopeOf(question, court);
  // What the engine itself asks of a campaign, before the report is asked anything.
  const names = { ...openNames(tenantId), ...openTables(tenantId) };
  const verdicts: Verdict[] = [];
  for (const statement of before) {
    const found = await wall.judge(statement, names);
    if (found.leaks.length === 0) continue;
    if (report.over === 'now') own.push(statement);
    else verdicts.push(found);
  }
  for (const statement of own) verdicts.push(await wall.judge(statement, scope));
  return verdicts;
}

const places: Record<'calls' | 'leads', CursorPlace> = {
  calls: { at: Date.parse('2026-03-09T10:00:00Z'), campaign: 1, call: 'a "call"' },
  leads: { lead: 7 },
};

/**
 * Judges the lists behind a report's figures, question by question: of each column in turn a page, one from a place on, and
 * the first stretches of the whole.
 */
export async function* judgeBehind(report: Report, court: Court): AsyncGenerator<Judged> {
  const columns = [...figuresWithRows(report).keys()];
  let turn = 0;
  for (const { question, part: whose } of everyQuestion(report, court.tenantId, court.now)) {
    const principal: Principal = { role: 'supervisor', tenantId: court.tenantId, ...whose };
    const column = columns[turn % columns.length]!;
    const key = Object.fromEntries(report.key.map((name) => [name, keyOfKind(report, name)]));
    const asked = {
      question: { ...question, filters: narrow(principal, question.filters) },
      column,
      key,
      part: partOf(principal),
    };
    const own: Sql[] = [];
    const desk = {
      tenantId: court.tenantId,
      agentId: whose.agentId,
      now: court.now,
      query: <Row>(statement: Sql) => {
        if (isList(statement)) own.push(statement);
        return isList(statement) ? Promise.resolve<Row[]>([]) : court.query<Row>(statement);
      },
      async *stream<Row>(statement: Sql): AsyncGenerator<Row[]> {
        own.push(statement);
        yield [];
      },
    };
    const after = { place: places[report.counts.of], now: court.now };
    if (turn % 3 === 0) for await (const _ of streamBehind(asked, desk)) if (own.length === 2) break;
    if (turn % 3 > 0) await pageBehind(asked, desk, { limit: 10, ...(turn % 3 === 1 && { after }) });
    turn++;
    for (const statement of own.slice(0, 2)) {
      const scope = await scopeOf(asked.question, court, { part: asked.part, slice: sliceOf(statement) });
      yield { ...(await court.wall.judge(statement, scope)), question: asked.question };
    }
  }
}

/** A value of a column of a key. */
function keyOfKind({ columns }: Report, name: string): string | number {
  const column = columns[name];
  if (column && 'choices' in column) return column.choices.at(-1) ?? '';
  return column?.kind === 'integer' ? 2 : "it's 2026-03-10";
}

/** Whether a statement is one of a list, rather than of what is asked before it. */
const isList = ({ text }: Sql) => /ORDER BY (found|leads)\./.test(text);

/** The slice that a statement cuts its calls by; none where it reads leads. */
function sliceOf(statement: Sql): Window | undefined {
  if (/FROM leads\b/.test(statement.text)) return undefined;
  const [, from = '', to = ''] =
    /calls\.started_at >= fromUnixTimestamp64Milli\(\{(\w+):Int64\}, 'UTC'\) AND calls\.started_at < fromUnixTimestamp64Milli\(\{(\w+):/.exec(
      statement.text,
    ) ?? [];
  return { from: Number(statement.params[from]), to: Number(statement.params[to]) };
}

/** What the scope of a question hands out. A list of its calls is within a part and a slice, which make it narrower. */
export async function scopeOf(
  question: AskedBy['question'],
  { tenantId, now, query }: Court,
  { part = {}, slice }: { part?: Filters; slice?: Window | undefined } = {},
): Promise<Record<string, Sql>> {
  const { report, filters, timezone, params } = question;
  const about = { tenantId, timezone, settings: defaultSettings, now, params: params as never };
  const narrower = { part, ...(slice && { slice }) };
  if (report.over === 'now') {
    const { campaignId = 0 } = filters;
    const campaign = await readTerms(query, openTables(tenantId).campaigns, campaignId);
    const window = question.window ?? report.window({ ...about, campaignId, campaign });
    const asked = { ...about, campaignId, campaign, window };
    return openScope({ ...asked, filters: { campaignId, ...part }, ...narrower }, report.wider, asked);
  }
  if (!question.window) throw new Error(`${report.name} has no window`);
  const asked = { ...about, window: question.window };
  return openScope({ ...asked, filters: { ...filters, ...part }, ...narrower }, report.wider, asked);
}
