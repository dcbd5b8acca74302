/** The reports, as JSON and as files: a loop over the catalogue. */
import { assertMay, narrow } from '../../access/roles.ts';
import { answerCompared } from '../../engine/compare.ts';
import { toComparison } from '../../engine/comparison-schema.ts';
import type { FileFormatName } from '../../engine/file-formats.ts';
import type { ParamValues, RawParams } from '../../engine/params.ts';
import { paramsOf, type Report } from '../../engine/report.ts';
import { answer, type Question, readQuestion, streamRows, withoutParts } from '../../engine/run.ts';
import { toAnswerSchema } from '../../engine/schema.ts';
import { NotFound } from '../../errors.ts';
import { reports } from '../../reports/index.ts';
import { aboutOf } from '../answers/about.ts';
import { asJson, plainAnswer } from '../answers/answer-kinds.ts';
import { comparedFile } from '../answers/compared-file.ts';
import { exportParams, type FileDesk, fileContents, formatParams, sendFile } from '../answers/export-file.ts';
import type { ReportServices } from '../answers/report-services.ts';
import { sendHeld, sendRows } from '../answers/rows.ts';
import type { Input } from '../asked/input.ts';
import { toQuerySchema } from '../asked/params-schema.ts';
import { pathOf, reportsPath } from '../report-path.ts';
import { type AskedRoute, defineRoute, type Route } from '../route.ts';

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
      answer: plainAnswer({ ...json, content: { ...json.content, ...fileContents } }),
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
      answer: plainAnswer({ description: 'The file', content: fileContents }),
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
  const more = ['', '/export', '/calls', '/leads'] as const;
  return more.map((end) =>
    defineRoute({
      method: 'GET',
      path: `${reportsPath}/:name${end}` as const,
      permission: 'any',
      answer,
      handler: refuse,
    }),
  );
}

interface AskedReport {
  question: Question;
  /** The report's own parameters that were given, as text. */
  given: Record<string, string>;
  /** The window as it was written. */
  written: { date_from: string; date_to: string };
  format: 'json' | FileFormatName | undefined;
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
      const written = { date_from: textOf(raw, 'date_from'), date_to: textOf(raw, 'date_to') };
      return { question, given: toGiven(question, raw), written, format, bom };
    },
  };
}

async function answerWith(
  services: ReportServices,
  { query: { question, given, written, bom }, asker, now, reply }: AskedRoute<string, AskedReport, unknown>,
  format: 'json' | FileFormatName,
) {
  const { principal, tenantId, query, stream } = asker;
  if (format !== 'json') assertMay(principal, 'exports');
  const narrowed: Question = { ...question, filters: narrow(principal, question.filters) };
  const settings = await services.settings.of(tenantId);
  // Found before the rows are: it says what they have at least, and its failure is an error as any other.
  const about = await aboutOf(services, asker, {
    question: narrowed,
    filters: question.filters,
    written,
    params: ownOf(given),
    now,
  });
  if (format !== 'json') {
    const rows = withoutParts(narrowed);
    const read = (desk: FileDesk) => streamRows(rows, desk);
    return sendFile(services, asker, reply, {
      question: rows,
      ...(rows.compare ? comparedFile(rows) : { shown: rows.report, read }),
      params: given,
      format,
      bom: bom !== '0',
      now,
      settings,
      ...(about && { about }),
    });
  }
  const beside = about ? { about } : {};
  const desk = { now, tenantId, agentId: principal.agentId, settings, query, stream };
  if (narrowed.compare) {
    const compared = await answerCompared(narrowed, desk);
    return sendHeld(asker, reply, { data: compared.data, ...beside, comparison: toComparison(compared) });
  }
  if (question.report.rows === 'list') return sendRows(asker, reply, streamRows(narrowed, desk), beside);
  const { data } = await answer(narrowed, desk);
  return reply.type('application/json; charset=utf-8').send({ data, ...beside });
}

/** The report's own parameters among those that were given. */
const ownOf = ({ compare: _, ...own }: Record<string, string>) => own;

function toGiven({ params, compare }: Question, raw: RawParams): Record<string, string> {
  const given = Object.keys(params).filter((name) => params[name] !== undefined);
  // A file has its columns, as it has those of the report's own parameters.
  if (compare) given.push('compare');
  return Object.fromEntries(given.map((name) => [name, [raw[name] ?? []].flat().join(',').trim()]));
}

/** The text that was given for a parameter of one value: empty ones beside it are none. */
function textOf(raw: RawParams, name: string): string {
  const given = [raw[name] ?? []].flat().map((text) => text.trim());
  return given.find((text) => text !== '') ?? '';
}
