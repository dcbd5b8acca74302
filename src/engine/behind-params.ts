/** The parameters that ask for the rows behind a figure: the report's own, the key of a row, and a column. */
import { type Figured, figuresWithRows } from './behind.ts';
import type { BehindKind } from './behind-columns.ts';
import type { Column } from './columns.ts';
import { cursor } from './cursor.ts';
import { count, naturalNumber, oneOf, type Param, type Params, type RawParams, rowText } from './params.ts';
import { paramsOf, type Report } from './report.ts';
import { type Question, readQuestion } from './run.ts';

/** The most rows of a page. */
export const mostOfPage = 1000;

/** Which rows stand behind a report's figures. */
export const behindKindOf = (report: Report): BehindKind => report.counts.of;

// As many characters as a text of a row may have.
const longestText = 1000;

/** The key of a row as parameters. */
function keyParams({ key, columns }: Report): Params {
  return Object.fromEntries(
    key.map((name) => [name, { ...keyParam(columns[name] as Column), required: true as const }]),
  );
}

function keyParam(column: Column): Param {
  const about = `Of the row: ${column.meaning.charAt(0).toLowerCase()}${column.meaning.slice(1)}`;
  if (column.kind === 'integer') return column.max === undefined ? naturalNumber(about) : count(about, 0, column.max);
  return column.kind === 'choice' ? oneOf(about, column.choices) : rowText(about, longestText);
}

/** Parameters that say which page of a list. */
export const pageParams = (kind: BehindKind) => ({
  limit: count(`At most so many (default 100, at most ${mostOfPage})`, 1, mostOfPage),
  after: cursor('`next` of the page before', kind),
});

/** Everything that a list behind a report's figures takes, beside what its files do. */
export function behindParams(report: Report): Params {
  // A list is made of calls: there is nothing beside it.
  const { with: _, compare: __, ...params } = paramsOf(report) as Record<string, Param>;
  return { ...params, ...ownParams(report) };
}

function ownParams(report: Report): Params {
  const columns = [...figuresWithRows(report).keys()];
  const [first = ''] = columns;
  return {
    ...keyParams(report),
    column: { ...oneOf('Which figure: a column that counts', columns), default: first },
  };
}

/** What was asked: the report's question, the figure, and the values of the other parameters. */
export interface ReadBehind<P extends Params> {
  question: Question;
  figured: Figured;
  more: { [Name in keyof P]?: P[Name] extends Param<infer Value> ? Value | undefined : never };
}

/** Reads a question about the rows behind a figure, with `more` parameters. Throws InvalidParams, naming every bad field at once. */
export function readBehind<P extends Params>(
  report: Report,
  more: P,
  raw: RawParams,
  context: { now: number },
): ReadBehind<P> {
  const own = ownParams(report);
  const read = readQuestion({ ...report, params: { ...report.params, ...own, ...more } } as Report, raw, context);
  const values: Record<string, unknown> = { ...read.params };
  const take = (name: string) => {
    const value = values[name];
    delete values[name];
    return value;
  };
  const given = Object.fromEntries(Object.keys(more).map((name) => [name, take(name)]));
  const column = String(take('column') ?? own.column?.default);
  // A key may be called as a filter is. It says which row, and a row has no filter of its own; a campaign's filters by itself.
  const { teamId, ...others } = read.filters;
  const isTeamKey = report.key.includes('team_id');
  const filtered: Record<string, number | undefined> = { team_id: teamId, campaign_id: others.campaignId };
  const key = Object.fromEntries(
    report.key.map((name) => [name, (Object.hasOwn(filtered, name) ? filtered[name] : take(name)) as string | number]),
  );
  const filters = isTeamKey ? others : read.filters;
  return {
    question: { ...read, report, filters, params: values },
    figured: { column, key },
    more: given as ReadBehind<P>['more'],
  };
}
