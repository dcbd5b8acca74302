/** The calls or leads behind a figure: as many as it says, by the report's own declaration of what its rows and columns count. */
import { join, name, type Sql, sql, toInstant } from '../sql.ts';
import { type BehindKind, toList } from './behind-columns.ts';
import type { Cursor, CursorPlace } from './cursor.ts';
import { metrics } from './metrics.ts';
import { withNamedColumns } from './named-columns.ts';
import type { Counts, Report } from './report.ts';
import { type Desk, type Question, settle } from './run.ts';
import { type Filters, openScope, type Window } from './scope.ts';
import { dayMs, hourMs } from './time.ts';

/** Which figure somebody wants to see the rows of: a column, and the key of its row. */
export interface Figured {
  column: string;
  key: Readonly<Record<string, string | number>>;
}

/** A question about the rows behind a figure, and the part of the tenant that is never left. */
export interface BehindQuestion extends Figured {
  question: Question;
  part: Filters;
}

/** What a column's figure counts. */
interface Counted {
  /** The relation that it reads. */
  of: string;
  // biome-ignore lint/suspicious/noExplicitAny: what a report is asked is its own.
  which(asked: any): Sql;
}

/** Columns of a report that count calls or leads, by their names: those that a list stands behind. */
export function figuresWithRows(report: Report): ReadonlyMap<string, Counted> {
  const { of, but = {} } = report.counts as Counts<unknown>;
  const counted = Object.entries(report.columns).flatMap(([name, column]): [string, Counted][] => {
    const figure = 'figure' in column ? metrics.find((one) => one.name === column.figure)?.counts : undefined;
    const other = but[name];
    const which = other?.which ?? (figure && (() => figure));
    return which ? [[name, { of: other?.of ?? of, which }]] : [];
  });
  return new Map(counted);
}

/** Whether a figure counts rows beyond any part of the tenant: no filter narrows it, but the list of its calls is. */
export function looksBeyond(report: Report, column: string): boolean {
  const wider = report.wider as Record<string, { filters: 'asked' | 'none' }>;
  return report.over === 'now' || wider[figuresWithRows(report).get(column)?.of ?? '']?.filters === 'none';
}

type Row = Record<string, unknown>;

/** One page of them. */
export interface BehindPage {
  rows: Row[];
  /** Where the next page begins; null after the last. */
  next: CursorPlace | null;
}

/**
 * A page of the rows behind a figure, from a place on. Whatever comes in or is corrected meanwhile, a row that was there all
 * the time comes once: places are those of what identifies a row. Throws NotFound as `answer` does.
 */
export async function pageBehind(
  asked: BehindQuestion,
  desk: Desk,
  { limit, after }: { limit: number; after?: Cursor | undefined },
): Promise<BehindPage> {
  const list = await prepareList(asked, desk);
  const rows: Row[] = [];
  let stretch = firstStretch(list, after?.place);
  // One more than a page has tells whether there is another.
  while (stretch && rows.length <= limit) {
    const found = await desk.query<Row>(list.statement(stretch, limit + 1 - rows.length));
    rows.push(...found);
    stretch = nextStretch(list, stretch, { rows: found.length });
  }
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return { rows: rows.slice(0, limit), next: last ? toPlace(list.kind, last) : null };
}

/** All rows behind a figure, in chunks, without holding them. Throws as `pageBehind` does, before the first chunk. */
export async function* streamBehind(
  asked: BehindQuestion,
  desk: Desk & Required<Pick<Desk, 'stream'>>,
  { mostAtOnce = mostOfStretch }: { mostAtOnce?: number } = {},
): AsyncGenerator<Row[]> {
  const list = await prepareList(asked, desk);
  for (let stretch = firstStretch(list); stretch; ) {
    const limit = list.kind === 'calls' ? mostAtOnce : undefined;
    let rows = 0;
    let last: Row | undefined;
    for await (const some of desk.stream<Row>(list.statement(stretch, limit))) {
      rows += some.length;
      last = some.at(-1) ?? last;
      yield some;
    }
    const cut = rows === limit && last ? toPlace(list.kind, last) : undefined;
    stretch = nextStretch(list, stretch, { rows, cut });
  }
}

/** A list that can be asked for stretch by stretch. */
interface PreparedList {
  kind: BehindKind;
  /** When its rows were dialed. */
  span: Window;
  /** The rows of a stretch, or the first ones. */
  statement(stretch: Stretch, limit?: number): Sql;
}

/** What one statement reads of a list: what lies behind a place, of calls in a slice of their time. */
interface Stretch {
  slice?: Window;
  after?: CursorPlace | undefined;
}

