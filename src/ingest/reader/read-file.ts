/** How a reader reads a file: every record checked once, then good rows and refused ones written apart. */
import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { listed } from '../../document/short.ts';
import { DialtallyError, QueryOverLimit, UnreadableFile } from '../../errors.ts';
import { join, name, type Sql, sql, sqlInteger, type } from '../../sql.ts';
import type { Embedded } from '../../store/embedded.ts';
import { clickhouseCode } from '../../store/failures.ts';
import type { OnProgress } from '../../store/store.ts';
import { type Format, type Reading, readLayout } from '../layout.ts';
import { type Origin, originOf } from '../origin.ts';
import { readRows } from '../rows.ts';
import { noLimit } from './no-limit.ts';
import { type FilePart, MisplacedRecords, type ReadPart, type ReadRequest, type ReadResult } from './read-request.ts';

// Empty values that give the columns beside the table's own their types.
const bookkeeping = sql`is_row Bool, is_refused Bool, record UInt64, faults Array(Tuple(field String, reason String)),
  known String, unknown_keys Array(LowCardinality(String))`;

// Below this size a file's records fit in memory without being felt, and need no files of their own.
const smallFileBytes = 512 * 1024;
// Beyond this, one mistake is in every row, and one answer says so.
const mostRefused = 1_000_000;

/**
 * Reads a file in an engine that holds nothing else: every record typed, or with all that is wrong with it. The good rows
 * and the refused ones go to files of their own. Throws UnreadableFile, MisplacedRecords.
 */
export async function readFile(
  engine: Embedded,
  request: ReadRequest,
  onProgress: OnProgress = () => {},
): Promise<ReadResult> {
  const { path, table, format, limits } = request;
  const reading = request.reading ?? (await readLayout(path, table, format, limits));
  const origin = originOf(request.madeFrom);
  const { size } = await stat(path);
  const isSmall = size < smallFileBytes;
  const checked = name(`staging_${randomUUID().replaceAll('-', '')}`);
  const { columns } = request.rows;
  const types = join(
    columns.map((column) => sql`${name(column.name)} ${type(column.type)}`),
    sql`, `,
  );
  // Read once, from beginning to end: the plainest engine writes it with the least work.
  await engine.command(
    sql`CREATE TABLE ${checked} (${types}, ${bookkeeping}) ENGINE = ${isSmall ? sql`Memory` : sql`Log`}`,
  );
  try {
    await engine.readFile(
      {
        path,
        layout: reading.layout,
        into: sql`${checked} (${toNames(columns)}, is_row, is_refused, record, faults, known, unknown_keys)`,
        select: (relation) =>
          readRows(table, reading, origin, relation).bind({ tenant: request.tenantId, stamp: request.stamp }),
        isSmall,
      },
      { ...noLimit, onProgress },
    );
    return await judge(engine, checked, { ...request, reading, origin });
  } catch (error) {
    throw toUnreadable(error, format);
  } finally {
    await engine.command(sql`DROP TABLE IF EXISTS ${checked} SYNC`).catch(() => {});
  }
}

/** A file whose records were checked. */
interface CheckedFile extends ReadRequest {
  reading: Reading;
  origin: Origin;
}

async function judge(engine: Embedded, checked: Sql, file: CheckedFile): Promise<ReadResult> {
  const counted = await countParts(engine, checked, file);
  const parts = file.parts.map(({ strict }, index): ReadPart => {
    const counts = counted.get(index + 1) ?? { rows: 0, refused: 0, keys: [] };
    const unknownColumns = [...file.reading.unknownColumns, ...counts.keys];
    const heldBack = strict ? whyHeldBack(counts.refused, unknownColumns) : undefined;
    return {
      rows: counts.rows,
      refused: counts.refused,
      refusedBy: [],
      unknownColumns,
      good: heldBack ? 0 : counts.rows - counts.refused,
      ...(heldBack && { heldBack }),
    };
  });
  let groups: ReadResult['groups'] = [];
  if (parts.some(({ refused }) => refused > 0)) {
    for (const [part, reasons] of await readReasons(engine, checked, file)) {
      const found = parts[part - 1];
      if (found) found.refusedBy = reasons;
    }
    for (const part of parts) assertFew(part);
    groups = await writeRefused(engine, checked, file);
  }
  const campaignIds = parts.some(({ good }) => good > 0) ? await writeGood(engine, checked, parts, file) : [];
  return { parts, campaignIds, groups };
}

const toNames = (columns: readonly { name: string }[]) =>
  join(
    columns.map((column) => name(column.name)),
    sql`, `,
  );

/** The number, from 1, of the part that `record` belongs to; a header before the first part counts as the first's. */
function partOf(parts: readonly FilePart[]): Sql {
  if (parts.length === 1) return sql`1`;
  // Of parts that begin at the same record, all but the last have none.
  const numbers = new Map(parts.map(({ firstRecord }, index) => [firstRecord, index + 1]));
  // ClickHouse: a lambda over the starts would copy them for each row of a block.
  return sql`transform(roundDown(record, {starts:Array(UInt64)}), {starts:Array(UInt64)}, {numbers:Array(UInt32)}, toUInt32(0))`.bind(
    { starts: [...numbers.keys()], numbers: [...numbers.values()] },
  );
}

