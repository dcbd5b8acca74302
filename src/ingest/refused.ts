/** Refused rows, as they are kept and told. */
import { type Static, Type } from 'typebox';
import { closed, isoInstant, named, uuidText } from '../shapes.ts';
import { type Sql, sql, toInstant } from '../sql.ts';
import { refusedRows } from '../store/kept/ingest.ts';
import type { QueryOptions, Store } from '../store/store.ts';

/** A record that was refused, as JSON. */
export const refusedRowSchema = closed({
  import_id: uuidText(),
  table: Type.String(),
  file: Type.String(),
  line: Type.Integer({ minimum: 0, description: 'Its line in the file; a Parquet row counts from 1' }),
  faults: Type.Array(closed({ field: Type.String(), reason: Type.String() }), {
    description: 'All that is wrong with it',
  }),
  row: named(Type.String(), {
    description: 'The known columns of the row; empty when its fields could not be told apart',
  }),
  refused_at: isoInstant(),
});
/** A record that was refused. */
export type RefusedRow = Static<typeof refusedRowSchema>;

/** Which refused rows: of one import, or of all; at most so many. */
interface AskedRefused {
  importId?: string | undefined;
  limit: number;
}

/** Refused rows of a tenant, the newest import first, in the order of their lines. They are kept for 30 days. */
export async function readRefused(store: Store, tenantId: number, asked: AskedRefused): Promise<RefusedRow[]> {
  return (await store.query<StoredRow>(toStatement(tenantId, asked))).map(toRefused);
}

/** The lines of all refused rows of an import, and nothing of what stood there. */
export async function readRefusedLines(store: Store, tenantId: number, importId: string): Promise<number[]> {
  const rows = await store.query<{ line: number }>(
    sql`SELECT line FROM ${refusedRows.of(tenantId)} AS refused WHERE refused.import_id = {import:UUID} ORDER BY line`.bind(
      {
        import: importId,
      },
    ),
    { lane: 'files', tenantId },
  );
  return rows.map(({ line }) => line);
}

/** The same as they come: each may be as long as a line may be. */
export async function* streamRefused(
  store: Store,
  tenantId: number,
  asked: AskedRefused,
): AsyncGenerator<RefusedRow[]> {
  const statement = sql`${toStatement(tenantId, asked)} SETTINGS max_block_size = 128`;
  for await (const rows of store.stream<StoredRow>(statement)) yield rows.map(toRefused);
}

function toStatement(tenantId: number, { importId, limit }: AskedRefused): Sql {
  const ofImport = importId ? sql`refused.import_id = {import:UUID}`.bind({ import: importId }) : sql`1`;
  // What a mapping refused, and what the checks did of the rest, is of one import.
  const order = importId ? sql`line` : sql`refused.refused_at DESC, refused.import_id, line`;
  return sql`SELECT ${refusedRow} FROM ${refusedRows.of(tenantId)} AS refused WHERE ${ofImport}
    ORDER BY ${order} LIMIT {limit:UInt32}`.bind({ limit });
}

/** The first hundred refused rows of each of these imports, in the order of their lines. */
export async function readFirstRefused(
  store: Store,
  tenantId: number,
  importIds: readonly string[],
  options: Pick<QueryOptions, 'lane'> = {},
): Promise<Map<string, RefusedRow[]>> {
  const found = new Map<string, RefusedRow[]>();
  if (importIds.length === 0) return found;
  const rows = await store.query<StoredRow>(
    sql`SELECT ${refusedRow} FROM ${refusedRows.of(tenantId)} AS refused
      WHERE refused.import_id IN (SELECT arrayJoin({imports:Array(UUID)}))
      ORDER BY refused.import_id, line LIMIT 100 BY refused.import_id`.bind({ imports: importIds }),
    options,
  );
  for (const row of rows) found.set(row.import_id, [...(found.get(row.import_id) ?? []), toRefused(row)]);
  return found;
}

/** How many rows of a tenant were refused since an instant, in epoch milliseconds. */
export async function countRefused(store: Store, tenantId: number, since: number): Promise<number> {
  const [found] = await store.query<{ rows: number }>(
    sql`SELECT count() AS rows FROM ${refusedRows.of(tenantId)} AS refused WHERE refused.refused_at >= ${toInstant(since)}`,
  );
  return found?.rows ?? 0;
}

const refusedRow = sql`${refusedRows.read('refused', 'import_id')}, table_name AS table, source AS file, line,
  arrayMap((field, reason) -> CAST((field, reason), 'Tuple(field String, reason String)'), fields, reasons) AS faults,
  ${refusedRows.read('refused', 'row', 'refused_at')}`;

type StoredRow = Omit<RefusedRow, 'row'> & { row: string };

function toRefused(stored: StoredRow): RefusedRow {
  return { ...stored, row: JSON.parse(stored.row) as Record<string, string> };
}
