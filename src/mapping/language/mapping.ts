/** A mapping: all that it can say, as a schema. */
import { type Static, Type } from 'typebox';
import { refer } from '../../document/schema-parts.ts';
import { closed } from '../../shapes.ts';
import { type TableDeclaration, tableNames, tables } from '../../tables.ts';
import { mergeSchema } from './merge-rule.ts';
import { type Rule, when } from './rule.ts';
import { localTimesSchema, numbersSchema, sourceFileSchema } from './source-file.ts';
import { fileColumn, someItems, someText } from './texts.ts';

/** How many columns are counted: what is told of each total has the values of all. */
export const maxCounted = 20;

const skip = closed({
  when: when('Which rows.'),
  because: someText('What they are, for the reconciliation, such as inbound.', 60),
});

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
  merge: Type.Optional(mergeSchema),
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
