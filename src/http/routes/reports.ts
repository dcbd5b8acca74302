/** The reports, as JSON and as files: a loop over the catalogue. */
import { assertMay, narrow } from '../../access/roles.ts';
import type { TenantSettings } from '../../access/settings.ts';
import { answerCompared } from '../../engine/compare.ts';
import { toComparison } from '../../engine/comparison-schema.ts';
import type { ParamValues, RawParams } from '../../engine/params.ts';
import { paramsOf, type Report } from '../../engine/report.ts';
import { answer, type Question, readQuestion, streamRows, withoutParts } from '../../engine/run.ts';
import { toAnswerSchema } from '../../engine/schema.ts';
import { NotFound } from '../../errors.ts';
import { reports } from '../../reports/index.ts';
import { asJson, plainAnswer } from '../answers/answer-kinds.ts';
import { exportParams, type FileServices, formatParams, sendFile } from '../answers/export-file.ts';
import { sendHeld, sendRows } from '../answers/rows.ts';
import type { Input } from '../asked/input.ts';
import { toQuerySchema } from '../asked/params-schema.ts';
import { pathOf, reportsPath } from '../report-path.ts';
import { type AskedRoute, defineRoute, type Route } from '../route.ts';

/** What reports are answered with. */
export interface ReportServices extends FileServices {
  settings: TenantSettings;
}

const file = { schema: { type: 'string', format: 'binary' } };
const files = { 'text/csv': file, 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': file };

/** One route a report, and one for its files. */
export function reportRoutes(services: ReportServices): Route[] {
  return [...reports.flatMap((report) => routesOf(report, services)), ...unknownRoutes()];
}

function routesOf(report: Report, services: ReportServices): Route[] {
  const json = asJson(toAnswerSchema(report));
  return [
    defineRoute({
      method: 'GET',
      path: pathOf(report),
      permission: ['reports', report.permission],
      about: { tags: ['Reports'], operationId: report.name, summary: report.title, description: report.about },
      query: questionOf(report, formatParams),
      answer: plainAnswer({ ...json, content: { ...json.content, ...files } }),
      handler: (asked) => answerWith(services, asked, asked.query.format ?? 'json'),
    }),
    defineRoute({
      method: 'GET',
      path: `${pathOf(report)}/export`,
      permission: ['exports', report.permission],
      about: {
        tags: ['Exports'],
        operationId: `${report.name}-export`,
        summary: `${report.title} as a file`,
        description: `${report.about} Exactly the rows of the JSON.`,
      },
      query: questionOf(report, exportParams),
      answer: plainAnswer({ description: 'The file', content: files }),
      handler: (asked) => answerWith(services, asked, asked.query.format ?? 'csv'),
    }),
  ];
}

function unknownRoutes(): Route[] {
  const answer = plainAnswer();
  const refuse = ({ path: { name } }: { path: { name: string } }): never => {
    throw new NotFound(
      `There is no report ${JSON.stringify(name)}. The reports are ${reports.map(({ name }) => name).join(', ')}.`,
    );
  };
  return [
    defineRoute({ method: 'GET', path: `${reportsPath}/:name`, permission: 'any', answer, handler: refuse }),
    defineRoute({ method: 'GET', path: `${reportsPath}/:name/export`, permission: 'any', answer, handler: refuse }),
  ];
}

interface AskedReport {
  question: Question;
  /** The report's own parameters that were given, as text. */
  given: Record<string, string>;
  format: 'json' | 'csv' | 'xlsx' | undefined;
  bom: string | undefined;
}

/** Reads the report's parameters and the file's at once, so that a 422 names every bad field. */
function questionOf(
  report: Report,
  fileParams: typeof formatParams | typeof exportParams,
): Input<RawParams, AskedReport> {
  return {
    schema: toQuerySchema({ ...paramsOf(report), ...fileParams }),
    read(raw, context) {
      const both = { ...report, params: { ...report.params, ...fileParams } };
      const read = readQuestion(both, raw, context);
      const { format, bom, ...params } = read.params as ParamValues<typeof formatParams>;
      const question = { ...read, report, params };
      return { question, given: toGiven(question, raw), format, bom };
    },
  };
}

async function answerWith(
  services: ReportServices,
  { query: { question, given, bom }, asker, now, reply }: AskedRoute<string, AskedReport, unknown>,
  format: 'json' | 'csv' | 'xlsx',
) {
  const { principal, tenantId, query, stream } = asker;
  if (format !== 'json') assertMay(principal, 'exports');
  const narrowed: Question = { ...question, filters: narrow(principal, question.filters) };
  const settings = await services.settings.of(tenantId);
  if (format !== 'json') {
    const asked = { question: withoutParts(narrowed), params: given, format, bom: bom !== '0', now, settings };
    return sendFile(services, asker, reply, asked);
  }
  const desk = { now, tenantId, agentId: principal.agentId, settings, query, stream };
  if (narrowed.compare) {
    const compared = await answerCompared(narrowed, desk);
    return sendHeld(asker, reply, compared.data, toComparison(compared));
  }
  if (question.report.rows === 'list') return sendRows(asker, reply, streamRows(narrowed, desk));
  const { data } = await answer(narrowed, desk);
  return reply.type('application/json; charset=utf-8').send({ data });
}

function toGiven({ params, compare }: Question, raw: RawParams): Record<string, string> {
  const given = Object.keys(params).filter((name) => params[name] !== undefined);
  // A file has its columns, as it has those of the report's own parameters.
  if (compare) given.push('compare');
  return Object.fromEntries(given.map((name) => [name, [raw[name] ?? []].flat().join(',').trim()]));
}
