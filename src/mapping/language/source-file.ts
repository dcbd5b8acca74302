/** What a mapping can say of its file: how it is written, its times and numbers. */
import { type Static, Type } from 'typebox';
import { closed } from '../../shapes.ts';
import { fileColumn, someItems } from './texts.ts';

/** More fields than any record has. */
export const maxFields = 1000;

/** The file: its format, its dialect, its head. */
export const sourceFileSchema = closed(
  {
    format: Type.Optional(
      Type.Enum(['csv', 'ndjson', 'json'], {
        description:
          'csv (the default); ndjson: one JSON object a line; json: a list of objects, or objects one behind the other.',
      }),
    ),
    percent_encoded: Type.Optional(someItems('Paths of JSON under which texts are percent-encoded (%20).', fileColumn)),
    delimiter: Type.Optional(
      Type.Enum([',', ';', '\t', '|', ':', '^', '~', '\u0001'], {
        description: 'What stands between two fields: a comma unless told otherwise.',
      }),
    ),
    quote: Type.Optional(
      Type.Enum(['"', "'", 'none'], {
        description: 'What stands around a field: " unless told otherwise; none when nothing does.',
      }),
    ),
    inner_quotes: Type.Optional(
      Type.Enum(['doubled', 'backslash', 'plain'], {
        description:
          'A quote inside of a quoted field: doubled, behind a backslash, or plain (it ends the field only before a delimiter).',
      }),
    ),
    encoding: Type.Optional(
      Type.String({
        description: 'The encoding by its WHATWG name, such as utf-8 (the default), windows-1258, gb18030 or utf-16le.',
        format: 'encoding',
        maxLength: 40,
      }),
    ),
    columns: Type.Optional(
      someItems('The names of the columns by position, for a file without a header.', fileColumn, {
        maxItems: maxFields,
      }),
    ),
    fewest: Type.Optional(
      Type.Integer({
        description: 'How many fields a row has at least, when the last ones may be missing.',
        minimum: 1,
        maximum: 1000,
      }),
    ),
    skip_lines: Type.Optional(
      Type.Integer({
        description: 'Lines before the header or the first row that are passed over.',
        minimum: 0,
        maximum: 1000,
      }),
    ),
  },
  { description: 'How the file is written.' },
);
/** What a mapping says of its file. */
export type SourceFile = Static<typeof sourceFileSchema>;

/** Local times that don't name one instant. */
export const localTimesSchema = closed(
  {
    missing: Type.Optional(
      Type.Enum(['refuse', 'later'], {
        description:
          'A time that the clock skipped: refuse (the default), or later, by as much as the clock was put forward.',
      }),
    ),
    repeated: Type.Optional(
      Type.Enum(['earlier', 'later', 'refuse'], {
        description: 'A time that the clock showed twice: the earlier one (the default), the later one, or refuse.',
      }),
    ),
  },
  { description: 'What becomes of local times that the clock skips or shows twice.' },
);
/** What a mapping says of such local times. */
export type LocalTimes = Static<typeof localTimesSchema>;

/** Marks within numbers. */
export const numbersSchema = closed(
  {
    decimal: Type.Optional(
      Type.Enum(['.', ','], {
        description: 'What stands before the decimals. When it is named, seconds may have some, and are rounded.',
      }),
    ),
    thousands: Type.Optional(
      Type.Enum(['.', ',', ' ', "'", '\u00a0', '\u202f'], {
        description: 'What stands between groups of three digits: nothing unless told otherwise.',
      }),
    ),
  },
  { description: 'How numbers are written, when it is not as 1234.5.' },
);
/** What a mapping says of numbers. */
export type Numbers = Static<typeof numbersSchema>;
