import type { Sql } from '../sql.ts';
import type { AbandonTerms } from './abandon.ts';
import type { Column, Columns, RowOf } from './columns.ts';
import type { Params, ParamValues } from './params.ts';
import type { Scope, WiderReads, Window } from './scope.ts';
import type { Settings } from './settings.ts';

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

/** A list that an answer has beside its columns when the parameter of its name asks for it. Files leave it out. */
export interface Extra {
  meaning: string;
  /** The columns of its rows. */
  columns: Columns;
}

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
  /** Parameters of its own. */
  params: P;
  /** By name: of each row, or of the whole answer of a report on the present. */
  extras?: Record<string, Extra>;
}

/** A report over a window of calls: one SELECT, whose aliases are the columns. */
export interface WindowReport<C extends Columns = Columns, P extends Params = Params, W extends string = string>
  extends Declared<C, P> {
  over: 'window';
  /** `one` row as an object, or a list of rows. */
  rows: 'one' | 'list';
  /** What it reads beyond the question: by name, each with its reason. */
  wider: WiderReads<AskedWindow<P>, W>;
  sql(scope: Scope<W>, asked: AskedWindow<P>): Sql;
}

/** What a report over a window is asked. */
export type AskedWindow<P extends Params = Params> = Asked & { window: Window; params: ParamValues<P> };

/** A report on a campaign's present state: it reads no dates, takes no filters, and answers with an object of its own. */
export interface LiveReport<C extends Columns = Columns, P extends Params = Params, W extends string = string>
  extends Declared<C, P> {
  over: 'now';
  /** The columns of `breaches`. */
  breachColumns: Columns;
  /** The window that it is about. */
  window(asked: Omit<AskedLive<P>, 'window'>): Window;
  /** What it reads beyond the campaign in that window: by name, each with its reason. */
  wider: WiderReads<AskedLive<P>, W>;
  /** Finds out all that the parameters ask for. */
  measure(query: RunQuery, scope: Scope<W>, asked: AskedLive<P>): Promise<Measured>;
  /** A measurement as an answer: to its own parameters, or to any that ask for less. */
  show(measured: Measured, params: ParamValues<P>): LiveAnswer<C>;
}

/** What a live report is asked: of a campaign, which has terms of its own. */
export type AskedLive<P extends Params = Params> = AskedWindow<P> & { campaignId: number; campaign: AbandonTerms };

interface LiveAnswer<C extends Columns> {
  current: RowOf<C>;
  breaches: Record<string, unknown>[];
  history?: object[];
}

/** What a live report found out, for it alone to read. */
export type Measured = object;

/** Any report of the catalogue. */
export type Report = WindowReport | LiveReport;

/** Declares a report over a window of calls. */
export function defineReport<const C extends Columns, const P extends Params, W extends string = never>(
  report: Omit<WindowReport<C, P, W>, 'over' | 'params' | 'rows' | 'wider'> & {
    params?: P;
    rows?: 'one' | 'list';
    wider?: WiderReads<AskedWindow<P>, W>;
  },
): WindowReport {
  return { rows: 'list', params: {} as P, wider: {}, ...report, over: 'window' } as unknown as WindowReport;
}

/** Declares a report on the present state of a campaign. */
export function defineLiveReport<
  const C extends Columns,
  const P extends Params,
  M extends Measured,
  W extends string = never,
>(
  report: Omit<LiveReport<C, P, W>, 'over' | 'wider' | 'measure' | 'show'> & {
    wider?: WiderReads<AskedLive<P>, W>;
    measure(query: RunQuery, scope: Scope<W>, asked: AskedLive<P>): Promise<M>;
    show(measured: M, params: ParamValues<P>): LiveAnswer<C>;
  },
): LiveReport {
  return { wider: {}, ...report, over: 'now' } as unknown as LiveReport;
}

/** The column names of a report with their declarations, in order. */
export function columnsOf(report: Report): [name: string, column: Column][] {
  return Object.entries(report.columns);
}
