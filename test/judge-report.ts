/** A report before the wall: every statement that any question makes it ask. */
import { readTerms } from '../src/engine/abandon.ts';
import type { Report, RunQuery } from '../src/engine/report.ts';
import { answer, streamRows } from '../src/engine/run.ts';
import { openNames, openScope, openTables } from '../src/engine/scope.ts';
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

/** What the scope of a question hands out. */
export async function scopeOf(
  question: AskedBy['question'],
  { tenantId, now, query }: Court,
): Promise<Record<string, Sql>> {
  const { report, filters, timezone, params } = question;
  const about = { tenantId, timezone, settings: defaultSettings, now, params: params as never };
  if (report.over === 'now') {
    const { campaignId = 0 } = filters;
    const campaign = await readTerms(query, openTables(tenantId).campaigns, campaignId);
    const window = question.window ?? report.window({ ...about, campaignId, campaign });
    const asked = { ...about, campaignId, campaign, window };
    return openScope({ ...asked, filters: { campaignId } }, report.wider, asked);
  }
  if (!question.window) throw new Error(`${report.name} has no window`);
  const asked = { ...about, window: question.window };
  return openScope({ ...asked, filters }, report.wider, asked);
}
