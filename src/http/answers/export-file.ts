/** A report as a file: CSV or Excel, made as its rows come, and written down. */
import { randomUUID } from 'node:crypto';
import { finished } from 'node:stream';
import type { FastifyReply } from 'fastify';
import type { ExportLog, ExportRecord } from '../../access/export-log.ts';
import type { Principal } from '../../access/roles.ts';
import { findTenant, unnamedTenant } from '../../access/tenants.ts';
import { answerCompared } from '../../engine/compare.ts';
import { rowsBeside } from '../../engine/comparison-columns.ts';
import { type Comparison, toComparedWindow } from '../../engine/comparison-schema.ts';
import { oneOf } from '../../engine/params.ts';
import type { StreamQuery } from '../../engine/report.ts';
import { type Desk, type Question, streamRows } from '../../engine/run.ts';
import type { Settings } from '../../engine/settings.ts';
import { DialtallyError } from '../../errors.ts';
import { withComparison } from '../../export/compared-layout.ts';
import { toCsv } from '../../export/csv.ts';
import { toQueryText } from '../../export/facts.ts';
import { toContentDisposition, toFileName } from '../../export/file-name.ts';
import type { ExportFacts, Layouts } from '../../export/layout.ts';
import { excelRows } from '../../export/xlsx.ts';
import type { Store } from '../../store/store.ts';
import type { Asker } from '../asker.ts';
import type { ExcelMaker } from './excel.ts';
import { sendText } from './rows.ts';

/** The parameters of files. */
export const formatParams = {
  format: oneOf('json (default), csv or xlsx', ['json', 'csv', 'xlsx']),
  bom: oneOf('0: a CSV without a byte-order mark, for scripts', ['0', '1']),
};

/** The parameters of `/{report}/export`. */
export const exportParams = { ...formatParams, format: oneOf('csv (default) or xlsx', ['csv', 'xlsx']) };

type Chunks = AsyncGenerator<Record<string, unknown>[]>;

/** What files are made with. */
export interface FileServices {
  store: Store;
  exportLog: ExportLog;
  /** How files are laid out. */
  layouts: Layouts;
  /** Makes Excel files, away from everything else. */
  excel: ExcelMaker;
  now: () => number;
}

/** A file that is asked for. */
export interface AskedFile {
  question: Question;
  /** The report's own parameters as they were given. */
  params: Record<string, string>;
  format: 'csv' | 'xlsx';
  bom: boolean;
  now: number;
  settings: Settings;
}

/**
 * Answers with a report as a file. A failure before the first row is an error as any other; after it the connection is
 * broken, so that nobody takes a part for the whole.
 */
export async function sendFile(services: FileServices, asker: Asker, reply: FastifyReply, asked: AskedFile) {
  const { question, format, bom, now, settings } = asked;
  const { store, exportLog, layouts, excel } = services;
  const { tenantId, principal, query, stream } = asker;
  if (reply.request.method === 'HEAD') {
    throw new DialtallyError('BAD_REQUEST', 405, 'A file is made when it is asked for: GET it.');
  }
  const progress = { rows: 0, bytes: 0, isComplete: false };
  const desk = { tenantId, agentId: principal.agentId, now, settings, query, stream };
  const told: { compared?: Comparison['window'] } = {};
  const rows = question.compare ? comparedRows(question, desk, told) : streamRows(question, desk);
  finished(reply.raw, (error) => {
    // A reply that ended before anybody read its rows would hold their query.
    void rows.return(undefined).catch(() => {});
    const outcome = progress.isComplete && !error ? 'complete' : 'failed';
    exportLog.add(tenantId, toRecord(principal, asked, { ...progress, outcome, now: services.now() }));
  });
  const own = layouts.of(question.report, tenantId);
  const layout = question.compare ? withComparison(own, question.report) : own;
  const begin = async () => {
    const [tenant, first] = await Promise.all([findTenant(store, tenantId), rows.next()]);
    const facts = { ...toFacts(asked, tenant ?? unnamedTenant(tenantId), first.value?.[0]), ...told };
    reply
      .header('content-disposition', toContentDisposition(toFileName(facts, layout, format)))
      .header('dialtally-parameters', toQueryText(facts));
    return { layout, facts, chunks: counted(continued(first, rows), progress) };
  };
  if (format === 'xlsx') {
    const file = await excel.make({ tenantId, signal: asker.gone }, async () => {
      const { chunks, ...about } = await begin();
      return { ...about, rows: excelRows(chunks) };
    });
    reply
      .header('content-length', file.length)
      .type('application/vnd.openxmlformats-officedocument.spreadsheetml.sheet');
    return sendText(asker, reply, measured([Buffer.from(file.buffer)], progress));
  }
  const { chunks } = await begin();
  reply.type('text/csv; charset=utf-8');
  return sendText(asker, reply, measured(toCsv(layout, chunks, { bom }), progress));
}

