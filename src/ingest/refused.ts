import { sql, toIso } from '../sql.ts';
import type { Store } from '../store/store.ts';

/** A record that was refused: its line in the file (a Parquet row counts from 1), and all that is wrong with it. */
export interface RefusedRow {
  import_id: string;
  table: string;
  file: string;
  line: number;
  faults: { field: string; reason: string }[];
  /** The known columns of the row; empty when its fields could not be told apart. */
  row: Record<string, string>;
  refused_at: string;
}

/** Refused rows of a tenant, the newest import first, in the order of their lines. They are kept for 30 days. */
export async function readRefused(
  store: Store,
  tenantId: number,
  { importId, limit }: { importId?: string | undefined; limit: number },
): Promise<RefusedRow[]> {
  const ofImport = importId ? sql`AND refused_rows.import_id = {import:UUID}`.bind({ import: importId }) : sql``;
  // What a mapping refused, and what the checks did of the rest, is of one import.
  const order = importId ? sql`line` : sql`refused_rows.refused_at DESC, refused_rows.import_id, line`;
  const rows = await store.query<Omit<RefusedRow, 'row'> & { row: string }>(
    sql`SELECT toString(import_id) AS import_id, table_name AS table, source AS file, line,
        arrayMap((field, reason) -> CAST((field, reason), 'Tuple(field String, reason String)'), fields, reasons) AS faults,
        row, ${toIso(sql`refused_rows.refused_at`)} AS refused_at
      FROM refused_rows WHERE tenant_id = {tenant:UInt64} ${ofImport}
      ORDER BY ${order} LIMIT {limit:UInt32}`.bind({
      tenant: tenantId,
      limit,
    }),
  );
  return rows.map((found) => ({ ...found, row: JSON.parse(found.row) as Record<string, string> }));
}
