/** The SQL that reads the records of a file as rows of a table, or says all that is wrong with them. */
import { join, name, type Sql, sql, sqlInteger, sqlText } from '../sql.ts';
import { type TableColumn, type TableName, tables, updatedAt } from '../tables.ts';
import { fieldKinds, latest, trimmed } from './field-kinds.ts';
import { columnNames, type Reading } from './layout.ts';
import type { Origin } from './origin.ts';

/** The physical columns of a table that goes in, `version` last. */
export function physicalColumns(table: TableName): string[] {
  return [...toPhysical(table).map(({ column }) => column), 'version'];
}

/**
 * Checks the records of `relation` and reads them as rows of a table: a SELECT of the physical columns, then is_refused,
 * record, faults, known and unknown_keys. `{tenant}` and `{stamp}` are the caller's to bind.
 */
export function readRows(table: TableName, reading: Reading, origin: Origin, relation: Sql): Sql {
  const checks = toChecks(table).map((check, index) => ({ ...check, flag: name(`bad_${index}`) }));
  const physical = toPhysical(table);
  const list = <Item>(items: readonly Item[], toSql: (item: Item) => Sql) => join(items.map(toSql), sql`, `);
  const faults = sql`if(fault != '', [('(line)', fault)], arrayFilter(found -> found.2 != '', [${list(
    checks,
    ({ field, flag, reason }) => sql`(${field}, if(${flag}, ${reason}, ''))`,
  )}]))`;
  // A record whose fields may have slipped into other columns is not kept: they could be anything.
  const known = sql`if(fault != '', '{}', toJSONString(mapApply((field, value) -> (field, ${toReadable(sql`value`)}),
    mapFilter((field, value) -> value != '', map(${list(
      columnNames(table),
      (column) => sql`${sqlText(column)}, ${name(column)}`,
    )})))))`;
  // Layer by layer, each on the names of the one below.
  const parsed = toParsed(table, toTrimmed(table, toRecords(table, reading, origin, relation)));
  const checked = sql`(SELECT *, ${list(checks, ({ isBad, flag }) => sql`${isBad} AS ${flag}`)} FROM ${parsed})`;
  const judged = sql`(SELECT *, is_row AND (fault != '' OR ${join(
    checks.map(({ flag }) => flag),
    sql` OR `,
  )}) AS is_bad FROM ${checked})`;
  const stored = sql`(SELECT record, unknown_keys, is_row, is_bad, ${toVersion(table)} AS version,
    if(is_bad, ${faults}, []) AS faults, if(is_bad, ${known}, '') AS known,
    ${list(physical, ({ column, value, whenRefused }) => sql`${whenRefused ? sql`if(is_bad OR NOT is_row, ${whenRefused}, ${value})` : value} AS ${storedName(column)}`)}
    FROM ${judged})`;
  return sql`SELECT ${list(physical, ({ column }) => storedName(column))}, version,
      is_row, is_bad, record, faults, known, unknown_keys FROM ${stored}`;
}

/** A text as it is; of one that is not UTF-8 the first thousand bytes, those beyond ASCII as \xFF: what stood there is told, and nothing made up. */
function toReadable(x: Sql): Sql {
  // ClickHouse: it splits into bytes by an empty separator.
  return sql`if(isValidUTF8(${x}), ${x}, arrayStringConcat(arrayMap(byte -> if(ascii(byte) BETWEEN 0 AND 127, byte, concat('\\\\x', hex(byte))),
    splitByString('', substring(${x}, 1, 1000)))))`;
}

/** The name under which a physical value stands beside the field that it was made from. */
const storedName = (column: string) => name(`stored_${column}`);

interface Check {
  field: Sql;
  isBad: Sql;
  reason: Sql;
}

/** The name under which a field's parsed value stands. */
const parsedName = (column: string) => name(`parsed_${column}`);