/** The rows of an answer with what they were in the other window, of which they tell before the first. */
async function* comparedRows(
  question: Question,
  desk: Desk & { stream: StreamQuery },
  told: { compared?: Comparison['window'] },
): Chunks {
  const answer = await answerCompared(question, desk);
  told.compared = toComparedWindow(answer.windows);
  const rows = rowsBeside(answer);
  if (rows.length > 0) yield rows;
}

async function* continued(first: IteratorResult<Record<string, unknown>[]>, rest: Chunks): Chunks {
  if (first.done) return;
  yield first.value;
  yield* rest;
}

async function* counted(chunks: Chunks, progress: { rows: number }): Chunks {
  for await (const rows of chunks) {
    progress.rows += rows.length;
    yield rows;
  }
}

async function* measured(
  text: AsyncIterable<string> | Iterable<Buffer>,
  progress: { bytes: number; isComplete: boolean },
): AsyncGenerator<string | Buffer> {
  for await (const part of text) {
    progress.bytes += Buffer.byteLength(part);
    yield part;
  }
  progress.isComplete = true;
}

function toFacts(
  { question, params, now }: AskedFile,
  { tenant_id, name }: { tenant_id: number; name: string },
  firstRow: Record<string, unknown> | undefined,
): ExportFacts {
  const { report, filters, timezone, window } = question;
  const { span, unused } = report;
  const instantOf = (column: string) => Date.parse(String(firstRow?.[column]));
  // Spec: a report on the present is the whole campaign's, and says itself which window it is about.
  const about = span ? { from: instantOf(span.from), to: instantOf(span.to) } : window;
  return {
    report,
    tenant: { tenant_id, name },
    timezone,
    filters: {
      campaignId: filters.campaignId,
      teamId: unused.includes('team_id') ? undefined : filters.teamId,
      agentIds: unused.includes('agent_ids') ? undefined : filters.agentIds,
    },
    ...(about && { window: about }),
    params,
    madeAt: now,
  };
}

function toRecord(
  { tokenId, role }: Principal,
  { question: { report, filters, window, timezone }, params, format, now: startedAt }: AskedFile,
  { rows, bytes, outcome, now }: { rows: number; bytes: number; outcome: 'complete' | 'failed'; now: number },
): ExportRecord {
  const iso = (ms: number) => new Date(ms).toISOString();
  return {
    export_id: randomUUID(),
    token_id: tokenId ?? null,
    role,
    report: report.name,
    format,
    campaign_id: filters.campaignId ?? null,
    team_id: filters.teamId ?? null,
    agent_ids: [...(filters.agentIds ?? [])],
    timezone,
    window_from: window ? iso(window.from) : null,
    window_to: window ? iso(window.to) : null,
    params,
    rows,
    bytes,
    outcome,
    started_at: iso(startedAt),
    ended_at: iso(now),
  };
}