async function countParts(engine: Embedded, checked: Sql, { parts, records }: ReadRequest) {
  const counts = await engine.query<{ part: number; records: number; rows: number; refused: number; keys: string[] }>(
    sql`SELECT ${partOf(parts)} AS part, count() AS records, countIf(is_row) AS rows, countIf(is_refused) AS refused,
        arraySort(groupUniqArrayArray(1000)(unknown_keys)) AS keys
      FROM ${checked} GROUP BY part`,
    noLimit,
  );
  if (records !== undefined && counts.reduce((sum, part) => sum + part.records, 0) !== records) {
    throw new MisplacedRecords('a file has other records than its lines');
  }
  return new Map(counts.map((part) => [part.part, part]));
}

function whyHeldBack(refused: number, unknown: readonly string[]): string | undefined {
  const why = [
    ...(refused > 0 ? [`${refused} rows are bad`] : []),
    ...(unknown.length > 0 ? [`the columns ${listed(unknown)} are unknown`] : []),
  ];
  return why.length > 0 ? `Nothing was taken in (strict): ${why.join(', and ')}.` : undefined;
}

function assertFew({ refused, refusedBy: [first] }: ReadPart): void {
  if (refused <= mostRefused) return;
  throw new UnreadableFile(
    `${refused.toLocaleString('en')} rows are bad, more than the ${mostRefused.toLocaleString('en')} that are kept to be read. ` +
      `Nothing of the file was taken in: mend what they have in common${first ? ` (${first.field} ${first.reason}, ${first.rows} times)` : ''}.`,
  );
}

async function readReasons(engine: Embedded, checked: Sql, { parts, origin }: CheckedFile) {
  const found = await engine.query<{ part: number; field: string; reason: string; rows: number }>(
    sql`SELECT ${partOf(parts)} AS part, fault.field AS field, fault.reason AS reason, count() AS rows
      FROM ${checked} ARRAY JOIN faults AS fault WHERE is_refused
      GROUP BY part, field, reason ORDER BY part, rows DESC, field, reason`,
    noLimit,
  );
  const reasons = new Map<number, ReadPart['refusedBy']>();
  for (const { part, field, ...reason } of found) {
    const known = reasons.get(part) ?? [];
    known.push({ field: origin.toShown(field), ...reason });
    reasons.set(part, known);
  }
  return reasons;
}

/** Writes the refused rows as they are kept. Gives how many each group has. */
async function writeRefused(engine: Embedded, checked: Sql, file: CheckedFile) {
  const { parts, origin } = file;
  const bad = sql`refused.faults.field`;
  const lines = await origin.openLines(engine, file);
  try {
    const quote = await lines.findOpenQuote(checked);
    if (quote) {
      throw new UnreadableFile(
        `A quote that opens on line ${quote.line} is never closed, so the ${quote.swallowed} lines after it can't be told apart. ` +
          'Nothing of the file was taken in: close that quote, or double it ("") where it is part of the text.',
      );
    }
    await engine.writeFile(
      file.refused,
      sql`SELECT ${toNames(file.refused.columns)} FROM (
        SELECT {tenant:UInt64} AS tenant_id, {imports:Array(UUID)}[refused.part] AS import_id, {table:String} AS table_name,
          {sources:Array(String)}[refused.part] AS source,
          lines.line - {before:Array(UInt64)}[refused.part] AS line,
          ${origin.toShownList(bad)} AS fields, refused.faults.reason AS reasons,
          ${origin.toKept(sql`refused.known`, bad)} AS row, now64(3, 'UTC') AS refused_at
        FROM (SELECT record, faults, known, ${partOf(parts)} AS part FROM ${checked} WHERE is_refused) AS refused
        INNER JOIN ${lines.of(checked)} AS lines ON lines.record = refused.record)`.bind({
        tenant: file.tenantId,
        imports: parts.map(({ importId }) => importId),
        table: file.table,
        sources: parts.map((part) => part.file),
        before: parts.map(({ linesBefore }) => linesBefore),
      }),
      noLimit,
    );
    return await lines.countGroups(checked);
  } finally {
    await lines.close();
  }
}

/** Writes the good rows of all parts that are not held back. Gives the campaigns that they name. */
async function writeGood(engine: Embedded, checked: Sql, parts: readonly ReadPart[], request: ReadRequest) {
  const held = parts.flatMap(({ heldBack }, index) => (heldBack ? [index + 1] : []));
  const isHeld = held.length > 0 ? sql`has({held:Array(UInt32)}, ${partOf(request.parts)})`.bind({ held }) : sql`0`;
  const good = sql`FROM ${checked} WHERE is_row AND NOT is_refused AND NOT ${isHeld}`;
  await engine.writeFile(request.rows, sql`SELECT ${toNames(request.rows.columns)} ${good}`, noLimit);
  if (!request.rows.columns.some((column) => column.name === 'campaign_id')) return [];
  const found = await engine.query<{ campaign_id: number }>(
    sql`SELECT DISTINCT campaign_id ${good} LIMIT ${sqlInteger(request.limits.campaigns + 1)}`,
    noLimit,
  );
  return found.map(({ campaign_id }) => campaign_id);
}

/** The engine's word on a file that it can't read, as ours: an engine that holds nothing else has no other trouble. */
function toUnreadable(error: unknown, format: Format): unknown {
  if (error instanceof QueryOverLimit) {
    return new UnreadableFile(
      'Reading it takes more memory than a file may have (INGEST_MEMORY_MB). Nothing of it was taken in: send it in parts.',
      { cause: error },
    );
  }
  const code = clickhouseCode(error);
  if (code === undefined || error instanceof DialtallyError) return error;
  const row = /\(at row (\d+)\)/.exec(String((error as Error).message))?.[1];
  return new UnreadableFile(
    `The file can't be read as ${format}${row ? `: it breaks at record ${row}` : ''}. Nothing of it was taken in.`,
    { cause: error },
  );
}
