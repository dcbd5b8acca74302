/** Rows of our own tables in over HTTP, and what was refused of them. */
import { count, uuid } from '../../engine/params.ts';
import { NotFound } from '../../errors.ts';
import { reconciliationSchema } from '../../ingest/reconciliation.ts';
import { refusedRowSchema, streamRefused } from '../../ingest/refused.ts';
import { type TableName, tableNames, tables } from '../../tables.ts';
import { dataAnswer, plainAnswer } from '../answers/answer-kinds.ts';
import { askingFaults, sendingFaults } from '../answers/answers.ts';
import { rowsAnswer } from '../answers/rows.ts';
import { queryOf } from '../asked/input.ts';
import { keyHeader } from '../bodies/idempotency.ts';
import { ingestParams, ingestRows, type RowsIn } from '../bodies/ingest-rows.ts';
import { defineRoute, type Route } from '../route.ts';

const path = '/api/telesales/ingest';
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

/** One route a table, and one for what was refused. */
export function ingestRoutes(services: RowsIn): Route[] {
  return [
    ...tableNames.map((table) => tableRoute(table, services)),
    defineRoute({
      method: 'POST',
      path: `${path}/:table`,
      permission: 'ingest',
      body: { isComing: true },
      answer: plainAnswer(),
      faults: askingFaults,
      handler: ({ path: { table } }) => {
        throw new NotFound(`There is no table ${JSON.stringify(table)}. The tables are ${tableNames.join(', ')}.`);
      },
    }),
    defineRoute({
      method: 'GET',
      path: `${path}/refused`,
      permission: 'refused_rows',
      about: { tags, operationId: 'refused-rows', summary: 'Rows that were refused, of the last 30 days' },
      query: queryOf(refusedParams),
      answer: rowsAnswer(refusedRowSchema),
      handler: ({ query: { import_id: importId, limit = 100 }, asker: { store, tenantId } }) =>
        streamRefused(store, tenantId, { importId, limit }),
    }),
  ];
}

function tableRoute(table: TableName, services: RowsIn): Route {
  return defineRoute({
    method: 'POST',
    path: `${path}/${table}`,
    permission: 'ingest',
    takesRows: true,
    about: {
      tags,
      operationId: `ingest-${table.replaceAll('_', '-')}`,
      summary: `Take in ${table}`,
      description: `${tables[table].about} The body is NDJSON, a JSON array of objects, CSV with a header, or Parquet; it may be packed with gzip. A row sent again replaces the one before it. When the answer comes, the rows are on disk and in every report.`,
    },
    query: queryOf(ingestParams),
    headers: ingestHeaders,
    body: { isComing: true, schema: ingestBody, limitBytes: services.rowLimits.limitBytes },
    answer: dataAnswer(reconciliationSchema),
    faults: [...sendingFaults, 409],
    handler: (asked) => ingestRows(services, table, asked),
  });
}
