import { type Static, Type } from 'typebox';
import { refer } from '../document/schema-parts.ts';
import { closed, named } from '../shapes.ts';
import { outcomes, type TableDeclaration, tableNames, tables } from '../tables.ts';
import { type Rule, when } from './rule.ts';
import { fileColumn, fileColumns, someItems, someText } from './shapes.ts';
import { localTimesSchema, numbersSchema, sourceFileSchema } from './source-file.ts';
import { maxCounted } from './tally.ts';

const skip = closed({
  when: when('Which rows.'),
  because: someText('What they are, for the reconciliation, such as inbound.', 60),
});

const addable = Type.Enum(['talk_sec', 'hold_sec', 'wrap_sec']);
const mostTies = 5;

const merge = closed(
  {
    by: fileColumns(
      'The column that is alike in all parts of a call, or several: the first that is not empty. Without any, a row is a call of its own.',
    ),
    same: Type.Optional(
      fileColumns(
        'Columns of which two of these rows have one alike when they are one call. Without this and linked, all of them are.',
        { maxItems: mostTies },
      ),
    ),
    linked: Type.Optional(
      named(fileColumn, {
        description:
          'Or a column of the one has the text that the other column has in another row, as when the one channel called the other.',
        minProperties: 1,
        maxProperties: mostTies,
      }),
    ),
    second_leg: Type.Optional(
      someText(
        'The column in which a row names, by its merge.by, the second leg of its call: a row that is named is no call of its own.',
      ),
    ),
    within: Type.Optional(
      Type.Integer({
        description: 'How many seconds apart rows with a column alike begin at most, when they are one call.',
        minimum: 0,
        maximum: 604_800,
      }),
    ),
    prefer: Type.Optional(
      someItems(
        'The outcomes by weight, the heaviest first: the part with the heaviest decides the call.',
        Type.Enum(outcomes),
      ),
    ),
    add: Type.Optional(
      someItems(
        'Our columns of seconds that are added up over the parts, instead of the deciding part\u2019s.',
        addable,
      ),
    ),
    talk_from: Type.Optional(
      refer<Rule>(
        'rule',
        'When the talk of a part began, a time such as that of the answer: talk that did not go on at the same time is added up.',
      ),
    ),
    add_linked: Type.Optional(
      someItems(
        'Our columns of seconds that rows which are linked to go on with, beside the deciding part\u2019s: after a transfer.',
        addable,
      ),
    ),
  },
  { description: 'Rows that are parts of one call, such as its legs.' },
);
/** Which rows are one call, and what the call takes from each. */
export type Merge = Static<typeof merge>;

/** The columns of every table: which of them a table has is checked beside the schema. */
const ourColumns = [
  ...new Set([...Object.values<TableDeclaration>(tables).flatMap(({ columns }) => Object.keys(columns)), 'updated_at']),
];

/** All that a mapping can say, but for the definitions that it refers to. */
export const mappingSchema = closed({
  $schema: Type.Optional(
    Type.String({ description: 'The schema that editors check the file with; the server does not read it.' }),
  ),
  table: Type.Enum(tableNames, { description: 'The table that the rows go into.' }),
  file: Type.Optional(sourceFileSchema),
  timezone: Type.Optional(refer<string>('timezone', 'The time zone of local times, such as Asia/Ho_Chi_Minh.')),
  local_times: Type.Optional(localTimesSchema),
  numbers: Type.Optional(numbersSchema),
  skip: Type.Optional(someItems('Rows that are left out; the first that holds counts.', skip)),
  columns: Type.Unsafe<Record<string, Rule>>(
    closed(Object.fromEntries(ourColumns.map((column) => [column, Type.Optional(refer<Rule>('rule'))])), {
      description: 'Where each of our columns comes from.',
      minProperties: 1,
    }),
  ),
  merge: Type.Optional(merge),
  count: Type.Optional(
    someItems(
      'Columns of the file whose values the reconciliation counts; when left out, those that decide the outcome and the disposition.',
      fileColumn,
      { maxItems: maxCounted },
    ),
  ),
});
/**
 * How the rows of another system's file become rows of one of our tables. It is data; nothing in it runs.
 */
export type Mapping = Static<typeof mappingSchema>;
