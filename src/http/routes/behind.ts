/** The calls or leads behind a report's figures: page after page as JSON, and whole as files. */
import { Type } from 'typebox';
import { assertMay, narrow, type Principal, partOf } from '../../access/roles.ts';
import { type BehindQuestion, looksBeyond, pageBehind, streamBehind } from '../../engine/behind.ts';
import { type BehindRows, behindRows } from '../../engine/behind-columns.ts';
import { behindKindOf, behindParams, pageParams, type ReadBehind, readBehind } from '../../engine/behind-params.ts';
import { toCursorText } from '../../engine/cursor.ts';
import type { ParamValues, RawParams } from '../../engine/params.ts';
import type { Report } from '../../engine/report.ts';
import { toRowSchema } from '../../engine/row-schema.ts';
import type { Filters } from '../../engine/scope.ts';
import { InvalidParams, NotFound } from '../../errors.ts';
import { reports } from '../../reports/index.ts';
import { closed, orNull } from '../../shapes.ts';
import { asJson, plainAnswer } from '../answers/answer-kinds.ts';
import { fileContents, formatParams, sendFile, toRecord } from '../answers/export-file.ts';
import type { ReportServices } from '../answers/report-services.ts';
import type { Input } from '../asked/input.ts';
import { toQuerySchema } from '../asked/params-schema.ts';
import { pathOf } from '../report-path.ts';
import { type AskedRoute, defineRoute, type Route } from '../route.ts';

const moreParams = (report: Report) => ({ ...pageParams(behindKindOf(report)), ...formatParams });

type More = ReturnType<typeof moreParams>;

interface Asked extends ReadBehind<More> {
  /** The report's own parameters, the key and the column that were given, as text. */
  given: Record<string, string>;
}

/** For each report a route of the rows behind its figures, and one that says what it has instead. */
export const behindRoutes = (services: ReportServices): Route[] =>
  reports.flatMap((report) => routesBehind(report, services));

function routesBehind(report: Report, services: ReportServices): Route[] {
  const kind = behindKindOf(report);
  const { title, about, columns } = behindRows[kind];
  const answer = asJson(
    closed({
      data: Type.Array(toRowSchema(columns)),
      next: orNull(Type.String({ description: 'Give it as `after` for the next page; null after the last' })),
      note: orNull(Type.String({ description: 'Why there are not as many as the figure says' })),
    }),
  );
  return [
    defineRoute({
      method: 'GET',
      path: `${pathOf(report)}/${kind}`,
      permission: ['reports', report.permission],
      about: {
        tags: ['Behind the figures'],
        operationId: `${report.name}-${kind}`,
        summary: `${title} behind a figure of ${report.title.charAt(0).toLowerCase()}${report.title.slice(1)}`,
        description: `${about} As many as the figure says. Pages after the first, and files, need the permission to export, and are written down as exports.`,
      },
      query: behindOf(report),
      answer: plainAnswer({ ...answer, content: { ...answer.content, ...fileContents } }),
      handler: (asked) => answerBehind(report, services, asked),
    }),
    defineRoute({
      method: 'GET',
      path: `${pathOf(report)}/${kind === 'calls' ? 'leads' : 'calls'}`,
      permission: ['reports', report.permission],
      answer: plainAnswer(),
      handler: () => {
        throw new NotFound(`The figures of ${report.name} count ${kind}: ask ${pathOf(report)}/${kind}.`);
      },
    }),
  ];
}

function behindOf(report: Report): Input<RawParams, Asked> {
  const more = moreParams(report);
  return {
    schema: toQuerySchema({ ...behindParams(report), ...more }),
    read(raw, context) {
      const read = readBehind(report, more, raw, context);
      const { format = 'json', ...paging } = read.more;
      const paged = (['limit', 'after'] as const).filter((name) => format !== 'json' && paging[name] !== undefined);
      // A file has all rows: who asks for some of them would take it for a page.
      if (paged.length > 0) {
        throw new InvalidParams(paged.map((field) => ({ id: 'only_with', field, other: 'format', value: 'json' })));
      }
      const { column, key } = read.figured;
      const named = Object.entries(key).map(([name, value]) => [name, String(value)]);
      const own = Object.keys(report.params).flatMap((name) => {
        const text = [raw[name] ?? []].flat().join(',').trim();
        return text === '' ? [] : [[name, text]];
      });
      return { ...read, given: { column, ...Object.fromEntries([...named, ...own]) } };
    },
  };
}

async function answerBehind(
  report: Report,
  services: ReportServices,
  { query: read, asker, now, reply }: AskedRoute<string, Asked, unknown>,
) {
  const { principal, tenantId, query } = asker;
  const { limit = 100, after, format = 'json', bom } = read.more as Partial<ParamValues<More>>;
  // Whoever walks from page to page takes rows out as a file does.
  if (format !== 'json' || after) assertMay(principal, 'exports');
  const part = partOf(principal);
  const question = { ...read.question, filters: narrow(principal, filtersOf(principal, read)) };
  const asked: BehindQuestion = { question, ...read.figured, part };
  const settings = await services.settings.of(tenantId);
  const note = noteOf(report, asked, principal);
  const shown = toShown(report);
  const exported = { question, shown, params: read.given, now, settings };
  if (format !== 'json') {
    if (note) reply.header('dialtally-note', note);
    const file = { ...exported, format, bom: bom !== '0' };
    return sendFile(services, asker, reply, { ...file, read: (desk) => streamBehind(asked, desk) });
  }
  // What is of the present stands still while somebody walks on.
  const desk = { tenantId, agentId: principal.agentId, now: after?.now ?? now, query, settings };
  const { rows, next } = await pageBehind(asked, desk, { limit, after });
  const text = JSON.stringify({ data: rows, next: next && toCursorText({ place: next, now: desk.now }), note });
  if (after) {
    services.exportLog.add(
      tenantId,
      toRecord(
        principal,
        { ...exported, format },
        { rows: rows.length, bytes: Buffer.byteLength(text), outcome: 'complete', now: services.now() },
      ),
    );
  }
  return reply.type('application/json; charset=utf-8').send(text);
}

/** What is asked for by filters, and by a row that is a team's. An agent's calls may be of several teams: there the row alone tells. */
function filtersOf({ agentId }: Principal, { question: { filters }, figured: { key } }: Asked): Filters {
  const team = key.team_id;
  return agentId === undefined && typeof team === 'number' && team !== 0 ? { ...filters, teamId: team } : filters;
}

/** Why a list has other rows than its figure says; null when it has as many. */
function noteOf(report: Report, { column }: BehindQuestion, { teamId, agentId }: Principal): string | null {
  const part = agentId === undefined ? teamId !== undefined && `team ${teamId}` : `agent ${agentId}`;
  const declared = report.columns[column];
  if (declared && 'unit' in declared && declared.unit === 'agents')
    return 'The figure counts agents. These are their calls.';
  if (!part || !looksBeyond(report, column)) return null;
  return `The figure counts calls of the whole tenant. This token shows those of ${part} alone.`;
}

/** The list as files know a report: by its own columns. */
function toShown(report: Report): Report {
  const kind = behindKindOf(report);
  const { title, about, columns, key }: BehindRows = behindRows[kind];
  const { span: _, ...own } = report;
  return {
    ...own,
    name: `${report.name}-${kind}`,
    title: `${report.title}: ${title.toLowerCase()}`,
    about,
    columns,
    key,
    hidden: {},
    parts: {},
    rows: 'list',
    picture: { kind: 'table' },
    sample: { rows: 0 },
  } as unknown as Report;
}
