import { closed, type Properties, refer, type Schema } from '../../document/schema-parts.ts';
import { outcomes, type TableDeclaration, tableNames, tables } from '../../store/tables.ts';
import { longestText } from './bounds.ts';
import { phoneFormParts } from './hash.ts';
import {
  type Case,
  type ColumnRule,
  type LocalTimes,
  type Mapping,
  type Merge,
  type Numbers,
  readings,
  type Skip,
  type SourceFile,
  type Test,
} from './mapping.ts';
import { maxFields } from './records.ts';
import { maxCounted } from './tally.ts';

const text = (description: string, maxLength = 200): Schema => ({
  description,
  type: 'string',
  minLength: 1,
  maxLength,
});
const mark = (description: string) => text(description, 20);
const textOrNull = (description: string): Schema => ({ description, type: ['string', 'null'], maxLength: longestText });
const texts = (description: string): Schema => ({
  description,
  type: ['string', 'array'],
  minItems: 1,
  items: { type: 'string', maxLength: longestText },
});
const list = (description: string, items: Schema): Schema => ({ description, type: 'array', minItems: 1, items });
const columnName: Schema = { type: 'string', minLength: 1, maxLength: 200 };
const columnNames = (description: string): Schema => ({
  description,
  type: ['string', 'array'],
  minLength: 1,
  minItems: 1,
  items: columnName,
});

/** Objects whose names are columns of the file. */
const whenProperties: Schema = {
  type: ['object', 'array'],
  minProperties: 1,
  minItems: 1,
  additionalProperties: refer('test'),
  items: { type: 'object', minProperties: 1, additionalProperties: refer('test') },
};
const when = (description: string): Schema => ({ description, ...whenProperties });

const testProperties: Properties<Test> = {
  is: texts('It is one of these.'),
  not: texts('It is none of these.'),
  starts_with: texts('It begins with one of these.'),
  ends_with: texts('It ends with one of these.'),
  contains: texts('It has one of these in it.'),
  empty: { description: 'It is empty, or is not.', type: 'boolean' },
  shorter_than: { description: 'It has fewer characters.', type: 'integer', minimum: 1, maximum: 1000 },
  longer_than: { description: 'It has more characters.', type: 'integer', minimum: 0, maximum: 1000 },
  above: { description: 'It is a number above this one.', type: 'number' },
  below: { description: 'It is a number below this one.', type: 'number' },
};

const caseProperties: Properties<Case> = {
  when: when('When it holds.'),
  value: textOrNull('The value; null: not given.'),
  from: text('Or the column that has the value.'),
};

const ruleProperties: Properties<ColumnRule> = {
  from: columnNames('A column of the file, or several: the first that is not empty.'),
  join: list('Columns whose texts are put one behind the other.', columnName),
  between: { description: 'What stands between joined texts.', type: 'string', maxLength: 20 },
  after: mark('Of the text, what comes after this mark, where it stands first. A text without it is refused.'),
  before: mark(
    'Of the text (or of what comes after the other mark), what comes before this mark, where it stands first.',
  ),
  value: text('The same value in every row.', longestText),
  values: {
    description: 'What each text of the file stands for; null: not given.',
    type: 'object',
    minProperties: 1,
    additionalProperties: { type: ['string', 'null'], maxLength: longestText },
  },
  cases: list('Values that depend on other columns: the first case that holds.', closed(caseProperties, ['when'])),
  otherwise: textOrNull('The value when no text or case fits; null: not given. Without it such a row is refused.'),
  as: {
    description:
      'How the text is read: text, time, seconds, milliseconds, clock (h:mm:ss, 23m 17s), name (gets an id) or phone (becomes a keyed hash).',
    enum: [...readings],
  },
  format: {
    description: 'How a time is written: iso (the default), epoch, epoch_ms, or a pattern such as DD/MM/YYYY HH:mm:ss.',
    type: 'string',
    format: 'time-format',
    minLength: 1,
    maxLength: 60,
  },
  timezone: refer('timezone', 'The time zone of this time, when it is not the mapping\u2019s.'),
  country_code: {
    description: 'The country of phone numbers that are written without it, such as 84.',
    type: 'string',
    format: 'country-code',
    pattern: phoneFormParts.country_code.pattern,
  },
  dial_prefix: {
    description: 'What is dialed before the phone number, such as 9 for a line.',
    type: 'string',
    format: 'dial-prefix',
    pattern: phoneFormParts.dial_prefix.pattern,
  },
  or: refer('rule', 'Another rule, when this one gives nothing or a text does not fit it.'),
};

const fileProperties: Properties<SourceFile> = {
  format: {
    description:
      'csv (the default); ndjson: one JSON object a line; json: a list of objects, or objects one behind the other.',
    enum: ['csv', 'ndjson', 'json'],
  },
  percent_encoded: list('Paths of JSON under which texts are percent-encoded (%20).', columnName),
  delimiter: {
    description: 'What stands between two fields: a comma unless told otherwise.',
    enum: [',', ';', '\t', '|', ':', '^', '~', '\u0001'],
  },
  quote: {
    description: 'What stands around a field: " unless told otherwise; none when nothing does.',
    enum: ['"', "'", 'none'],
  },
  inner_quotes: {
    description:
      'A quote inside of a quoted field: doubled, behind a backslash, or plain (it ends the field only before a delimiter).',
    enum: ['doubled', 'backslash', 'plain'],
  },
  encoding: {
    description: 'The encoding by its WHATWG name, such as utf-8 (the default), windows-1258, gb18030 or utf-16le.',
    type: 'string',
    format: 'encoding',
    maxLength: 40,
  },
  columns: {
    ...list('The names of the columns by position, for a file without a header.', columnName),
    maxItems: maxFields,
  },
  fewest: {
    description: 'How many fields a row has at least, when the last ones may be missing.',
    type: 'integer',
    minimum: 1,
    maximum: 1000,
  },
  skip_lines: {
    description: 'Lines before the header or the first row that are passed over.',
    type: 'integer',
    minimum: 0,
    maximum: 1000,
  },
};

