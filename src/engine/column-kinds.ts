/** One object for each kind of column: how its values are checked, written, shown and made up, wherever they go. */
import type { Column, Columns, Figure, Reason } from './columns.ts';
import { type UnitWriting, units } from './units.ts';

/** Where a made-up value stands: it is the same each time. */
export interface SamplePlace {
  row: number;
  /** The place of its column. */
  index: number;
  /** A number from 0 to 1, of this cell. */
  chance: number;
  /** The same, of the whole row. */
  rowChance: number;
}

/** What Parquet holds a column's values as. A list is of rows, whose columns are those of the kind's `part`. */
export type ParquetType = 'INT64' | 'DOUBLE' | 'STRING' | 'BOOLEAN' | 'TIMESTAMP' | 'LIST' | { decimals: number };

/** Everything that is different for a kind of column: in JSON, in SQL, in words, in files, on a terminal. */
export interface ReportColumnKind<C extends Column = Column> {
  /** What JSON holds, as a JSON schema: plain, since threads that make files need no more of a kind than its looks. */
  schema(column: C): object;
  /** The ClickHouse type that its SQL must have, so that a report can't promise one thing and select another. */
  sqlType(column: C): RegExp;
  /** What JSON holds, in words. */
  words(column: C): string;
  /** What its cells are to somebody who lays out a file. */
  holds: 'numbers' | 'text' | 'known words' | 'colors' | 'yes and no' | 'moments' | 'reasons';
  /** Where a value stands in its column. */
  align: 'left' | 'center' | 'right';
  /** People wrote it: a spreadsheet may take it for a formula. */
  isWritten?: true;
  /** Behind a heading in a file, where the value does not say it. */
  headingMark?(column: C): string;
  /** What its values are in: a unit, or a zone. */
  unitWord?(column: C): string;
  /** A value as text, as it is. */
  toText(value: unknown): string;
  /** A value on a terminal; as its text when not given. */
  toTerminal?(value: unknown, column: C): string;
  /** A value as a spreadsheet's cell holds it; as its text when not given. */
  toCell?(value: unknown): number | boolean | string;
  /** What Parquet holds its values as. */
  parquet(column: C): ParquetType;
  /** How a spreadsheet shows a cell. */
  numberFormat?(column: C): string;
  /** About what such a cell looks like there, to measure it. */
  toShown?(cell: number, column: C): string;
  /** The rows that a value is a list of. */
  part?: { columns: Columns; key: readonly string[] };
  /** A made-up value. */
  sample(at: SamplePlace, column: C): unknown;
}

const plain = /^(LowCardinality\(String\)|String)$/;
const maybe = /^Nullable\(String\)$/;

/** How the numbers of a column's unit are written; undefined where it has none. */
export function unitOf(column: Column | Figure): UnitWriting | undefined {
  return 'unit' in column && column.unit ? units[column.unit] : undefined;
}

/** The heading of a column, and behind it what its numbers are in: for cells that are too small to say it. */
export const toMarkedLabel = (column: Column): string => column.label + (unitOf(column)?.mark ?? '');

// A spreadsheet keeps 15 digits of a number.
const largestExact = 999_999_999_999_999;
const dayMs = 86_400_000;
const firstDay = Date.UTC(1899, 11, 30);
const sampleDay = Date.UTC(2026, 5, 1);

const people = ['Nguyễn Thị Hoa', 'Trần Văn Minh', 'Maria Lindqvist', 'Đặng "Bo" Lê', '王小明', 'O’Neil, Sean', 'يوسف'];
const palette = ['#2E9E6B', '#2F6DB5', '#D98E04', '#C0392B', '#7D3C98', '#5D6D7E'];

/** What all numbers have in common. */
const figure = {
  holds: 'numbers',
  align: 'right',
  headingMark: (column: Column) =>
    isChange(column) ? ` (${unitOf(column)?.change.mark})` : (unitOf(column)?.headingMark ?? ''),
  unitWord: (column: Column) => (isChange(column) ? unitOf(column)?.change.mark : unitOf(column)?.word) ?? '',
  toText: String,
  toCell(value: unknown) {
    const number = Number(value);
    return Number.isFinite(number) && Math.abs(number) <= largestExact ? number : String(value);
  },
  toShown: (cell: number) => cell.toLocaleString('en'),
} as const;

