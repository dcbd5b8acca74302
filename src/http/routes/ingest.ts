import type { FastifyInstance } from 'fastify';
import { count, type RawParams, readParams, uuid } from '../../engine/params.ts';
import { NotFound } from '../../errors.ts';
import { reconciliationSchema } from '../../ingest/reconciliation.ts';
import { refusedRowSchema, streamRefused } from '../../ingest/refused.ts';
import { tableNames, tables } from '../../tables.ts';
import { answersWith, errorAnswers, sendingFaults, toData, toDataList } from '../answers/answers.ts';
import { sendRows } from '../answers/rows.ts';
import { toQuerySchema } from '../asked.ts';
import { ingestParams, ingestRows, keyHeader } from '../bodies/take-in.ts';
import { type Context, principalOf, storeOf } from '../context.ts';

const tags = ['Data in'];

const refusedParams = {
  import_id: uuid('Only this import'),
  limit: count('How many (default 100)', 1, 10_000),
};

const ingestHeaders = {
  type: 'object',
  properties: {
    ...keyHeader,
    'Content-Encoding': { type: 'string', enum: ['gzip', 'identity'], description: 'gzip: the body is packed' },
  },
};

const text = { type: 'string' };
const rows = { type: 'array', items: { type: 'object' } };
const ingestBody = {
  content: {
    'application/x-ndjson': { schema: text },
    'application/json': { schema: rows },
    'text/csv': { schema: text },
    'application/vnd.apache.parquet': { schema: { type: 'string', format: 'binary' } },
  },
};

/** Rows in over HTTP, and what was refused of them. */
export async function serveIngest(app: FastifyInstance, context: Context): Promise<void> {
  await app.register(async (scoped) => {
    // The body is read as it comes: it may be larger than memory.
    scoped.removeAllContentTypeParsers();
    scoped.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
    for (const table of tableNames) {
      scoped.post(`/api/telesales/ingest/${table}`, {
        schema: {
          tags,
          operationId: `ingest-${table.replaceAll('_', '-')}`,
          summary: `Take in ${table}`,
          description: `${tables[table].about} The body is NDJSON, a JSON array of objects, CSV with a header, or Parquet; it may be packed with gzip. A row sent again replaces the one before it. When the answer comes, the rows are on disk and in every report.`,
          querystring: toQuerySchema(ingestParams),
          headers: ingestHeaders,
          body: ingestBody,
          response: answersWith(toData(reconciliationSchema), [...sendingFaults, 409]),
        },
        config: { permission: 'ingest', takesRows: true },
        bodyLimit: context.config.ingestLimitBytes,
        handler: async (request, reply) => ({ data: await ingestRows(context, table, request, reply) }),
      });
    }
    scoped.post(
      '/api/telesales/ingest/:table',
      { schema: { hide: true, response: errorAnswers() }, config: { permission: 'ingest' } },
      async (request) => {
        const { table } = request.params as { table: string };
        throw new NotFound(`There is no table ${JSON.stringify(table)}. The tables are ${tableNames.join(', ')}.`);
      },
    );
  });
  app.get('/api/telesales/ingest/refused', {
    schema: {
      tags,
      operationId: 'refused-rows',
      summary: 'Rows that were refused, of the last 30 days',
      querystring: toQuerySchema(refusedParams),
      response: answersWith(toDataList(refusedRowSchema)),
    },
    config: { permission: 'refused_rows' },
    handler: async (request, reply) => {
      const { import_id, limit } = readParams(refusedParams, request.query as RawParams, {
        now: context.now(),
      });
      const asked = { importId: import_id, limit: limit ?? 100 };
      const rows = streamRefused(storeOf(context, request), principalOf(request).tenantId, asked);
      return sendRows(context, request, reply, rows);
    },
  });
}
