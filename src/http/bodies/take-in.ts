import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { oneOf, type RawParams, readParams, yesOrNo } from '../../engine/params.ts';
import { InvalidParams, UnsupportedFormat } from '../../errors.ts';
import type { Entry } from '../../ingest/gate.ts';
import { ingestFile } from '../../ingest/ingest-file.ts';
import type { KeyedRequest } from '../../ingest/keyed-answers.ts';
import { type Format, formats } from '../../ingest/layout.ts';
import type { Reconciliation } from '../../ingest/reconciliation.ts';
import type { TableName } from '../../tables.ts';
import { type Context, principalOf } from '../context.ts';
import { type Body, readBody } from './body.ts';

/** The parameters of sending rows in. */
export const ingestParams = {
  format: oneOf('csv, ndjson, json (an array of objects) or parquet; by default what Content-Type says', [
    ...formats,
    'json',
  ]),
  strict: yesOrNo('All rows or none; unknown columns are refused too'),
};

/** The header that makes a repeated request safe. */
export const keyHeader = {
  'Idempotency-Key': {
    type: 'string',
    minLength: 1,
    maxLength: 255,
    description:
      'Makes a repeated request safe: within 24 hours the same key with the same body and parameters answers as the first did, and takes nothing in again. With another one it is a 422; while the first is still being worked on, a 409.',
  },
};

const contentTypes: Record<string, Format | 'json'> = {
  'text/csv': 'csv',
  'application/x-ndjson': 'ndjson',
  'application/ndjson': 'ndjson',
  'application/jsonl': 'ndjson',
  'application/json': 'json',
  'application/vnd.apache.parquet': 'parquet',
  'application/x-parquet': 'parquet',
};

interface Asked {
  tenantId: number;
  table: TableName;
  format: Format | 'json';
  strict: boolean;
  key: string | undefined;
}

/** What a body of rows may cost. */
export function rowLimits({ config }: Context, entry: Entry) {
  const { ingestLimitBytes: limitBytes, ingestLimitRows: limitRows, ingestSlowestBytes: slowestBytes } = config;
  return { limitBytes, limitRows, slowestBytes, entry };
}

/** Takes the rows of a request in. When it resolves, they are on disk and in every report. */
export async function ingestRows(
  context: Context,
  table: TableName,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Reconciliation> {
  const asked = readAsked(context, table, request);
  const { tenantId, key } = asked;
  const entry = context.intake.gate.enter(tenantId);
  let release = () => {};
  try {
    if (key !== undefined) release = context.intake.answers.claim(tenantId, key);
    return await takeOnce(context, asked, request, reply, entry);
  } finally {
    release();
    entry.leave();
  }
}

function readAsked({ now }: Context, table: TableName, request: FastifyRequest): Asked {
  const { format, strict = false } = readParams(ingestParams, request.query as RawParams, { now: now() });
  const contentType = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase() ?? '';
  const found = (format as Format | 'json' | undefined) ?? contentTypes[contentType];
  if (!found) {
    throw new UnsupportedFormat(
      'Say what the body is: Content-Type text/csv, application/x-ndjson, application/json or application/vnd.apache.parquet, or ?format=.',
    );
  }
  return { tenantId: principalOf(request).tenantId, table, format: found, strict, key: readKey(request) };
}

/** The Idempotency-Key of a request, or undefined. Throws InvalidParams. */
export function readKey(request: FastifyRequest): string | undefined {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key === 'string' && /^[\x21-\x7e]{1,255}$/.test(key)) return key;
  throw new InvalidParams({
    'Idempotency-Key': ['The Idempotency-Key must be 1 to 255 visible ASCII characters, without spaces.'],
  });
}

async function takeOnce(
  context: Context,
  asked: Asked,
  request: FastifyRequest,
  reply: FastifyReply,
  entry: Entry,
): Promise<Reconciliation> {
  const { answers, directory } = context.intake;
  const body = await readBody(request.raw, { ...rowLimits(context, entry), format: asked.format, directory });
  try {
    const keyed = toKeyed(asked, body);
    const before = keyed && (await answers.find(keyed));
    if (before) {
      reply.header('idempotent-replayed', 'true');
      return before;
    }
    const taken = await takeBody(context, asked, body);
    // Only what was taken in is remembered: a request that failed left nothing, and may be mended under the same key.
    if (keyed) await answers.keep(keyed, taken);
    return taken;
  } finally {
    await body.close();
  }
}

function toKeyed({ tenantId, key, table, format, strict }: Asked, body: Body): KeyedRequest | undefined {
  if (key === undefined) return undefined;
  const fingerprint = createHash('sha256')
    .update(JSON.stringify([table, format, strict, body.digest]))
    .digest('hex');
  return { tenantId, key, fingerprint };
}

async function takeBody(context: Context, asked: Asked, { format, bytes, path }: Body): Promise<Reconciliation> {
  const { tenantId, table, strict } = asked;
  const file = `${table}.${asked.format}`;
  if (bytes && format !== 'parquet')
    return context.intake.live.ingest({ tenantId, table, format, bytes, file, strict });
  if (path === undefined) throw new TypeError('a body is in memory or in a file');
  const stamp = context.stamp();
  return ingestFile(context.intake.importer, {
    tenantId,
    table,
    format,
    path,
    fileName: file,
    strict,
    stamp,
  });
}
