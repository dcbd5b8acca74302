/** What a report is: everything that it declares, the two kinds that there are, and how they are defined. */
import { type Sql, sql } from '../sql.ts';
import type { AbandonTerms } from './abandon.ts';
import { kindOf } from './column-kinds.ts';
import type { Column, Columns, RowOf } from './columns.ts';
import { id, type Param, type Params, type ParamValues } from './params.ts';
import type { Picture } from './pictures.ts';
import type { Scope, WiderReads, Window } from './scope.ts';
import type { Settings } from './settings.ts';
import { besideParams, compareParams, filterParams, windowParams } from './window.ts';

/** What every report is given beside its own parameters. */
export interface Asked {
  tenantId: number;
  timezone: string;
  settings: Settings;
  /** The clock of the request, in epoch milliseconds. */
  now: number;
}

/** Runs a SELECT with the limits and the signal of the request. */
export type RunQuery = <Row>(statement: Sql) => Promise<Row[]>;

/** The rows of a SELECT in chunks, with the limits and the signal of the request. Leaving the loop ends the query. */
export type StreamQuery = <Row>(statement: Sql) => AsyncIterable<Row[]>;

/** A list beside a report's own rows. It is always there, or when the parameter of its name asks for it. */
export interface DeclaredPart {
  title: string;
  /** What its rows are, and in which order; no full stop. */
  about: string;
  columns: Columns;
  /** Which columns tell a row from all others. */
  key: readonly string[];
}

/** Which calls or leads a report counts, row by row: what stands behind its figures, and what its SQL groups by. */
export interface Counts<Asked, Key extends string = string, Column extends string = string> {
  of: 'calls' | 'leads';
  /** Which of them a row may count: `calls.is_dial`. */
  only?: Sql;
  /** For each column of the key, what a call or a lead has of it; or, for each of its words, which ones have that. */
  by?: (asked: Asked) => Record<Key, Sql | Readonly<Record<string, Sql>>>;
  /** Columns that count something else than their figure does of those: rows read for them alone, or others by what is asked. */
  but?: Partial<Record<Column, { of?: string; which?: (asked: Asked) => Sql }>>;
}

/** The same in a report's SQL: nothing is written twice. */
export interface CountedRows<Key extends string = string> {
  only: Sql;
  by: Record<Key, Sql>;
}

/** What the columns of time in a report's rows are, by the calendar of the zone asked for. */
export type Times<P extends Params = Params> =
  /** Labels of days, weeks or hours, one after another; quiet ones may be missing. */
  | { kind: 'series'; column: string; unit: (params: ParamValues<P>) => CalendarUnit }
  /** Hours of weekdays, of which a window has several each. */
  | { kind: 'slots'; weekday: string; hour: string };

/** Lengths of buckets. */
export type CalendarUnit = 'day' | 'week' | 'hour';

/** What every report declares. */
interface Declared<C extends Columns, P extends Params> {
  /** The last part of its address, and its file's name. */
  name: string;
  /** A heading for people. */
  title: string;
  /** One sentence: what it tells. */
  about: string;
  /** The columns of a row, in the order of JSON, CSV and docs. */
  columns: C;
  /** Columns that are selected behind those and shown to nobody: what rates and averages are made of. */
  hidden: Columns;
  /** Which columns tell a row from all others; none where there is one row. */
  key: readonly (keyof C & string)[];
  /** Parameters of its own. */
  params: P;
  /**
   * Lists beside the rows, by name. An answer with a `main` part is an object of all parts; one without is the rows, and
   * these are lists of each row. Files have the rows alone.
   */
  parts: Record<string, DeclaredPart>;
  /** What shows the rows best. */
  picture: Picture;
  /** Made-up rows for previews: how many, and the values that belong together. */
  sample: Sample;
}

/** Made-up rows: how many, and the values of a row, by its number, that belong together. */
export interface Sample {
  rows: number;
  row?(number: number): Record<string, unknown>;
}

/** What a kind of report settles for all reports of it. */
interface Settled {
  /** `one` row as an object, or a list of rows. */
  rows: 'one' | 'list';
  /** The parameters that it shares with others. */
  shared: Params;
  /** Parameters that it takes as all reports do, and that change nothing. */
  unused: readonly string[];
  /** What a token must be allowed beside reading reports. */
  permission: 'reports' | 'abandon_rate';
  /** The name of the rows in the answer; the rows are the answer when there is none. */
  main?: string;
  /** The columns of the row that hold its window, where no parameter does. */
  span?: { from: string; to: string };
}

/** A report over a window of calls: one SELECT, whose aliases are the columns. */
export interface WindowReport<C extends Columns = Columns, P extends Params = Params, W extends string = string>
  extends Declared<C, P>,
    Settled {
  over: 'window';
  /** What it reads beyond the question: by name, each with its reason. */
  wider: WiderReads<AskedWindow<P>, W>;
  counts: Counts<AskedWindow<P>>;
  times?: Times<P>;
  sql(scope: Scope<W>, asked: AskedWindow<P>): Sql;
}

/** What a report over a window is asked. */
export type AskedWindow<P extends Params = Params> = Asked & { window: Window; params: ParamValues<P> };

