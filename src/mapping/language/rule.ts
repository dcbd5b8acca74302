/** What a mapping can say of one of our columns, and of conditions. */
import { type Static, type TUnsafe, Type } from 'typebox';
import { refer } from '../../document/schema-parts.ts';
import { closed, named } from '../../shapes.ts';
import { longestText } from './bounds.ts';
import { phoneFormParts } from './phone-form.ts';
import { fileColumn, fileColumns, someItems, someText, someTextOrNull, someTexts } from './texts.ts';

/** What a test can say. */
export const testSchema = closed({
  is: Type.Optional(someTexts('It is one of these.')),
  not: Type.Optional(someTexts('It is none of these.')),
  starts_with: Type.Optional(someTexts('It begins with one of these.')),
  ends_with: Type.Optional(someTexts('It ends with one of these.')),
  contains: Type.Optional(someTexts('It has one of these in it.')),
  empty: Type.Optional(Type.Boolean({ description: 'It is empty, or is not.' })),
  shorter_than: Type.Optional(Type.Integer({ description: 'It has fewer characters.', minimum: 1, maximum: 1000 })),
  longer_than: Type.Optional(Type.Integer({ description: 'It has more characters.', minimum: 0, maximum: 1000 })),
  above: Type.Optional(Type.Number({ description: 'It is a number above this one.' })),
  below: Type.Optional(Type.Number({ description: 'It is a number below this one.' })),
});
/** What a field must be: every test that is given must hold. */
export type Test = Static<typeof testSchema>;

const tests = named(refer<Test | string | string[]>('test'), { minProperties: 1 });
/** Tests by column, all of which must hold. */
export type When = Static<typeof tests>;

/** A condition, or several of which one must hold. */
export const when = (description: string): TUnsafe<When | When[]> =>
  Type.Unsafe({ ...tests, description, type: ['object', 'array'], minItems: 1, items: tests });

/** A value with the condition under which it holds. */
const valueCase = closed({
  when: when('When it holds.'),
  value: Type.Optional(someTextOrNull('The value; null: not given.')),
  from: Type.Optional(someText('Or the column that has the value.')),
});

const readings = ['text', 'time', 'seconds', 'milliseconds', 'clock', 'name', 'phone'] as const;
/** One of the ways to read a text. */
export type ReadAs = (typeof readings)[number];

/** A rule as it stands in a mapping: written out, or the name of a column alone. */
export type Rule = ColumnRule | string;

/** What a rule can say. */
export const ruleSchema = closed({
  from: Type.Optional(fileColumns('A column of the file, or several: the first that is not empty.')),
  join: Type.Optional(someItems('Columns whose texts are put one behind the other.', fileColumn)),
  between: Type.Optional(Type.String({ description: 'What stands between joined texts.', maxLength: 20 })),
  after: Type.Optional(
    someText('Of the text, what comes after this mark, where it stands first. A text without it is refused.', 20),
  ),
  before: Type.Optional(
    someText(
      'Of the text (or of what comes after the other mark), what comes before this mark, where it stands first.',
      20,
    ),
  ),
  value: Type.Optional(someText('The same value in every row.', longestText)),
  values: Type.Optional(
    named(someTextOrNull(), {
      description: 'What each text of the file stands for; null: not given.',
      minProperties: 1,
    }),
  ),
  cases: Type.Optional(someItems('Values that depend on other columns: the first case that holds.', valueCase)),
  otherwise: Type.Optional(
    someTextOrNull('The value when no text or case fits; null: not given. Without it such a row is refused.'),
  ),
  as: Type.Optional(
    Type.Enum(readings, {
      description:
        'How the text is read: text, time, seconds, milliseconds, clock (h:mm:ss, 23m 17s), name (gets an id) or phone (becomes a keyed hash).',
    }),
  ),
  format: Type.Optional(
    Type.String({
      description:
        'How a time is written: iso (the default), epoch, epoch_ms, or a pattern such as DD/MM/YYYY HH:mm:ss.',
      format: 'time-format',
      minLength: 1,
      maxLength: 60,
    }),
  ),
  timezone: Type.Optional(refer<string>('timezone', 'The time zone of this time, when it is not the mapping\u2019s.')),
  country_code: Type.Optional(
    Type.String({
      description: 'The country of phone numbers that are written without it, such as 84.',
      format: 'country-code',
      pattern: phoneFormParts.country_code.pattern,
    }),
  ),
  dial_prefix: Type.Optional(
    Type.String({
      description: 'What is dialed before the phone number, such as 9 for a line.',
      format: 'dial-prefix',
      pattern: phoneFormParts.dial_prefix.pattern,
    }),
  ),
  or: Type.Optional(refer<Rule>('rule', 'Another rule, when this one gives nothing or a text does not fit it.')),
});
/** Where one of our columns comes from. */
export interface ColumnRule extends Static<typeof ruleSchema> {}
