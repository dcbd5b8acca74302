/** What a customer's package may say, part by part: both the schemas and the types that the rest works with. */
import { type Static, type TObject, type TSchema, Type } from 'typebox';
import { oneOfBy, refer } from '../../document/schema-parts.ts';
import { closed } from '../../shapes.ts';
import type { CustomerRule } from './rule-schema.ts';

/** What may be said of CSV files. */
export const csvSchema = closed({
  delimiter: Type.Optional(
    Type.Enum([',', ';', '\t', '|'], {
      description: 'What stands between two cells: a comma, a semicolon, a tab or a bar.',
    }),
  ),
  header: Type.Optional(
    Type.Enum(['name', 'label', 'none'], {
      description: 'The first line: name has the JSON field names, label the headings, none leaves it out.',
    }),
  ),
});
type CustomerCsv = Static<typeof csvSchema>;

/** What may be said of a column, with the number format and the rules that fit it. */
export const toColumnParts = (name: string, numberFormat: string, rules: TSchema) => ({
  name: Type.Unsafe<string>({ const: name }),
  label: Type.Optional(refer<string>('label', 'The heading, in any language.')),
  width: Type.Optional(
    refer<number>('width', 'The width in Excel, in characters; measured from the content when not given.'),
  ),
  number_format: Type.Optional(
    refer<string>(numberFormat, 'An Excel number format, such as #,##0; for columns of numbers and moments.'),
  ),
  rules: Type.Optional(
    Type.Unsafe<CustomerRule[]>({
      description: 'What cells look like in Excel by their value, the first rule that holds first.',
      ...rules,
    }),
  ),
});
/** One column of a file. */
export type CustomerColumn = Static<TObject<ReturnType<typeof toColumnParts>>>;

/** What may be said of a report with these columns. */
export const toReportSchema = (title: string, columns: readonly TSchema[], names: readonly string[]) =>
  closed(
    {
      title: Type.Optional(refer<string>('heading', 'The heading of the title block.')),
      logo: Type.Optional(
        refer<string>('logo', 'A PNG in this directory for the title block, instead of the package\u2019s.'),
      ),
      sheet_name: Type.Optional(
        refer<string>(
          'sheet_name',
          'The name of the sheet that holds the rows: at most 31 characters, none of []:*?/\\.',
        ),
      ),
      file_name: Type.Optional(
        refer<string>('file_name', 'The name of the file without its ending, instead of the package\u2019s.'),
      ),
      csv: Type.Optional(refer<CustomerCsv>('csv', 'How the CSV file is written, instead of what the package says.')),
      columns: Type.Optional(
        Type.Array(oneOfBy<CustomerColumn>('name', columns), {
          description:
            'Columns in the file\u2019s order. Columns that are neither here nor left out follow them in the report\u2019s order.',
        }),
      ),
      left_out: Type.Optional(Type.Array(Type.Enum(names), { description: 'Columns that the file does not have.' })),
    },
    { title },
  );
/** One report's layout. What is not given stays as in the generic layout, or as the package says for all reports. */
export type CustomerReport = Static<ReturnType<typeof toReportSchema>>;

/** What may be said in a package, with what may be said of each report by its name. */
export const toPackageSchema = (reports: Record<string, TSchema>) =>
  closed({
    $schema: Type.Optional(
      Type.String({ description: 'The schema that editors check the file with; the server does not read it.' }),
    ),
    tenant_id: Type.Integer({
      description: 'Whose files look like this. A tenant has one package.',
      minimum: 1,
      maximum: Number.MAX_SAFE_INTEGER,
    }),
    logo: Type.Optional(
      refer<string>('logo', 'A PNG in this directory for the title block of every report, such as logo.png.'),
    ),
    file_name: Type.Optional(
      refer<string>('file_name', 'The name of every file without its ending, such as {report}_{from}_{to}.'),
    ),
    csv: Type.Optional(refer<CustomerCsv>('csv', 'How CSV files are written.')),
    reports: Type.Optional(
      Type.Unsafe<Record<string, CustomerReport>>(
        closed(reports, { description: 'What is different in single reports, by the report\u2019s name.' }),
      ),
    ),
  });
/**
 * A customer's own layout of files: what `customer.json` in the customer's directory holds. It changes looks alone:
 * columns can be left out, but rows and values are the report's.
 */
export type CustomerPackage = Static<ReturnType<typeof toPackageSchema>>;