const isChange = (column: Column): boolean => 'is_change' in column;
const quantity = (column: Figure, { chance }: SamplePlace) => unitOf(column)?.sample?.(chance) ?? chance * 1000;
const withDecimals = (column: Figure & { digits: number }) =>
  (unitOf(column) ?? units.calls).numberFormat(column.digits);

/** A spreadsheet can't show a negative time, and would leave out the plus. */
const toSignedFormat = (column: Figure & { digits: number }): string => {
  const { by, mark } = unitOf(column)?.change ?? units.calls.change;
  const shown = `${units.calls.numberFormat(column.digits)}"${by === 'share' ? mark : ` ${mark}`}"`;
  return `+${shown};-${shown};${shown}`;
};

const integer: ReportColumnKind<Extract<Column, { kind: 'integer' }>> = {
  ...figure,
  schema: ({ max, nullable }) => ({
    type: nullable ? ['integer', 'null'] : 'integer',
    minimum: 0,
    ...(max !== undefined && { maximum: max }),
  }),
  sqlType: ({ nullable }) => (nullable ? /^Nullable\(U?Int\d+\)$/ : /^U?Int\d+$/),
  words: ({ nullable }) => (nullable ? 'integer or null' : 'integer'),
  parquet: () => 'INT64',
  // A number that counts nothing identifies something: no grouping.
  numberFormat: (column) => unitOf(column)?.numberFormat(0) ?? '0',
  toShown: (cell, { unit }) => (unit ? figure.toShown(cell) : String(cell)),
  // Counts get smaller from column to column, as dials, answers and conversions do.
  sample: ({ chance, rowChance, index }, column) =>
    Math.round(unitOf(column)?.sample?.(chance) ?? (600 + rowChance * 900) / (index + 1)),
};

const number: ReportColumnKind<Extract<Column, { kind: 'number' }>> = {
  ...figure,
  schema: ({ max, nullable, is_change }) => ({
    type: nullable ? ['number', 'null'] : 'number',
    ...(!is_change && { minimum: 0 }),
    ...(max !== undefined && { maximum: max }),
  }),
  sqlType: ({ nullable }) => (nullable ? /^Nullable\(Float64\)$/ : /^Float64$/),
  words: ({ digits, nullable }) => `number, up to ${toDecimals(digits)}${nullable ? ', or null' : ''}`,
  parquet: () => 'DOUBLE',
  // Decimal points stand below each other.
  toTerminal: (value, { digits }) => (digits <= 2 ? Number(value).toFixed(digits) : String(value)),
  numberFormat: (column) => (column.is_change ? toSignedFormat(column) : withDecimals(column)),
  sample: (at, column) => Number(quantity(column, at).toFixed(Math.min(column.digits, 2))),
};

const decimal: ReportColumnKind<Extract<Column, { kind: 'decimal' }>> = {
  ...figure,
  schema: ({ digits }) => ({ type: 'string', pattern: digits > 0 ? `^\\d+\\.\\d{${digits}}$` : '^\\d+$' }),
  sqlType: () => plain,
  words: ({ digits }) => (digits > 0 ? `string with ${toDecimals(digits)}` : 'string, whole number'),
  parquet: ({ digits }) => ({ decimals: digits }),
  numberFormat: withDecimals,
  sample: (at, column) => quantity(column, at).toFixed(column.digits),
};

const text: ReportColumnKind<Extract<Column, { kind: 'text' }>> = {
  holds: 'text',
  align: 'left',
  isWritten: true,
  schema: ({ nullable }) => ({ type: nullable ? ['string', 'null'] : 'string' }),
  sqlType: ({ nullable }) => (nullable ? maybe : plain),
  words: ({ nullable }) => (nullable ? 'string or null' : 'string'),
  toText: String,
  parquet: () => 'STRING',
  // Text stays text when somebody edits the cell: zeros and plus signs belong to a code.
  numberFormat: ({ code }) => (code ? '@' : ''),
  sample: ({ row }, { nullable }) => (nullable && row % 4 === 3 ? null : people[row % people.length]),
};

const choice: ReportColumnKind<Extract<Column, { kind: 'choice' }>> = {
  holds: 'known words',
  align: 'left',
  schema: ({ choices }) => ({ type: 'string', enum: [...choices] }),
  sqlType: () => plain,
  words: ({ choices }) => choices.map((word) => `\`${word}\``).join(', '),
  toText: String,
  parquet: () => 'STRING',
  sample: ({ row }, { choices }) => choices[row % choices.length],
};