function toChecks(table: TableName): Check[] {
  const checks = Object.entries(columnsOf(table)).flatMap(([column, declared]) => {
    const x = name(column);
    const kind = fieldKinds[declared.kind];
    const isBad = sql`(${x} != '' AND ${kind.isBad(x, declared, parsedName(column))})`;
    const wrong: Check = { field: sqlText(column), isBad, reason: sqlText(kind.reason(declared)) };
    const missing: Check = { field: sqlText(column), isBad: sql`${x} = ''`, reason: sql`'is required'` };
    return declared.required ? [missing, wrong] : [wrong];
  });
  const tooNew: Check = {
    field: sql`'updated_at'`,
    isBad: sql`parsed_updated_at BETWEEN {stamp:Int64} + 86400001 AND ${latest}`,
    reason: sql`'is more than a day ahead of the clock'`,
  };
  const notBlocked: Check = {
    field: sql`'block_reason'`,
    isBad: sql`(block_reason != '' AND outcome != 'blocked')`,
    reason: sql`'may only be given with outcome blocked'`,
  };
  return [...checks, tooNew, ...(table === 'calls' ? [notBlocked] : [])];
}

/** All columns that a file of the table may have. */
function columnsOf(table: TableName): Record<string, TableColumn> {
  return { ...tables[table].columns, updated_at: updatedAt };
}

/** Beside each field the long expressions that both its check and its value need. */
function toParsed(table: TableName, records: Sql): Sql {
  const parsed = Object.entries(columnsOf(table)).flatMap(([column, declared]) => {
    const parse = fieldKinds[declared.kind].parse;
    return parse ? [sql`, ${parse(name(column))} AS ${parsedName(column)}`] : [];
  });
  return sql`(SELECT * ${join(parsed, sql``)} FROM ${records})`;
}

function toTrimmed(table: TableName, records: Sql): Sql {
  const fields = Object.entries(columnsOf(table)).map(
    ([column, declared]) => sql`${trimmed(sql`raw.${name(column)}`, declared)} AS ${name(column)}`,
  );
  return sql`(SELECT record, is_row, fault, unknown_keys, ${join(fields, sql`, `)} FROM ${records} AS raw)`;
}

/** The records: whether each is a row, what is wrong with it as a whole, and its fields under the table's own names. */
function toRecords(table: TableName, reading: Reading, origin: Origin, relation: Sql): Sql {
  const fields = columnNames(table).map((column) => sql`${toField(column, reading)} AS ${name(column)}`);
  const record = sql`record, ${isRow(reading)} AS is_row, ${toFault(reading)} AS fault,
    ${toUnknownKeys(table, reading, origin)} AS unknown_keys, ${join(fields, sql`, `)}`;
  return sql`(SELECT ${record} FROM ${toSource(table, reading, origin, relation)})`;
}

function toField(column: string, reading: Reading): Sql {
  if (reading.format === 'ndjson') return sql`ifNull(object.${name(column)}, '')`;
  if (reading.format === 'csv' && !reading.layout.columns.includes(column)) return sql`''`;
  return sql`ifNull(file.${name(column)}, '')`;
}

function toSource(table: TableName, reading: Reading, { object }: Origin, relation: Sql): Sql {
  if (reading.format !== 'ndjson') return sql`${relation} AS file`;
  const fields = join(
    columnNames(table).map((column) => sql`${name(column)} Nullable(String)`),
    sql`, `,
  );
  return sql`(SELECT record, line, JSONExtract(${object}, ${sqlText(`Tuple(${fields.text})`)}) AS object
    FROM ${relation})`;
}

/**
 * True for a record that is a row: neither the header nor a blank line. Those are marked, not filtered out here, since
 * ClickHouse copies every column of a block that it filters.
 */
function isRow(reading: Reading): Sql {
  if (reading.format === 'parquet') return sql`true`;
  if (reading.format === 'ndjson') return sql`NOT match(line, '^\\\\s*$')`;
  // All that is read of a blank line is an empty first field.
  const isEmpty = join(
    reading.layout.columns.map((column) => sql`ifNull(file.${name(column)}, '') = ''`),
    sql` AND `,
  );
  return sql`(record > 0 AND NOT ( ${isShort(reading)} AND ${isEmpty}))`;
}

