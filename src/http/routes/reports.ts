import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { assertMay, narrow } from '../../access/roles.ts';
import type { RawParams } from '../../engine/params.ts';
import type { Report } from '../../engine/report.ts';
import { answer, type Question, readQuestion, streamRows } from '../../engine/run.ts';
import { NotFound } from '../../errors.ts';
import { reports } from '../../reports/index.ts';
import { errorAnswers } from '../answers/answers.ts';
import { exportParams, formatParams, sendFile } from '../answers/files.ts';
import { sendRows } from '../answers/rows.ts';
import { type Context, principalOf, queriesOf, streamsOf } from '../context.ts';
import { exportSchema, reportSchema } from '../openapi.ts';

/** The address under which all reports live. */
export const reportsPath = '/api/telesales/reports';

/** One route a report, and one for its files: a loop over the catalogue. */
export function serveReports(app: FastifyInstance, context: Context): void {
  for (const report of reports) {
    app.get(`${reportsPath}/${report.name}`, {
      schema: reportSchema(report),
      config: { permission: 'reports' },
      handler: (request, reply) => answerWith(context, report, request, reply, formatParams, 'json'),
    });
    app.get(`${reportsPath}/${report.name}/export`, {
      schema: exportSchema(report),
      config: { permission: 'exports' },
      handler: (request, reply) => answerWith(context, report, request, reply, exportParams, 'csv'),
    });
  }
  const unknownReport = (name: string) => {
    throw new NotFound(
      `There is no report ${JSON.stringify(name)}. The reports are ${reports.map(({ name }) => name).join(', ')}.`,
    );
  };
  for (const path of ['/:name', '/:name/export']) {
    app.get<{ Params: { name: string } }>(`${reportsPath}${path}`, {
      schema: { hide: true, response: errorAnswers() },
      config: { permission: 'any' },
      handler: async (request) => unknownReport(request.params.name),
    });
  }
}

async function answerWith(
  context: Context,
  report: Report,
  request: FastifyRequest,
  reply: FastifyReply,
  files: typeof formatParams | typeof exportParams,
  fallback: 'json' | 'csv',
) {
  const principal = principalOf(request);
  assertMay(principal, report.permission);
  const now = context.now();
  const raw = request.query as RawParams;
  const reading = { now };
  const { question, format, bom } = readAll(report, raw, reading, files);
  if (format && format !== 'json') assertMay(principal, 'exports');
  const narrowed: Question = { ...question, filters: narrow(principal, question.filters) };
  const wanted = format ?? fallback;
  const { tenantId, agentId } = principal;
  const settings = await context.settings.of(tenantId);
  if (wanted !== 'json') {
    const asked = {
      question: withoutParts(narrowed),
      params: toGiven(question, raw),
      format: wanted,
      bom: bom !== '0',
      now,
      settings,
    };
    return sendFile(context, request, reply, asked);
  }
  const desk = { ...reading, tenantId, agentId, settings, query: queriesOf(context, request) };
  if (report.rows === 'list') {
    return sendRows(context, request, reply, streamRows(narrowed, { ...desk, stream: streamsOf(context, request) }));
  }
  const { data } = await answer(narrowed, desk);
  return reply.type('application/json; charset=utf-8').send({ data });
}

/** Reads the report's parameters and the file's at once, so that a 422 names every bad field. */
function readAll(
  report: Report,
  raw: RawParams,
  reading: Parameters<typeof readQuestion>[2],
  files: typeof formatParams | typeof exportParams,
) {
  const question = { ...report, params: { ...report.params, ...files } };
  const read = readQuestion(question, raw, reading);
  const { format, bom, ...params } = read.params as { format?: 'json' | 'csv' | 'xlsx'; bom?: string };
  return { question: { ...read, report, params }, format, bom };
}

/** The question for a file: it has the columns alone, so what is beside them need not be found out. */
function withoutParts(question: Question): Question {
  const params = Object.entries(question.params).filter(([name]) => !Object.hasOwn(question.report.parts, name));
  return { ...question, params: Object.fromEntries(params) };
}

/** The report's own parameters that were given, as text. */
function toGiven({ params }: Question, raw: RawParams): Record<string, string> {
  const given = Object.keys(params).filter((name) => params[name] !== undefined);
  return Object.fromEntries(given.map((name) => [name, [raw[name] ?? []].flat().join(',').trim()]));
}
