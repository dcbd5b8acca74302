import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { count, oneOf, type RawParams, readParams, uuid, yesOrNo } from '../engine/params.ts';
import { NotFound, TooLarge, UnsupportedFormat } from '../errors.ts';
import { importFile, type Reconciliation } from '../ingest/import.ts';
import { type Format, formats } from '../ingest/layout.ts';
import { readRefused } from '../ingest/refused.ts';
import { type TableName, tableNames, tables } from '../store/tables.ts';
import { type Context, principalOf } from './context.ts';
import { answers, toQuerySchema } from './openapi.ts';

const tags = ['Data in'];

const ingestParams = {
  format: oneOf('csv, ndjson or parquet; by default what Content-Type says', formats),
  strict: yesOrNo('All rows or none; unknown columns are refused too'),
};

const refusedParams = {
  import_id: uuid('Only this import'),
  limit: count('How many (default 100)', 1, 10_000),
};

const contentTypes: Record<string, Format> = {
  'text/csv': 'csv',
  'application/x-ndjson': 'ndjson',
  'application/ndjson': 'ndjson',
  'application/jsonl': 'ndjson',
  'application/vnd.apache.parquet': 'parquet',
  'application/x-parquet': 'parquet',
};

const reconciliationSchema = {
  type: 'object',
  required: ['data'],
  properties: {
    data: {
      type: 'object',
      required: [
        'import_id',
        'table',
        'rows_read',
        'taken_in',
        'refused',
        'refused_by',
        'unknown_columns',
        'first_refused',
      ],
      properties: {
        import_id: { type: 'string', format: 'uuid' },
        table: { type: 'string', enum: tableNames },
        rows_read: {
          type: 'integer',
          description: 'taken_in + refused; with strict, none is taken in when one is bad',
        },
        taken_in: { type: 'integer' },
        refused: { type: 'integer' },
        refused_by: { type: 'array', items: { type: 'object' }, description: 'Reasons with their counts' },
        unknown_columns: { type: 'array', items: { type: 'string' } },
        first_refused: {
          type: 'array',
          items: { type: 'object' },
          description: 'The first hundred: line, faults, row',
        },
        held_back: { type: 'string', description: 'With strict: why nothing was taken in' },
      },
    },
  },
};

/** Rows in over HTTP, and what was refused of them. */
export async function serveIngest(app: FastifyInstance, context: Context): Promise<void> {
  await app.register(async (scoped) => {
    // The body goes to a file as it comes: it may be larger than memory.
    scoped.removeAllContentTypeParsers();
    scoped.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
    for (const table of tableNames) {
      scoped.post(`/api/telesales/ingest/${table}`, {
        schema: {
          tags,
          summary: `Take in ${table}`,
          description: `${tables[table].about} The body is CSV with a header, NDJSON or Parquet. A row sent again replaces the one before it.`,
          querystring: toQuerySchema(ingestParams),
          response: answers(reconciliationSchema, [400, 401, 403, 413, 415, 422, 429, 503]),
        },
        config: { permission: 'ingest' },
        bodyLimit: context.config.ingestLimitBytes,
        handler: async (request) => ({ data: await takeIn(context, table, request) }),
      });
    }
    scoped.post(
      '/api/telesales/ingest/:table',
      { schema: { hide: true }, config: { permission: 'ingest' } },
      async (request) => {
        const { table } = request.params as { table: string };
        throw new NotFound(`There is no table ${JSON.stringify(table)}. The tables are ${tableNames.join(', ')}.`);
      },
    );
  });
  app.get('/api/telesales/ingest/refused', {
    schema: {
      tags,
      summary: 'Rows that were refused, of the last 30 days',
      querystring: toQuerySchema(refusedParams),
      response: answers({ type: 'object', properties: { data: { type: 'array', items: { type: 'object' } } } }),
    },
    config: { permission: 'refused_rows' },
    handler: async (request) => {
      const { import_id, limit } = readParams(refusedParams, request.query as RawParams, {
        zones: context.zones,
        now: context.now(),
      });
      return {
        data: await readRefused(context.store, principalOf(request).tenantId, {
          importId: import_id,
          limit: limit ?? 100,
        }),
      };
    },
  });
}

async function takeIn(context: Context, table: TableName, request: FastifyRequest): Promise<Reconciliation> {
  const { format: asked, strict } = readParams(ingestParams, request.query as RawParams, {
    zones: context.zones,
    now: context.now(),
  });
  const contentType = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase() ?? '';
  const format = asked ?? contentTypes[contentType];
  if (!format) {
    throw new UnsupportedFormat(
      'Say what the body is: Content-Type text/csv, application/x-ndjson or application/vnd.apache.parquet, or ?format=.',
    );
  }
  const path = await spool((request.body as Readable | undefined | null) ?? Readable.from([]), context);
  try {
    const { tenantId } = principalOf(request);
    const taken = await importFile(context.store, {
      tenantId,
      table,
      format,
      path,
      fileName: `${table}.${format}`,
      strict: strict ?? false,
      stamp: context.stamp(),
    });
    if (taken.taken_in > 0) context.arrivals.tell(tenantId, table);
    return taken;
  } finally {
    await rm(path, { force: true });
  }
}

/** Writes a body to a file of the data directory. Throws TooLarge, and leaves nothing, when it passes the limit. */
async function spool(body: Readable, { config }: Context): Promise<string> {
  const directory = join(config.dataDir, 'uploads');
  await mkdir(directory, { recursive: true });
  const path = join(directory, randomUUID());
  let bytes = 0;
  const limited = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes <= config.ingestLimitBytes) done(null, chunk);
      else
        done(
          new TooLarge(
            `A body may have at most ${Math.floor(config.ingestLimitBytes / 1024 ** 2)} MB. Send it in parts.`,
          ),
        );
    },
  });
  try {
    await pipeline(body, limited, createWriteStream(path, { mode: 0o600 }));
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
  return path;
}
