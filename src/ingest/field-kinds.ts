/** The SQL that checks and reads a field, for each kind of column that our tables have. */
import { join, type Sql, sql, sqlInteger, sqlText } from '../sql.ts';
import { earliestMs, endMs, type FieldKind, type TableColumn } from '../tables.ts';

/**
 * How a kind of column is checked and read in SQL. `x` is the name of a field's trimmed text, `parsed` of what `parse`
 * makes of it: long expressions are said once, since ClickHouse's analysis of a statement grows with its length.
 */
interface Kind {
  /** A long expression that both the check and the value need. */
  parse?(x: Sql): Sql;
  /** True for a text that isn't empty and can't be taken. */
  isBad(x: Sql, column: TableColumn, parsed: Sql): Sql;
  /** What a bad text should have been. */
  reason(column: TableColumn): string;
  /** The value that is stored; `x` is then known to be good, or empty. */
  value(x: Sql, column: TableColumn, parsed: Sql): Sql;
  /** The default that `value` gives by itself for an empty text. */
  empty?: string;
}

const maxId = sqlInteger(Number.MAX_SAFE_INTEGER);
const maxTextLength = 1000;

// The forms of spec section 2. A space may stand for the T, and where an offset's + was lost on the way.
// The engine takes a month or a day of 00, which databases write for no date, for a 01.
const instantPattern = sqlText(
  '^(?i)[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])([T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,9})?)?(Z|[-+ ]([01][0-9]|2[0-3])(:?[0-5][0-9])?| UTC)?)?$',
);
const earliest = sqlInteger(earliestMs);
/** The last instant that goes in, in epoch milliseconds. */
export const latest = sqlInteger(endMs - 1);

/**
 * Epoch milliseconds of an instant's text; 0, which is before the earliest, when it is none or there is no such day.
 * Digits beyond the millisecond are cut off.
 */
function toMilliseconds(x: Sql): Sql {
  // What most files hold is tried first; the rest is brought to capitals and a plus sign.
  const plain = sql`(length(${x}) IN (20, 24) AND endsWith(${x}, 'Z') AND substring(${x}, 11, 1) IN ('T', ' '))`;
  const other = sql`replaceOne(replaceRegexpOne(upper(${x}), '^(.{16}.*) ([0-9:]+)$', '\\1+\\2'), ' UTC', 'Z')`;
  return sql`if(match(${x}, ${instantPattern}),
    toUnixTimestamp64Milli(ifNull(parseDateTime64BestEffortOrNull(if(${plain}, ${x}, ${other}), 3, 'UTC'), toDateTime64(0, 3, 'UTC'))), 0)`;
}

/** Every kind of column, with its check and its value. */
export const fieldKinds: Record<FieldKind, Kind> = {
  id: {
    isBad: (x) => sql`toUInt64OrZero(${x}) NOT BETWEEN 1 AND ${maxId}`,
    reason: () => 'must be a whole number from 1 to 9007199254740991',
    value: (x) => sql`toUInt64OrZero(${x})`,
  },
  text: {
    isBad: (x) => sql`(NOT isValidUTF8(${x}) OR lengthUTF8(${x}) > ${sqlInteger(maxTextLength)})`,
    reason: () => `must be text of at most ${maxTextLength} characters in UTF-8 (save the file as UTF-8)`,
    // ASCII is composed as it stands, and what is no text is refused.
    value: (x) => sql`multiIf(length(${x}) = lengthUTF8(${x}), ${x}, isValidUTF8(${x}), normalizeUTF8NFC(${x}), ${x})`,
  },
  instant: {
    parse: toMilliseconds,
    isBad: (_x, _column, parsed) => sql`${parsed} NOT BETWEEN ${earliest} AND ${latest}`,
    reason: () =>
      'must be an ISO 8601 instant from 1971 to 2105, such as 2026-06-01T09:00:00Z (UTC when it has no offset)',
    value: (_x, _column, parsed) => sql`fromUnixTimestamp64Milli(${parsed}, 'UTC')`,
  },
  seconds: {
    isBad: (x) => sql`ifNull(toUInt64OrNull(${x}), 86401) > 86400`,
    reason: () => 'must be a whole number of seconds from 0 to 86400',
    value: (x) => sql`toUInt32OrZero(${x})`,
    empty: '0',
  },
  flag: {
    isBad: (x) => sql`lower(${x}) NOT IN ('true', 'false', '1', '0')`,
    reason: () => 'must be true, false, 1 or 0',
    value: (x) => sql`if(${x} = '', NULL, lower(${x}) IN ('true', '1'))`,
  },
  color: {
    isBad: (x) => sql`NOT match(${x}, '^#[0-9A-Fa-f]{6}$')`,
    reason: () => 'must be a color as #RRGGBB',
    value: (x) => x,
  },
  percent: {
    isBad: (x) => sql`NOT match(${x}, '^[0-9]{1,2}([.][0-9]{1,6})?$')`,
    reason: () => 'must be a number from 0 to below 100, with at most six decimals',
    value: (x) => sql`toDecimal32OrZero(${x}, 6)`,
  },
  count: {
    isBad: (x, column) => sql`toUInt64OrZero(${x}) NOT BETWEEN 1 AND ${sqlInteger(column.max ?? 1)}`,
    reason: (column) => `must be a whole number from 1 to ${column.max}`,
    value: (x) => sql`toUInt32OrZero(${x})`,
  },
  choice: {
    isBad: (x, column) => sql`${x} NOT IN (${join((column.choices ?? []).map(sqlText), sql`, `)})`,
    reason: (column) => `must be one of ${(column.choices ?? []).join(', ')}`,
    value: (x) => x,
  },
};

// Unicode's White_Space property.
const whiteSpace = '[\\t-\\r \\x{85}\\x{A0}\\x{1680}\\x{2000}-\\x{200A}\\x{2028}\\x{2029}\\x{202F}\\x{205F}\\x{3000}]+';

const isWhole = ({ kind }: TableColumn) => ['id', 'seconds', 'count'].includes(kind);

/**
 * A field without the white space around it, and a whole number without the point and zeroes behind it. A regular expression is dear, so only a text that may need it pays: one
 * that is bad as it stands or, where any text is good or the check is dear too, whose first or last byte is no plain
 * character.
 */
export function trimmed(x: Sql, column: TableColumn): Sql {
  const kind = fieldKinds[column.kind];
  const mayNeedIt =
    kind.parse || column.kind === 'text'
      ? sql`ascii(${x}) NOT BETWEEN 33 AND 126 OR ascii(substring(${x}, -1)) NOT BETWEEN 33 AND 126`
      : sql`${x} != '' AND ${kind.isBad(x, column, x)}`;
  const bare = sql`replaceRegexpAll(${x}, ${sqlText(`^${whiteSpace}|${whiteSpace}$`)}, '')`;
  return sql`if(${mayNeedIt}, ${isWhole(column) ? sql`replaceRegexpOne(${bare}, '^([0-9]+)[.]0+$', '\\1')` : bare}, ${x})`;
}
