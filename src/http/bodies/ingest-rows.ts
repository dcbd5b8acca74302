/** Rows of our own tables in the body of a request: read within their limits, ingested once, and answered for. */
import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { oneOf, type ParamValues, yesOrNo } from '../../engine/params.ts';
import { UnsupportedFormat } from '../../errors.ts';
import { type Format, formats } from '../../ingest/layout.ts';
import type { Reconciliation } from '../../ingest/reconciliation.ts';
import type { WayIn } from '../../ingest/way-in.ts';
import type { TableName } from '../../tables.ts';
import type { AskedRoute } from '../route.ts';
import { type Body, readBody } from './body.ts';
import { doOnce, readKey } from './idempotency.ts';
import type { BodyLimits } from './receive.ts';

/** The parameters of sending rows in. */
export const ingestParams = {
  format: oneOf('csv, ndjson, json (an array of objects) or parquet; by default what Content-Type says', [
    ...formats,
    'json',
  ]),
  strict: yesOrNo('All rows or none; unknown columns are refused too'),
};

/** What rows go through that come in a body, and what one may cost. */
export interface RowsIn {
  wayIn: WayIn;
  rowLimits: Omit<BodyLimits, 'entry'>;
}

interface SentRows {
  tenantId: number;
  table: TableName;
  format: Format | 'json';
  strict: boolean;
}

type AskedIngest = Pick<
  AskedRoute<string, ParamValues<typeof ingestParams>, unknown>,
  'query' | 'asker' | 'request' | 'reply'
>;

/** Ingests the rows of a request. When it resolves, they are on disk and in every report. */
export async function ingestRows(
  { wayIn, rowLimits }: RowsIn,
  table: TableName,
  { query, asker: { tenantId }, request, reply }: AskedIngest,
): Promise<Reconciliation> {
  const { strict = false } = query;
  const sent: SentRows = { tenantId, table, format: toFormat(request, query.format), strict };
  const key = readKey(request);
  const { gate, answers, directory } = wayIn;
  const entry = gate.enter(tenantId);
  try {
    return await doOnce({ answers, tenantId, key, reply }, async (findBefore) => {
      const body = await readBody(request.raw, { ...rowLimits, entry, format: sent.format, directory });
      try {
        return (await findBefore(toFingerprint(sent, body))) ?? (await ingestBody(wayIn, sent, body));
      } finally {
        await body.close();
      }
    });
  } finally {
    entry.leave();
  }
}

const contentTypes: Record<string, Format | 'json'> = {
  'text/csv': 'csv',
  'application/x-ndjson': 'ndjson',
  'application/ndjson': 'ndjson',
  'application/jsonl': 'ndjson',
  'application/json': 'json',
  'application/vnd.apache.parquet': 'parquet',
  'application/x-parquet': 'parquet',
};

function toFormat({ headers }: FastifyRequest, asked: Format | 'json' | undefined): Format | 'json' {
  const contentType = headers['content-type']?.split(';')[0]?.trim().toLowerCase() ?? '';
  const found = asked ?? contentTypes[contentType];
  if (found) return found;
  throw new UnsupportedFormat(
    'Say what the body is: Content-Type text/csv, application/x-ndjson, application/json or application/vnd.apache.parquet, or ?format=.',
  );
}

function toFingerprint({ table, format, strict }: SentRows, { digest }: Body): string {
  return createHash('sha256')
    .update(JSON.stringify([table, format, strict, digest]))
    .digest('hex');
}

async function ingestBody(wayIn: WayIn, sent: SentRows, { format, bytes, path }: Body): Promise<Reconciliation> {
  const { tenantId, table, strict } = sent;
  const file = `${table}.${sent.format}`;
  if (bytes && format !== 'parquet') return wayIn.live.ingest({ tenantId, table, format, bytes, file, strict });
  if (path === undefined) throw new TypeError('a body is in memory or in a file');
  return wayIn.ingestFile({ tenantId, table, format, path, fileName: file, strict });
}