// The engine holds a stretch to sort it. Few of them are nearly empty, and none has more rows than some ten megabytes of them.
const mostOfStretch = 100_000;
const fewRows = 20_000;
// Rows lie by days: less of one is hardly read faster.
const firstSliceMs = dayMs;
const growth = 4;

/** Where a list begins, behind a place of it; nothing when that lies beyond its end. */
function firstStretch({ kind, span }: PreparedList, after?: CursorPlace): Stretch | undefined {
  if (kind === 'leads') return { after };
  const from = Math.max(span.from, after && 'at' in after ? after.at : span.from);
  return sliceOf(span, from, firstSliceMs, after);
}

/**
 * The stretch after one that had so many rows: slices get longer as long as they hold few. One that was cut before its end, at a
 * place, goes on there.
 */
function nextStretch(
  { span }: PreparedList,
  { slice }: Stretch,
  { rows, cut }: { rows: number; cut?: CursorPlace | undefined },
): Stretch | undefined {
  // Time does not order leads: all of them are one stretch.
  if (!slice) return undefined;
  const length = slice.to - slice.from;
  if (cut && 'at' in cut) return sliceOf(span, cut.at, Math.max(length / growth, shortestSliceMs), cut);
  return sliceOf(span, slice.to, rows < fewRows ? length * growth : length);
}

const shortestSliceMs = hourMs / 4;

function sliceOf(span: Window, from: number, length: number, after?: CursorPlace): Stretch | undefined {
  return from < span.to ? { slice: { from, to: Math.min(span.to, from + Math.ceil(length)) }, after } : undefined;
}

async function prepareList({ question, column, key, part }: BehindQuestion, desk: Desk): Promise<PreparedList> {
  const { report } = question;
  const { asked, filters } = await settle(question, desk);
  const counts = report.counts as Counts<unknown>;
  const counted = figuresWithRows(report).get(column);
  if (!counted) throw new TypeError(`${column} of ${report.name} counts no calls or leads`);
  const { of } = counted;
  const kind: BehindKind = of === 'leads' ? 'leads' : 'calls';
  const wider = report.wider as Record<string, { span(asked: unknown): Window }>;
  const span = wider[of]?.span(asked) ?? asked.window;
  const conditions = [
    ...(counts.only ? [counts.only] : []),
    ...Object.entries(counts.by?.(asked) ?? {}).map(([column, of]) => isThat(column, of, key[column])),
    counted.which(asked),
  ].map((one) => sql`(${one})`);
  return {
    kind,
    span,
    statement({ slice, after }, limit) {
      // A filter that the report does not apply is no filter of its calls either; the part is.
      const scope = openScope(
        { ...asked, filters: { ...filters, ...part }, part, ...(slice && { slice }) },
        report.wider as never,
        asked,
      ) as Record<string, Sql>;
      const picked = {
        rows: scope[of] ?? sql``,
        where: join([...conditions, ...(after ? [isAfter(after)] : [])], sql` AND `),
        limit: limit === undefined ? sql`` : sql`LIMIT {rows:UInt64}`.bind({ rows: limit }),
      };
      return withNamedColumns(toList[kind](picked, { campaigns: scope.campaigns!, agents: scope.agents! }), scope);
    },
  };
}

/** Whether a row is of one value of a key: by an expression, or by what its word stands for. */
function isThat(column: string, of: Sql | Readonly<Record<string, Sql>>, value: string | number | undefined): Sql {
  if (value === undefined) throw new TypeError('a row is named by its whole key');
  if (!isSql(of)) return of[String(value)] ?? sql`0`;
  const place = `key_${column}`;
  const placeholder = typeof value === 'number' ? sql`{${name(place)}:UInt64}` : sql`{${name(place)}:String}`;
  return sql`${of} = ${placeholder.bind({ [place]: value })}`;
}

const isSql = (of: Sql | Readonly<Record<string, Sql>>): of is Sql => typeof of.text === 'string';

function isAfter(place: CursorPlace): Sql {
  if ('lead' in place) return sql`leads.lead_id > {after_lead:UInt64}`.bind({ after_lead: place.lead });
  const at = toInstant(place.at);
  return sql`(calls.started_at > ${at} OR (calls.started_at = ${at} AND (calls.campaign_id > {after_campaign:UInt64}
    OR (calls.campaign_id = {after_campaign:UInt64} AND calls.call_id > {after_call:String}))))`.bind({
    after_campaign: place.campaign,
    after_call: place.call,
  });
}

function toPlace(kind: BehindKind, row: Row): CursorPlace {
  if (kind === 'leads') return { lead: Number(row.lead_id) };
  return { at: Date.parse(String(row.started_at)), campaign: Number(row.campaign_id), call: String(row.call_id) };
}
