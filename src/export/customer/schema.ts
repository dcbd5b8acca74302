import { closed, oneOfBy, type Properties, refer, type Schema } from '../../document/schema-parts.ts';
import type { Column } from '../../engine/columns.ts';
import { type Kind, kindOf } from '../../engine/kinds.ts';
import { columnsOf, type Report } from '../../engine/report.ts';
import { units } from '../../engine/units.ts';
import { placeholders } from './file-name.ts';
import type { CustomerColumn, CustomerCsv, CustomerPackage, CustomerReport } from './package.ts';
import { choiceRules, flagRules, numberRules, textRules } from './rule-schema.ts';

const fileNames = `In braces: ${Object.entries(placeholders)
  .map(([name, meaning]) => `${name} (${meaning})`)
  .join('; ')}.`;

const definitions: Record<string, Schema> = {
  color: { type: 'string', format: 'color', pattern: '^#[0-9A-Fa-f]{6}$' },
  heading: { type: 'string', format: 'heading', minLength: 1, maxLength: 200 },
  label: { type: 'string', format: 'label', minLength: 1, maxLength: 100 },
  sheet_name: { type: 'string', format: 'sheet-name', minLength: 1, maxLength: 31 },
  file_name: { description: fileNames, type: 'string', format: 'file-name', minLength: 1, maxLength: 120 },
  logo: { type: 'string', format: 'logo-path', minLength: 1, maxLength: 200 },
  width: { type: 'number', minimum: 2, maximum: 200 },
  count_format: { type: 'string', format: 'count-format', minLength: 1, maxLength: 200 },
  percent_format: { type: 'string', format: 'percent-format', minLength: 1, maxLength: 200 },
  seconds_format: { type: 'string', format: 'seconds-format', minLength: 1, maxLength: 200 },
  moment_format: { type: 'string', format: 'moment-format', minLength: 1, maxLength: 200 },
  number_rules: numberRules,
  text_rules: textRules,
  flag_rules: flagRules,
  csv: closed({
    delimiter: {
      description: 'What stands between two cells: a comma, a semicolon, a tab or a bar.',
      enum: [',', ';', '\t', '|'],
    },
    header: {
      description: 'The first line: name has the JSON field names, label the headings, none leaves it out.',
      enum: ['name', 'label', 'none'],
    },
  } satisfies Properties<CustomerCsv>),
};

/** The JSON Schema (2020-12) of `customer.json`, with the names of these reports and their columns. */
export function toCustomerSchema(reports: readonly Report[]): Schema {
  const properties: Properties<CustomerPackage> = {
    $schema: {
      description: 'The schema that editors check the file with; the server does not read it.',
      type: 'string',
    },
    tenant_id: {
      description: 'Whose files look like this. A tenant has one package.',
      type: 'integer',
      minimum: 1,
      maximum: Number.MAX_SAFE_INTEGER,
    },
    logo: refer('logo', 'A PNG in this directory for the title block of every report, such as logo.png.'),
    file_name: refer('file_name', 'The name of every file without its ending, such as {report}_{from}_{to}.'),
    csv: refer('csv', 'How CSV files are written.'),
    reports: {
      description: 'What is different in single reports, by the report\u2019s name.',
      ...closed(Object.fromEntries(reports.map((report) => [report.name, toReportSchema(report)]))),
    },
  };
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'A customer\u2019s own layout of files (customer.json)',
    ...closed(properties, ['tenant_id']),
    $defs: definitions,
  };
}

function toReportSchema(report: Report): Schema {
  const columns = columnsOf(report);
  const properties: Properties<CustomerReport> = {
    title: refer('heading', 'The heading of the title block.'),
    logo: refer('logo', 'A PNG in this directory for the title block, instead of the package\u2019s.'),
    sheet_name: refer(
      'sheet_name',
      'The name of the sheet that holds the rows: at most 31 characters, none of []:*?/\\.',
    ),
    file_name: refer('file_name', 'The name of the file without its ending, instead of the package\u2019s.'),
    csv: refer('csv', 'How the CSV file is written, instead of what the package says.'),
    columns: {
      description:
        'Columns in the file\u2019s order. Columns that are neither here nor left out follow them in the report\u2019s order.',
      type: 'array',
      items: oneOfBy(
        'name',
        columns.map(([name, column]) => toColumnSchema(name, column)),
      ),
    },
    left_out: {
      description: 'Columns that the file does not have.',
      type: 'array',
      items: { enum: columns.map(([name]) => name) },
    },
  };
  return { title: report.title, ...closed(properties) };
}

function toColumnSchema(name: string, column: Column): Schema {
  const numberFormat = toFormatName(column);
  const rules = toRules(column);
  const properties: Properties<CustomerColumn> = {
    name: { const: name },
    label: refer('label', 'The heading, in any language.'),
    width: refer('width', 'The width in Excel, in characters; measured from the content when not given.'),
    number_format: refer(
      numberFormat ?? '',
      'An Excel number format, such as #,##0; for columns of numbers and moments.',
    ),
    rules: {
      description: 'What cells look like in Excel by their value, the first rule that holds first.',
      ...rules,
    },
  };
  const { number_format, rules: looks, ...every } = properties;
  return {
    title: `a column of ${kindOf(column).holds}`,
    description: `${column.label}: ${column.meaning}`,
    ...closed({ ...every, ...(numberFormat && { number_format }), ...(rules && { rules: looks }) }, ['name']),
  };
}

function toFormatName(column: Column): string | undefined {
  const { holds } = kindOf(column);
  if (holds === 'moments') return 'moment_format';
  if (holds !== 'numbers') return undefined;
  const unit = 'unit' in column ? column.unit : undefined;
  return `${unit ? units[unit].shown : 'count'}_format`;
}

const rulesOf: Partial<Record<Kind['holds'], (column: Column) => Schema>> = {
  numbers: () => refer('number_rules'),
  text: () => refer('text_rules'),
  'yes and no': () => refer('flag_rules'),
  'known words': (column) => choiceRules('choices' in column ? column.choices : []),
};

const toRules = (column: Column): Schema | undefined => rulesOf[kindOf(column).holds]?.(column);
