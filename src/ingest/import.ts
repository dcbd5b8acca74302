import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import { UnreadableFile } from '../errors.ts';
import { type Sql, sql } from '../sql.ts';
import { clickhouseCode } from '../store/failures.ts';
import type { OnProgress, Store } from '../store/store.ts';
import type { TableName } from '../store/tables.ts';
import { type Format, type Reading, readLayout } from './layout.ts';
import { readLines } from './lines.ts';
import { type RefusedRow, readRefused } from './refused.ts';
import { fileLimits, stageFile } from './staging.ts';

/** One file to take in. */
export interface ImportRequest {
  tenantId: number;
  table: TableName;
  format: Format;
  /** The file on this machine. */
  path: string;
  /** The name to tell people; the file's own when not given. */
  fileName?: string;
  /** All rows or none; unknown columns are refused too. */
  strict?: boolean;
  /** The instant that rows without `updated_at` count as updated at; larger than any before (`openClock`). */
  stamp: number;
  onProgress?: (phase: 'reading' | 'storing', rows: number) => void;
  /** The rows were made from another file: NDJSON whose rows say their line and group. */
  made?: MadeFrom;
}

/** What is known of rows that were made from another file. */
export interface MadeFrom {
  importId: string;
  /** What people know our columns by. */
  shown: ReadonlyMap<string, string>;
  /** Is told how many rows of each group were refused. */
  onRefused: (group: number, rows: number) => void;
}

/** What became of a file: `rows_read = taken_in + refused`; when `held_back` is there, nothing was taken in. */
export interface Reconciliation {
  import_id: string;
  table: TableName;
  file: string;
  rows_read: number;
  taken_in: number;
  refused: number;
  refused_by: { field: string; reason: string; rows: number }[];
  unknown_columns: string[];
  /** The first hundred; all of them are kept for 30 days. */
  first_refused: RefusedRow[];
  /** With `strict`: why nothing was taken in. */
  held_back?: string;
}

/**
 * Takes a file in: every record is read and checked before the first is stored, so a file that can't be read to its end
 * leaves nothing behind. Taking the same file in again changes nothing. Throws UnreadableFile when it can't be read.
 */
export async function importFile(store: Store, request: ImportRequest): Promise<Reconciliation> {
  const { tenantId, table, path, format, strict = false, stamp, onProgress } = request;
  const importId = request.made?.importId ?? randomUUID();
  const file = request.fileName ?? basename(path);
  const watch = (phase: 'reading' | 'storing'): OnProgress | undefined =>
    onProgress && ((rows) => onProgress(phase, rows));
  const reading: Reading = { ...(await readLayout(path, table, format)), ...(request.made && { isMade: true }) };
  const staging = await stageFile(store, { path, table, reading, tenantId, stamp }, watch('reading')).catch((error) => {
    throw toUnreadable(error, format);
  });
  try {
    const [found = { rows: 0, refused: 0, keys: [] }] = await store.query<{
      rows: number;
      refused: number;
      keys: string[];
    }>(
      sql`SELECT countIf(is_row) AS rows, countIf(is_refused) AS refused, arraySort(groupUniqArrayArray(1000)(unknown_keys)) AS keys
        FROM ${staging.table}`,
    );
    const unknown = [...reading.unknownColumns, ...found.keys];
    if (found.refused > 0)
      await keepRefused(store, staging.table, { tenantId, importId, table, file, path, reading, made: request.made });
    const heldBack = strict ? whyHeldBack(found.refused, unknown) : undefined;
    const takenIn = heldBack ? 0 : found.rows - found.refused;
    if (takenIn > 0) await staging.store(watch('storing'));
    return {
      import_id: importId,
      table,
      file,
      rows_read: found.rows,
      taken_in: takenIn,
      refused: found.refused,
      refused_by: found.refused > 0 ? showFields(await readReasons(store, staging.table), request.made) : [],
      unknown_columns: unknown,
      first_refused: found.refused > 0 ? await readRefused(store, tenantId, { importId, limit: 100 }) : [],
      ...(heldBack && { held_back: heldBack }),
    };
  } finally {
    await staging.close();
  }
}

