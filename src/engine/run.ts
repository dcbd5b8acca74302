/** From raw parameters to a checked question, and from that to a report's answer, whole or as a stream of rows. */
import { InvalidParams, NotFound } from '../errors.ts';
import type { ParamFault } from '../faults.ts';
import { type Sql, sql } from '../sql.ts';
import { readTerms } from './abandon.ts';
import { withNamedColumns } from './named-columns.ts';
import { type RawParams, readParams } from './params.ts';
import {
  type AskedLive,
  type AskedWindow,
  type LiveAnswer,
  type LiveReport,
  type Measured,
  paramsOf,
  type Report,
  type RunQuery,
  type StreamQuery,
} from './report.ts';
import { type Filters, openNames, openScope, openTables, type Window } from './scope.ts';
import { defaultSettings, type Settings } from './settings.ts';
import { explainUnknownColumn } from './unknown-column.ts';
import { type BesideName, type Compare, toCompare, toWindow } from './window.ts';

/** What someone asks of a report: parameters that are known to be good. */
export interface Question {
  report: Report;
  filters: Filters;
  timezone: string;
  /** Of a report on the present there is none, but where it is asked of another window than its own. */
  window?: Window;
  params: Record<string, unknown>;
  /** What is asked for beside the data. */
  with?: readonly BesideName[];
  /** The other window that the answer is compared with. */
  compare?: Compare;
}

/** Reads a report's parameters. Throws InvalidParams, naming every bad field at once. */
export function readQuestion(report: Report, raw: RawParams, context: { now: number }): Question {
  let window: Window | undefined;
  let other: Compare | undefined;
  const check = (values: Record<string, unknown>, faults: ParamFault[]) => {
    const { date_from, date_to, compare, timezone } = values as Record<string, never> & { timezone?: string };
    window = toWindow(date_from, date_to, timezone ?? 'UTC', faults);
    other = toCompare(compare, timezone ?? 'UTC', faults);
  };
  const values: Record<string, unknown> = readParams(paramsOf(report), raw, context, check);
  const { campaign_id, team_id, agent_ids, timezone, date_from, date_to, with: beside, compare: _, ...params } = values;
  const filters = { campaignId: campaign_id, teamId: team_id, agentIds: agent_ids } as Filters;
  return {
    report,
    filters,
    timezone: (timezone as string | undefined) ?? 'UTC',
    params,
    ...(window && { window }),
    ...(beside !== undefined && { with: beside as readonly BesideName[] }),
    ...(other && { compare: other }),
  };
}

/** The question without the lists beside a report's rows: for whoever shows the rows alone. */
export function withoutParts(question: Question): Question {
  const params = Object.entries(question.params).filter(([name]) => !Object.hasOwn(question.report.parts, name));
  return { ...question, params: Object.fromEntries(params) };
}

/** Who asks, and what answering takes. */
export interface Desk {
  tenantId: number;
  /** The agent that the asker's token is held to: to it, campaigns that its own calls don't name are not there. */
  agentId?: number | undefined;
  now: number;
  query: RunQuery;
  /** For rows that are not held. */
  stream?: StreamQuery;
  settings?: Settings;
}

/** A report's answer: the contract's `data`, and its rows as a table. */
export interface Answer {
  data: unknown;
  rows: Record<string, unknown>[];
}

/** Answers a question. Throws NotFound for a campaign that no row of the tenant names. */
export async function answer(question: Question, desk: Desk): Promise<Answer> {
  const prepared = await prepare(question, desk);
  if ('data' in prepared) return prepared;
  const { report } = question;
  const found = await explained(prepared.explain, () => desk.query<Row>(prepared.statement));
  const rows = withoutHidden(report, found);
  return { data: report.rows === 'one' ? rows[0] : rows, rows };
}

/** An answer whose rows have all of their columns: also those that only rates and averages are made of. */
export interface FullAnswer extends Answer {
  all: Record<string, unknown>[];
}

/** Answers a question with all columns of its rows. Throws InvalidParams when these are more than may be held. */
export async function answerInFull(question: Question, desk: Desk, mostRows: number): Promise<FullAnswer> {
  const prepared = await prepare(question, desk);
  if ('data' in prepared) return { ...prepared, all: prepared.rows };
  const { report } = question;
  const all: Row[] = [];
  for await (const rows of chunksOf(prepared, desk)) {
    if (all.length + rows.length > mostRows)
      throw new InvalidParams([{ id: 'too_many_compared', field: 'compare', most: mostRows }]);
    for (const row of rows) all.push(row);
  }
  const rows = withoutHidden(report, all);
  return { data: report.rows === 'one' ? rows[0] : rows, rows, all };
}

/** Measures a report on the present once. Gives what shows it by the question's parameters, or by any that ask for less. */
export async function measureLive(
  { report, ...question }: Question,
  desk: Desk,
): Promise<(params: Record<string, unknown>) => LiveAnswer> {
  if (report.over !== 'now') throw new TypeError(`${report.name} is not about the present`);
  const measured = await measure({ report, ...question }, desk);
  return (params) => report.show(measured, params as never);
}