/** True for a CSV record with fewer fields than the header. */
function isShort(reading: Reading): Sql {
  return sql`isNull(file.${name(reading.layout.columns.at(-2) ?? '')})`;
}

/** True for a CSV record that names the columns, as in the middle of files that were put together. */
function isHeaderAgain(reading: Reading): Sql {
  const named = reading.layout.columns.filter((column) => !/^(unknown_\d+|too_much)$/.test(column));
  return join(
    named.map(
      (column) => sql`trimBoth(replaceOne(ifNull(file.${name(column)}, ''), '\ufeff', '')) = ${sqlText(column)}`,
    ),
    sql` AND `,
  );
}

function toUnknownKeys(table: TableName, reading: Reading, { keys }: Origin): Sql {
  if (reading.format !== 'ndjson') return sql`[]`;
  const known = join([...columnNames(table), ...keys].map(sqlText), sql`, `);
  return sql`arrayMap(key -> substringUTF8(toValidUTF8(key), 1, 100), arrayFilter(key -> key NOT IN (${known}), JSONExtractKeys(line)))`;
}

/** What is wrong with a record as a whole. */
function toFault(reading: Reading): Sql {
  if (reading.format === 'parquet') return sql`''`;
  if (reading.format === 'csv') {
    return sql`multiIf(
      ${isHeaderAgain(reading)}, 'is the header once more',
      isNotNull(file.too_much), 'has more fields than the header',
      ${isShort(reading)}, 'has fewer fields than the header, or a quote that is opened and never closed',
      '')`;
  }
  return sql`multiIf(
    NOT isValidJSON(line), 'is not valid JSON',
    JSONType(line) != 'Object', 'must be one JSON object',
    match(line, '[:][ ]*[{[]') AND arrayExists(field -> field.2 LIKE '{%' OR field.2 LIKE '[%', JSONExtractKeysAndValuesRaw(line)),
      'holds an object or an array; every value is a text, a number, true, false or null',
    '')`;
}

interface Physical {
  column: string;
  value: Sql;
  /** What stands for a value that a refused row can't have. */
  whenRefused?: Sql;
}

/** The physical row but for its version. */
function toPhysical(table: TableName): Physical[] {
  const columns: Record<string, TableColumn> = tables[table].columns;
  const values = Object.entries(columns).map(([column, declared]): Physical => {
    const given = name(column);
    const kind = fieldKinds[declared.kind];
    const fallback =
      declared.default === undefined || declared.default === kind.empty ? undefined : sqlText(declared.default);
    const x = fallback ? sql`if(${given} = '', ${fallback}, ${given})` : given;
    const value = kind.value(x, declared, parsedName(column));
    if (column === 'outcome') return { column, value, whenRefused: sql`'failed'` };
    if (column === 'block_reason') {
      return {
        column,
        value: sql`if(outcome = 'blocked' AND block_reason = '', 'other', block_reason)`,
        whenRefused: sql`''`,
      };
    }
    if (declared.kind === 'instant' && !declared.required)
      return { column, value: sql`if(${given} = '', NULL, ${value})` };
    return { column, value };
  });
  return [
    { column: 'tenant_id', value: sql`{tenant:UInt64}` },
    ...values,
    ...(table === 'calls' ? [{ column: 'call_key', value: sql`sipHash64(call_id)` }] : []),
  ];
}

/**
 * The instant of the update, the generation of the columns, then the hash of the row's fields where the row says when it was updated,
 * else its place in the file. The fields are text: ClickHouse makes NULL of a hash when one value is.
 */
function toVersion(table: TableName): Sql {
  const fields = join(
    Object.keys(tables[table].columns).map((column) => name(column)),
    sql`, `,
  );
  return sql`bitOr(bitOr(bitShiftLeft(toUInt128(if(updated_at = '', {stamp:Int64}, parsed_updated_at)), 80),
    bitShiftLeft(toUInt128(${sqlInteger(tables[table].generation)}), 64)),
    toUInt128(if(updated_at = '', toUInt64(record), cityHash64(${fields}))))`;
}