function whyHeldBack(refused: number, unknown: readonly string[]): string | undefined {
  const why = [
    ...(refused > 0 ? [`${refused} rows are bad`] : []),
    ...(unknown.length > 0 ? [`the columns ${unknown.join(', ')} are unknown`] : []),
  ];
  return why.length > 0 ? `Nothing was taken in (strict): ${why.join(', and ')}.` : undefined;
}

interface RefusedFile {
  tenantId: number;
  importId: string;
  table: TableName;
  file: string;
  path: string;
  reading: Reading;
  made: MadeFrom | undefined;
}

async function keepRefused(store: Store, staging: Sql, from: RefusedFile): Promise<void> {
  const lines = await readLines(store, from.path, from.reading);
  // What is wrong with a made value may be that it is a phone number from another column.
  const known = from.made
    ? sql`toJSONString(mapFilter((field, value) -> NOT has(refused.faults.field, field) OR length(replaceRegexpAll(value, '[^0-9]', '')) < 5,
        JSONExtract(refused.known, 'Map(String, String)')))`
    : sql`refused.known`;
  const shown = from.made?.shown ?? new Map([['', '']]);
  try {
    const quote = await lines.findOpenQuote(staging);
    if (quote) {
      throw new UnreadableFile(
        `A quote that opens on line ${quote.line} is never closed, so the ${quote.swallowed} lines after it can't be told apart. ` +
          'Nothing of the file was taken in: close that quote, or double it ("") where it is part of the text.',
      );
    }
    await store.command(
      sql`INSERT INTO refused_rows (tenant_id, import_id, table_name, source, line, fields, reasons, row, refused_at)
        SELECT {tenant:UInt64}, {import:UUID}, {table:String}, {source:String}, lines.line,
          arrayMap(field -> transform(field, {ours:Array(String)}, {shown:Array(String)}, field), refused.faults.field),
          refused.faults.reason, ${known}, now64(3, 'UTC')
        FROM (SELECT record, faults, known FROM ${staging} WHERE is_refused) AS refused
        INNER JOIN ${lines.of(staging)} AS lines ON lines.record = refused.record`.bind({
        tenant: from.tenantId,
        import: from.importId,
        table: from.table,
        source: from.file,
        ours: [...shown.keys()],
        shown: [...shown.values()],
      }),
      fileLimits,
    );
    for (const { group, rows } of await lines.countGroups(staging)) from.made?.onRefused(group, rows);
  } finally {
    await lines.close();
  }
}

function readReasons(store: Store, staging: Sql) {
  return store.query<{ field: string; reason: string; rows: number }>(
    sql`SELECT fault.field AS field, fault.reason AS reason, count() AS rows
      FROM ${staging} ARRAY JOIN faults AS fault WHERE is_refused
      GROUP BY field, reason ORDER BY rows DESC, field, reason`,
  );
}

function showFields<Found extends { field: string }>(found: Found[], made: MadeFrom | undefined): Found[] {
  return made ? found.map((one) => ({ ...one, field: made.shown.get(one.field) ?? one.field })) : found;
}

/** The engine's word on a file that it can't read, as ours. */
function toUnreadable(error: unknown, format: Format): unknown {
  const code = clickhouseCode(error);
  // CANNOT_PARSE_*, INCORRECT_DATA, TYPE_MISMATCH and their kin: about the file, not about us.
  const aboutFile = new Set([6, 26, 27, 33, 38, 41, 53, 70, 72, 117, 349, 467, 636, 1001]);
  if (code === undefined || !aboutFile.has(code)) return error;
  const row = /\(at row (\d+)\)/.exec(String((error as Error).message))?.[1];
  return new UnreadableFile(
    `The file can't be read as ${format}${row ? `: it breaks at record ${row}` : ''}. Nothing of it was taken in.`,
    { cause: error },
  );
}