const color: ReportColumnKind<Extract<Column, { kind: 'color' }>> = {
  holds: 'colors',
  align: 'left',
  schema: () => ({ type: 'string', pattern: '^#[0-9A-Fa-f]{6}$' }),
  sqlType: () => plain,
  words: () => 'string, `#RRGGBB`',
  toText: String,
  parquet: () => 'STRING',
  sample: ({ row }) => palette[row % palette.length],
};

const flag: ReportColumnKind<Extract<Column, { kind: 'flag' }>> = {
  holds: 'yes and no',
  align: 'center',
  schema: () => ({ type: 'boolean' }),
  sqlType: () => /^Bool$/,
  words: () => 'boolean',
  toText: String,
  toTerminal: (value) => (value ? 'yes' : 'no'),
  toCell: Boolean,
  parquet: () => 'BOOLEAN',
  // LibreOffice shows 1 and 0 otherwise.
  numberFormat: () => '"TRUE";"TRUE";"FALSE"',
  sample: ({ row }) => row % 2 === 0,
};

const instant: ReportColumnKind<Extract<Column, { kind: 'instant' }>> = {
  holds: 'moments',
  align: 'left',
  schema: ({ nullable }) => ({ type: nullable ? ['string', 'null'] : 'string', format: 'date-time' }),
  sqlType: ({ nullable }) => (nullable ? maybe : plain),
  words: ({ nullable }) => `ISO 8601 instant${nullable ? ' or null' : ''}`,
  headingMark: () => ' (UTC)',
  unitWord: () => 'UTC',
  toText: String,
  toCell: (value) => (Date.parse(String(value)) - firstDay) / dayMs,
  parquet: () => 'TIMESTAMP',
  numberFormat: () => 'yyyy-mm-dd hh:mm:ss',
  toShown: () => '2026-06-01 00:00:00',
  sample: ({ row, index }, { nullable }) =>
    nullable && row % 3 > 0 ? null : new Date(sampleDay + index * 3_600_000).toISOString(),
};

/** The columns of a reason. */
export const reasonColumns = {
  code: { kind: 'text', label: 'Reason', meaning: 'The rule that holds', code: true },
  value: { kind: 'number', label: 'Value', meaning: 'What was measured', digits: 2 },
  limit: { kind: 'number', label: 'Limit', meaning: 'What it was held to', digits: 2 },
  sample: {
    kind: 'integer',
    label: 'Sample',
    meaning: 'How many calls it was measured on',
    unit: 'calls',
    better: 'neither',
  },
} as const satisfies Columns;

const reasons: ReportColumnKind<Extract<Column, { kind: 'reasons' }>> = {
  holds: 'reasons',
  align: 'left',
  schema: () => ({
    type: 'array',
    items: {
      type: 'object',
      required: Object.keys(reasonColumns),
      additionalProperties: false,
      properties: Object.fromEntries(
        Object.entries<Column>(reasonColumns).map(([name, column]) => [name, kindOf(column).schema(column)]),
      ),
    },
  }),
  sqlType: () => /^Array\(Tuple\(code String, value Float64, limit Float64, sample UInt64\)\)$/,
  words: () => `array of \`{ ${Object.keys(reasonColumns).join(', ')} }\``,
  toText: (value) => toCodes(value).join(';'),
  toTerminal: (value) => toCodes(value).join(', '),
  part: { columns: reasonColumns, key: ['code'] },
  parquet: () => 'LIST',
  sample: ({ row }) => (row % 3 === 0 ? [{ code: 'asr_floor', value: 8.1, limit: 10, sample: 420 }] : []),
};

const toCodes = (value: unknown) => (value as readonly Reason[]).map(({ code }) => code);
const toDecimals = (digits: number) => `${digits} decimal${digits === 1 ? '' : 's'}`;

/** Every kind of column, by its name. */
export const columnKinds: { [Name in Column['kind']]: ReportColumnKind<Extract<Column, { kind: Name }>> } = {
  integer,
  number,
  decimal,
  text,
  choice,
  color,
  flag,
  instant,
  reasons,
};

/** The kind of a column. */
export const kindOf = (column: Column): ReportColumnKind => columnKinds[column.kind] as ReportColumnKind;