/** The rows of the same answer in chunks, without holding them all. Throws as `answer` does, before the first chunk. */
export async function* streamRows(
  question: Question,
  desk: Desk & Required<Pick<Desk, 'stream'>>,
): AsyncGenerator<Record<string, unknown>[]> {
  const prepared = await prepare(question, desk);
  if ('rows' in prepared) yield prepared.rows;
  else for await (const rows of chunksOf(prepared, desk)) yield withoutHidden(question.report, rows);
}

async function* chunksOf({ statement, explain }: Prepared, { query, stream }: Desk): AsyncGenerator<Row[]> {
  try {
    if (stream) yield* stream<Row>(statement);
    else yield await query<Row>(statement);
  } catch (error) {
    throw explain(error);
  }
}

type Row = Record<string, unknown>;

/** Rows without the columns that only rates and averages are made of. */
function withoutHidden({ hidden }: Report, rows: Row[]): Row[] {
  const names = new Set(Object.keys(hidden));
  if (names.size === 0) return rows;
  return rows.map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => !names.has(name))));
}

/** A statement that is ready to be run, and what explains its failure. */
interface Prepared {
  statement: Sql;
  explain(error: unknown): unknown;
}

/** A question's one statement, or the answer of a report that asks several. */
async function prepare({ report, ...question }: Question, desk: Desk): Promise<Answer | Prepared> {
  if (report.over === 'now') {
    const measured = await measure({ report, ...question }, desk);
    const data = report.show(measured, question.params as never);
    return { data, rows: [data.current] };
  }
  const { asked, filters } = await settle({ report, ...question }, desk);
  const scope = openScope({ ...asked, filters }, report.wider, asked);
  const statement = report.sql(scope, asked);
  return {
    statement: withNamedColumns(statement, scope),
    explain: (error) => explainUnknownColumn(error, { statement, scope, report }),
  };
}

/** A question with everything that its answer depends on. Throws NotFound for a campaign that no row of the tenant names. */
export async function settle<R extends Report>(
  { report, filters, timezone, window, params }: Omit<Question, 'report'> & { report: R },
  { tenantId, agentId, now, query, settings = defaultSettings }: Desk,
): Promise<{ asked: R extends LiveReport ? AskedLive : AskedWindow; filters: Filters }> {
  const { campaignId } = filters;
  const about = { tenantId, timezone, settings, now, params };
  if (report.over === 'window') {
    if (campaignId !== undefined) await assertCampaign(query, { tenantId, agentId }, campaignId);
    if (!window) throw new TypeError(`${report.name} needs a window`);
    return { asked: { ...about, window } as never, filters };
  }
  const ofCampaign = campaignId ?? 0;
  await assertCampaign(query, { tenantId, agentId }, ofCampaign);
  const campaign = await readTerms(query, openTables(tenantId).campaigns, ofCampaign);
  const asked = { ...about, params: params as never, campaignId: ofCampaign, campaign };
  // Spec: the rate is the whole campaign's, whoever asks.
  return { asked: { ...asked, window: window ?? report.window(asked) } as never, filters: { campaignId: ofCampaign } };
}

async function measure(
  { report, ...question }: Omit<Question, 'report'> & { report: LiveReport },
  desk: Desk,
): Promise<Measured> {
  const { query } = desk;
  const { asked, filters } = await settle({ report, ...question }, desk);
  const scope = openScope({ ...asked, filters }, report.wider, asked);
  const queryOfScope = <Row>(statement: Sql) =>
    explained(
      (error) => explainUnknownColumn(error, { statement, scope, report }),
      () => query<Row>(withNamedColumns(statement, scope)),
    );
  return report.measure(queryOfScope, scope, asked);
}

async function explained<Result>(explain: (error: unknown) => unknown, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw explain(error);
  }
}

async function assertCampaign(
  query: RunQuery,
  { tenantId, agentId }: Pick<Desk, 'tenantId' | 'agentId'>,
  campaignId: number,
): Promise<void> {
  const { campaigns, campaignsOfCalls, calls, leads } = openNames(tenantId);
  // Lead rows are read as they are now: a lead that moved on names its old campaign no more. Nor does a call its old agent.
  const places: Sql[] =
    agentId === undefined
      ? [campaigns, campaignsOfCalls, leads]
      : [sql`(SELECT * FROM ${calls} AS calls WHERE calls.agent_id = {agent:UInt64})`.bind({ agent: agentId })];
  for (const place of places) {
    const found = await query(
      sql`SELECT 1 AS found FROM ${place} AS named WHERE named.campaign_id = {campaign:UInt64} LIMIT 1`.bind({
        campaign: campaignId,
      }),
    );
    if (found.length > 0) return;
  }
  throw new NotFound(`There is no campaign ${campaignId}.`);
}
