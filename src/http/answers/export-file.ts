/** A report as a file of any format, made as its rows come, and written down. */
import { randomUUID } from 'node:crypto';
import { finished } from 'node:stream';
import type { FastifyReply } from 'fastify';
import type { ExportLog, ExportRecord } from '../../access/export-log.ts';
import type { Principal } from '../../access/roles.ts';
import { findTenant, unnamedTenant } from '../../access/tenants.ts';
import type { About } from '../../engine/about-schema.ts';
import type { Comparison } from '../../engine/comparison-schema.ts';
import { type FileFormatName, fileFormatNames, fileFormats } from '../../engine/file-formats.ts';
import { oneOf } from '../../engine/params.ts';
import type { Report } from '../../engine/report.ts';
import type { Desk, Question } from '../../engine/run.ts';
import type { Settings } from '../../engine/settings.ts';
import { DialtallyError } from '../../errors.ts';
import { toAboutHeader } from '../../export/about-header.ts';
import { withComparison } from '../../export/compared-layout.ts';
import { toQueryText } from '../../export/facts.ts';
import { toContentDisposition, toFileName } from '../../export/file-name.ts';
import type { ExportFacts, Layouts } from '../../export/layout.ts';
import type { Store } from '../../store/store.ts';
import type { Asker } from '../asker.ts';
import { type FileMakers, fileWriters } from './file-writers.ts';
import { sendText } from './rows.ts';

/** The parameters of files. */
export const formatParams = {
  format: oneOf('json (default), or the format of a file', ['json', ...fileFormatNames]),
  bom: oneOf('0: a CSV without a byte-order mark, for scripts', ['0', '1']),
};

/** The parameters of `/{report}/export`. */
export const exportParams = { ...formatParams, format: oneOf('The format of the file (default csv)', fileFormatNames) };

const file = { schema: { type: 'string', format: 'binary' } };

/** What OpenAPI says of files: the content of each format. */
export const fileContents = Object.fromEntries(
  Object.values(fileFormats).map(({ contentType }) => [contentType.replace(/;.*/, ''), file]),
);

type Chunks = AsyncGenerator<Record<string, unknown>[]>;

/** What reading rows for a file takes. */
export type FileDesk = Desk & Required<Pick<Desk, 'stream'>>;

/** What files are made with. */
export interface FileServices extends FileMakers {
  store: Store;
  exportLog: ExportLog;
  /** How files are laid out. */
  layouts: Layouts;
  now: () => number;
}

/** A file that is asked for. */
export interface AskedFile {
  question: Question;
  /** What its rows are, where they are not the report's own. */
  shown: Report;
  /** Reads its rows. */
  read(desk: FileDesk): Chunks;
  /** The report's own parameters as they were given. */
  params: Record<string, string>;
  format: FileFormatName;
  bom: boolean;
  now: number;
  settings: Settings;
  /** What it is made of, when it is to say so. */
  about?: About;
  /** The window that its rows are compared with; known when the first of them is there. */
  compared?: () => Comparison['window'] | undefined;
}

/**
 * Answers with a report as a file. A failure before the first row is an error as any other; after it the connection is
 * broken, so that nobody takes a part for the whole.
 */
export async function sendFile(services: FileServices, asker: Asker, reply: FastifyReply, asked: AskedFile) {
  const { shown, read, format, bom, now, settings } = asked;
  const { store, exportLog, layouts } = services;
  const { tenantId, principal, query, stream } = asker;
  if (reply.request.method === 'HEAD') {
    throw new DialtallyError('BAD_REQUEST', 405, 'A file is made when it is asked for: GET it.');
  }
  const progress = { rows: 0, bytes: 0, isComplete: false };
  const rows = read({
    tenantId,
    agentId: principal.agentId,
    now,
    settings,
    query,
    stream,
  });
  finished(reply.raw, (error) => {
    // A reply that ended before anybody read its rows would hold their query.
    void rows.return(undefined).catch(() => {});
    const outcome = progress.isComplete && !error ? 'complete' : 'failed';
    exportLog.add(tenantId, toRecord(principal, asked, { ...progress, outcome, now: services.now() }));
  });
  const { report } = asked.question;
  const layout = asked.compared ? withComparison(layouts.of(report, tenantId), report) : layouts.of(shown, tenantId);
  const begin = async () => {
    const [tenant, first] = await Promise.all([findTenant(store, tenantId), rows.next()]);
    const compared = asked.compared?.();
    const facts = {
      ...toFacts(asked, tenant ?? unnamedTenant(tenantId), first.value?.[0]),
      ...(compared && { compared }),
    };
    reply
      .header('content-disposition', toContentDisposition(toFileName(facts, layout, format)))
      .header('dialtally-parameters', toQueryText(facts));
    if (asked.about) reply.header('dialtally-about', toAboutHeader(asked.about));
    return { layout, facts, chunks: counted(continued(first, rows), progress) };
  };
  const who = { tenantId, signal: asker.gone };
  const { body, bytes } = await fileWriters[format](services, { who, bom, begin });
  if (bytes !== undefined) reply.header('content-length', bytes);
  reply.type(fileFormats[format].contentType);
  return sendText(asker, reply, measured(body, progress));
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
  text: AsyncIterable<string | Buffer> | Iterable<Buffer>,
  progress: { bytes: number; isComplete: boolean },
): AsyncGenerator<string | Buffer> {
  for await (const part of text) {
    progress.bytes += Buffer.byteLength(part);
    yield part;
  }
  progress.isComplete = true;
}

function toFacts(
  { question, shown, params, now, about: made }: AskedFile,
  { tenant_id, name }: { tenant_id: number; name: string },
  firstRow: Record<string, unknown> | undefined,
): ExportFacts {
  const { report, filters, timezone, window } = question;
  const { unused } = report;
  const { span } = shown;
  const instantOf = (column: string) => Date.parse(String(firstRow?.[column]));
  // Spec: a report on the present is the whole campaign's, and says itself which window it is about.
  const about = span ? { from: instantOf(span.from), to: instantOf(span.to) } : window;
  return {
    report: shown,
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
    ...(made && { about: made }),
  };
}

/** An export as it is written down. */
export function toRecord(
  { tokenId, role }: Principal,
  {
    question: { filters, window, timezone },
    shown,
    params,
    format,
    now: startedAt,
  }: Pick<AskedFile, 'question' | 'shown' | 'params' | 'now'> & { format: ExportRecord['format'] },
  { rows, bytes, outcome, now }: { rows: number; bytes: number; outcome: 'complete' | 'failed'; now: number },
): ExportRecord {
  const iso = (ms: number) => new Date(ms).toISOString();
  return {
    export_id: randomUUID(),
    token_id: tokenId ?? null,
    role,
    report: shown.name,
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
