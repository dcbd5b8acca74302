import { UnreadableFile } from '../errors.ts';
import { type Sql, sql } from '../sql.ts';
import { clickhouseCode } from '../store/failures.ts';
import type { OnProgress, Store } from '../store/store.ts';
import type { TableName } from '../store/tables.ts';
import type { Format } from './layout.ts';
import { readLines } from './lines.ts';
import { type RefusedRow, readFirstRefused } from './refused.ts';
import { fileLimits, type StagedFile, stageFile } from './staging.ts';

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

/** A part of a file that is judged by its own rows: it ends where the next one begins. */
export interface Part {
  importId: string;
  /** The name to tell people. */
  file: string;
  /** All rows or none; unknown columns are refused too. */
  strict: boolean;
  /** Its first record in the file. */
  firstRecord: number;
  /** How many lines of the file stand before its own first line. */
  linesBefore: number;
}

/** A file of one part or several. */
export interface PartedFile extends StagedFile {
  parts: readonly [Part, ...Part[]];
  /** Each record is one line, also in CSV: there are no quotes. */
  isPlain?: boolean;
  /** How many records there must be, for parts to be told apart. */
  records?: number;
  /** The rows were made from another file: they say their line and group themselves. */
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

/** The records of the file are not where they were thought to be: nothing was taken in. */
export class MisplacedRecords extends Error {}

/**
 * Takes a file in: every record is read and checked before the first is stored, so a file that can't be read to its end
 * leaves nothing behind. Gives what became of each part. Throws UnreadableFile when the file can't be read.
 */
export async function takeParts(
  store: Store,
  file: PartedFile,
  watch: (phase: 'reading' | 'storing') => OnProgress | undefined = () => undefined,
): Promise<Reconciliation[]> {
  const { table, reading, tenantId, parts } = file;
  const lane = laneOf(file);
  const staging = await stageFile(store, file, watch('reading')).catch((error) => {
    throw toUnreadable(error, reading.format);
  });
  try {
    const counted = await countParts(store, staging.table, file);
    const found = parts.map((part, index) => {
      const counts = counted.get(index + 1) ?? { rows: 0, refused: 0, keys: [] };
      const unknown = [...reading.unknownColumns, ...counts.keys];
      return { ...part, ...counts, unknown, heldBack: part.strict ? whyHeldBack(counts.refused, unknown) : undefined };
    });
    const refusing = found.filter(({ refused }) => refused > 0).map(({ importId }) => importId);
    if (refusing.length > 0) await keepRefused(store, staging.table, file);
    const reasons = refusing.length > 0 ? await readReasons(store, staging.table, file) : new Map();
    const held = found.flatMap(({ heldBack }, index) => (heldBack ? [index + 1] : []));
    const toTake = found.map(({ rows, refused, heldBack }) => (heldBack ? 0 : rows - refused));
    if (toTake.some((rows) => rows > 0)) {
      const notHeld =
        held.length > 0
          ? sql`AND NOT has({held:Array(UInt32)}, ${partOf(parts)})`.bind({ held, ...bindParts(parts) })
          : sql``;
      await staging.store(notHeld, watch('storing'));
    }
    const first = await readFirstRefused(store, tenantId, refusing, lane);
    return found.map((part, index) => ({
      import_id: part.importId,
      table,
      file: part.file,
      rows_read: part.rows,
      taken_in: toTake[index] ?? 0,
      refused: part.refused,
      refused_by: reasons.get(index + 1) ?? [],
      unknown_columns: part.unknown,
      first_refused: first.get(part.importId) ?? [],
      ...(part.heldBack && { held_back: part.heldBack }),
    }));
  } finally {
    await staging.close();
  }
}

/** Rows that share a write come live; a file's own statements wait where files do. */
const laneOf = ({ into }: { into?: Sql | undefined }): { lane?: 'live' } =>
  into === undefined ? {} : { lane: 'live' };

/** The number, from 1, of the part that `record` belongs to; a header before the first part counts as the first's. */
function partOf(parts: readonly Part[]): Sql {
  if (parts.length === 1) return sql`1`;
  // ClickHouse: a lambda over the starts would copy them for each row of a block.
  return sql`transform(roundDown(record, {starts:Array(UInt64)}), {starts:Array(UInt64)}, {numbers:Array(UInt32)}, toUInt32(0))`;
}

function bindParts(parts: readonly Part[]): { starts?: number[]; numbers?: number[] } {
  if (parts.length === 1) return {};
  // Of parts that begin at the same record, all but the last have none.
  const numbers = new Map(parts.map(({ firstRecord }, index) => [firstRecord, index + 1]));
  return { starts: [...numbers.keys()], numbers: [...numbers.values()] };
}

async function countParts(store: Store, staging: Sql, { parts, records, into }: PartedFile) {
  const counts = await store.query<{ part: number; records: number; rows: number; refused: number; keys: string[] }>(
    sql`SELECT ${partOf(parts)} AS part, count() AS records, countIf(is_row) AS rows, countIf(is_refused) AS refused,
        arraySort(groupUniqArrayArray(1000)(unknown_keys)) AS keys
      FROM ${staging} GROUP BY part`.bind({ ...bindParts(parts) }),
    laneOf({ into }),
  );
  if (records !== undefined && counts.reduce((sum, part) => sum + part.records, 0) !== records) {
    throw new MisplacedRecords('a file has other records than its lines');
  }
  return new Map(counts.map((part) => [part.part, part]));
}

function whyHeldBack(refused: number, unknown: readonly string[]): string | undefined {
  const why = [
    ...(refused > 0 ? [`${refused} rows are bad`] : []),
    ...(unknown.length > 0 ? [`the columns ${unknown.join(', ')} are unknown`] : []),
  ];
  return why.length > 0 ? `Nothing was taken in (strict): ${why.join(', and ')}.` : undefined;
}

async function keepRefused(store: Store, staging: Sql, from: PartedFile): Promise<void> {
  const { parts, into, made } = from;
  // What is wrong with a made value may be that it is a phone number from another column.
  const known = made
    ? sql`toJSONString(mapFilter((field, value) -> NOT has(refused.faults.field, field) OR length(replaceRegexpAll(value, '[^0-9]', '')) < 5,
        JSONExtract(refused.known, 'Map(String, String)')))`
    : sql`refused.known`;
  const fields = made
    ? sql`arrayMap(field -> transform(field, {ours:Array(String)}, {shown:Array(String)}, field), refused.faults.field)`.bind(
        {
          ours: [...made.shown.keys()],
          shown: [...made.shown.values()],
        },
      )
    : sql`refused.faults.field`;
  const lines = await readLines(store, from.path, from.reading, from.isPlain === undefined ? {} : from);
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
        SELECT {tenant:UInt64}, {imports:Array(UUID)}[refused.part], {table:String}, {sources:Array(String)}[refused.part],
          lines.line - {before:Array(UInt64)}[refused.part],
          ${fields}, refused.faults.reason, ${known}, now64(3, 'UTC')
        FROM (SELECT record, faults, known, ${partOf(parts)} AS part FROM ${staging} WHERE is_refused) AS refused
        INNER JOIN ${lines.of(staging)} AS lines ON lines.record = refused.record`.bind({
        ...bindParts(parts),
        tenant: from.tenantId,
        imports: parts.map(({ importId }) => importId),
        table: from.table,
        sources: parts.map(({ file }) => file),
        before: parts.map(({ linesBefore }) => linesBefore),
      }),
      { ...fileLimits, ...laneOf({ into }) },
    );
    if (made) for (const { group, rows } of await lines.countGroups(staging)) made.onRefused(group, rows);
  } finally {
    await lines.close();
  }
}

async function readReasons(store: Store, staging: Sql, { parts, into, made }: PartedFile) {
  const found = await store.query<{ part: number; field: string; reason: string; rows: number }>(
    sql`SELECT ${partOf(parts)} AS part, fault.field AS field, fault.reason AS reason, count() AS rows
      FROM ${staging} ARRAY JOIN faults AS fault WHERE is_refused
      GROUP BY part, field, reason ORDER BY part, rows DESC, field, reason`.bind({ ...bindParts(parts) }),
    laneOf({ into }),
  );
  const reasons = new Map<number, Reconciliation['refused_by']>();
  for (const { part, field, ...reason } of found) {
    reasons.set(part, [...(reasons.get(part) ?? []), { field: made?.shown.get(field) ?? field, ...reason }]);
  }
  return reasons;
}

// CANNOT_PARSE_*, INCORRECT_DATA, TYPE_MISMATCH and their kin: about the file, not about us.
const aboutFile = new Set([6, 26, 27, 33, 38, 41, 53, 70, 72, 117, 349, 467, 636, 1001]);

/** The engine's word on a file that it can't read, as ours. */
function toUnreadable(error: unknown, format: Format): unknown {
  const code = clickhouseCode(error);
  if (code === undefined || !aboutFile.has(code)) return error;
  const row = /\(at row (\d+)\)/.exec(String((error as Error).message))?.[1];
  return new UnreadableFile(
    `The file can't be read as ${format}${row ? `: it breaks at record ${row}` : ''}. Nothing of it was taken in.`,
    { cause: error },
  );
}