/** A report on a campaign's present state: it reads no dates, takes no filters, and answers with several parts. */
export interface LiveReport<C extends Columns = Columns, P extends Params = Params, W extends string = string>
  extends Declared<C, P>,
    Settled {
  over: 'now';
  main: string;
  /** The window that it is about. */
  window(asked: Omit<AskedLive<P>, 'window'>): Window;
  /** What it reads beyond the campaign in that window: by name, each with its reason. */
  wider: WiderReads<AskedLive<P>, W>;
  counts: Counts<AskedLive<P>>;
  /** Finds out all that the parameters ask for. */
  measure(query: RunQuery, scope: Scope<W>, asked: AskedLive<P>): Promise<Measured>;
  /** A measurement as an answer: to its own parameters, or to any that ask for less. */
  show(measured: Measured, params: ParamValues<P>): LiveAnswer<C>;
}

/** What a live report is asked: of a campaign, which has terms of its own. */
export type AskedLive<P extends Params = Params> = AskedWindow<P> & { campaignId: number; campaign: AbandonTerms };

/** The parts of an answer by their names: the row, and lists. */
export type LiveAnswer<C extends Columns = Columns> = { current: RowOf<C> } & Record<string, object>;

/** What a live report found out, for it alone to read. */
export type Measured = object;

/** Any report of the catalogue. */
export type Report = WindowReport | LiveReport;

/** What an author writes: the rest has defaults, or is settled. */
type Written<R extends Declared<Columns, Params> & Settled> = Omit<R, keyof Settled | keyof typeof unwritten | 'over'> &
  Partial<Pick<R, Exclude<keyof typeof unwritten, 'key' | 'wider'>>>;

const unwritten = { params: {}, hidden: {}, parts: {}, wider: {}, key: [] as string[], picture: {}, sample: {} };

/** Declares a report over a window of calls. Without a key it has one row. */
export function defineReport<
  const C extends Columns,
  const P extends Params,
  const K extends keyof C & string = never,
  W extends string = never,
>(
  report: Omit<Written<WindowReport<C, P, W>>, 'counts' | 'sql'> & {
    key?: readonly K[];
    wider?: WiderReads<AskedWindow<P>, W>;
    counts: Counts<AskedWindow<P>, K, keyof C & string>;
    sql(scope: Scope<W>, asked: AskedWindow<P>, rows: CountedRows<K>): Sql;
  },
): WindowReport {
  const rows = report.key ? 'list' : 'one';
  const { counts } = report;
  return {
    ...unwritten,
    picture: { kind: rows === 'one' ? 'tiles' : 'table' },
    sample: { rows: rows === 'one' ? 1 : 12 },
    ...report,
    sql: (scope: Scope<W>, asked: AskedWindow<P>) =>
      report.sql(scope, asked, { only: counts.only ?? sql`1`, by: (counts.by?.(asked) ?? {}) as CountedRows<K>['by'] }),
    over: 'window',
    rows,
    shared: { ...windowParams, ...filterParams, ...besideParams, ...compareParams },
    unused: [],
    permission: 'reports',
  } as unknown as WindowReport;
}

/** Declares a report on the present state of a campaign. */
export function defineLiveReport<
  const C extends Columns,
  const P extends Params,
  M extends Measured,
  W extends string = never,
>(
  report: Omit<Written<LiveReport<C, P, W>>, 'measure' | 'show' | 'counts'> & {
    counts: Counts<AskedLive<P>, never, keyof C & string>;
    span: { from: keyof C & string; to: keyof C & string };
    wider?: WiderReads<AskedLive<P>, W>;
    measure(query: RunQuery, scope: Scope<W>, asked: AskedLive<P>): Promise<M>;
    show(measured: M, params: ParamValues<P>): LiveAnswer<C>;
  },
): LiveReport {
  return {
    ...unwritten,
    picture: { kind: 'tiles' },
    sample: { rows: 1 },
    ...report,
    over: 'now',
    rows: 'one',
    main: 'current',
    shared: {
      ...filterParams,
      campaign_id: { ...id('The campaign'), required: true as const, example: 43 },
      ...besideParams,
      ...compareParams,
    },
    // Spec: no filter narrows a report on the present, and it has a window of its own.
    unused: ['date_from', 'date_to', 'team_id', 'agent_ids', 'timezone'],
    permission: 'abandon_rate',
  } as unknown as LiveReport;
}

/** A named part of an answer: rows of the same columns. */
export interface AnswerPart extends DeclaredPart {
  name: string;
  rows: 'one' | 'list';
  /** Whose it is: the answer's, or each row's of the first part. */
  of: 'answer' | 'row';
  /** The parameter without which it is not there. */
  asked?: string;
}

/** All parts of a report's answer; its own rows are the first. */
export function partsOf(report: Report): [main: AnswerPart, ...others: AnswerPart[]] {
  const { name, title, about, columns, key, rows, main } = report;
  const of = main === undefined ? 'row' : 'answer';
  const held = columnsOf(report).flatMap(([column, declared]): AnswerPart[] => {
    const { part } = kindOf(declared);
    return part
      ? [{ name: column, title: declared.label, about: declared.meaning, rows: 'list', of: 'row', ...part }]
      : [];
  });
  const declared = Object.entries(report.parts).map(([part, its]): AnswerPart => {
    const asked = Object.hasOwn(report.params, part) && { asked: part };
    return { name: part, rows: 'list', of, ...asked, ...its };
  });
  return [{ name: main ?? name, title, about, columns, key, rows, of: 'answer' }, ...held, ...declared];
}

/** The column names of a report with their declarations, in order. */
export function columnsOf(report: Report): [name: string, column: Column][] {
  return Object.entries(report.columns);
}

/** A report's parameters as they are documented: the shared ones, and its own. */
export function paramsOf(report: Report): Record<string, Param> {
  return { ...report.shared, ...report.params };
}