const localTimes: Properties<LocalTimes> = {
  missing: {
    description:
      'A time that the clock skipped: refuse (the default), or later, by as much as the clock was put forward.',
    enum: ['refuse', 'later'],
  },
  repeated: {
    description: 'A time that the clock showed twice: the earlier one (the default), the later one, or refuse.',
    enum: ['earlier', 'later', 'refuse'],
  },
};

const numbers: Properties<Numbers> = {
  decimal: {
    description: 'What stands before the decimals. When it is named, seconds may have some, and are rounded.',
    enum: ['.', ','],
  },
  thousands: {
    description: 'What stands between groups of three digits: nothing unless told otherwise.',
    enum: ['.', ',', ' ', "'", '\u00a0', '\u202f'],
  },
};

const skip: Properties<Skip> = {
  when: when('Which rows.'),
  because: text('What they are, for the reconciliation, such as inbound.', 60),
};

const addable = ['talk_sec', 'hold_sec', 'wrap_sec'];
const mostTies = 5;

const merge: Properties<Merge> = {
  by: columnNames(
    'The column that is alike in all parts of a call, or several: the first that is not empty. Without any, a row is a call of its own.',
  ),
  same: {
    ...columnNames(
      'Columns of which two of these rows have one alike when they are one call. Without this and linked, all of them are.',
    ),
    maxItems: mostTies,
  },
  linked: {
    description:
      'Or a column of the one has the text that the other column has in another row, as when the one channel called the other.',
    type: 'object',
    minProperties: 1,
    maxProperties: mostTies,
    additionalProperties: columnName,
  },
  second_leg: {
    description:
      'The column in which a row names, by its merge.by, the second leg of its call: a row that is named is no call of its own.',
    ...columnName,
  },
  within: {
    description: 'How many seconds apart rows with a column alike begin at most, when they are one call.',
    type: 'integer',
    minimum: 0,
    maximum: 604_800,
  },
  prefer: list('The outcomes by weight, the heaviest first: the part with the heaviest decides the call.', {
    enum: [...outcomes],
  }),
  add: list('Our columns of seconds that are added up over the parts, instead of the deciding part\u2019s.', {
    enum: [...addable],
  }),
  talk_from: refer(
    'rule',
    'When the talk of a part began, a time such as that of the answer: talk that did not go on at the same time is added up.',
  ),
  add_linked: list(
    'Our columns of seconds that rows which are linked to go on with, beside the deciding part\u2019s: after a transfer.',
    { enum: [...addable] },
  ),
};

/** The columns of every table: which of them a table has is checked beside the schema. */
const ourColumns = [
  ...new Set([...Object.values<TableDeclaration>(tables).flatMap(({ columns }) => Object.keys(columns)), 'updated_at']),
];

/** The JSON Schema (2020-12) of a mapping. */
export function toMappingSchema(): Schema {
  const properties: Properties<Mapping> = {
    $schema: {
      description: 'The schema that editors check the file with; the server does not read it.',
      type: 'string',
    },
    table: { description: 'The table that the rows go into.', enum: [...tableNames] },
    file: { description: 'How the file is written.', ...closed(fileProperties) },
    timezone: refer('timezone', 'The time zone of local times, such as Asia/Ho_Chi_Minh.'),
    local_times: {
      description: 'What becomes of local times that the clock skips or shows twice.',
      ...closed(localTimes),
    },
    numbers: { description: 'How numbers are written, when it is not as 1234.5.', ...closed(numbers) },
    skip: list('Rows that are left out; the first that holds counts.', closed(skip, ['when', 'because'])),
    columns: {
      description: 'Where each of our columns comes from.',
      minProperties: 1,
      ...closed(Object.fromEntries(ourColumns.map((column) => [column, refer('rule')]))),
    },
    merge: { description: 'Rows that are parts of one call, such as its legs.', ...closed(merge, ['by']) },
    count: {
      ...list(
        'Columns of the file whose values the reconciliation counts; when left out, those that decide the outcome and the disposition.',
        columnName,
      ),
      maxItems: maxCounted,
    },
  };
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'How another system\u2019s file goes in (a mapping)',
    ...closed(properties, ['table', 'columns']),
    $defs: {
      timezone: { type: 'string', format: 'timezone', maxLength: 60 },
      test: {
        ...closed(testProperties),
        type: ['string', 'array', 'object'],
        minItems: 1,
        minProperties: 1,
        items: { type: 'string' },
      },
      rule: { ...closed(ruleProperties), type: ['string', 'object'], minLength: 1, minProperties: 1 },
    },
  };
}
