/** What a mapping can say of rows that are parts of one call. */
import { type Static, Type } from 'typebox';
import { refer } from '../../document/schema-parts.ts';
import { closed, named } from '../../shapes.ts';
import { outcomes } from '../../tables.ts';
import type { Rule } from './rule.ts';
import { fileColumn, fileColumns, someItems, someText } from './texts.ts';

const addable = Type.Enum(['talk_sec', 'hold_sec', 'wrap_sec']);
const mostTies = 5;

/** What a mapping can say of rows that are parts of one call. */
export const mergeSchema = closed(
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
export type Merge = Static<typeof mergeSchema>;

/** Whether a mapping says which of the rows with one key are one call; else all are. */
export function tellsCallsApart({ same, linked }: Merge): boolean {
  return same !== undefined || linked !== undefined;
}
