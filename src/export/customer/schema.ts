/** What a customer’s package may hold, as the published JSON schema. */
import { type TSchema, Type } from 'typebox';
import { type Schema, toPublished } from '../../document/published.ts';
import { refer } from '../../document/schema-parts.ts';
import { kindOf, type ReportColumnKind, unitOf } from '../../engine/column-kinds.ts';
import type { Column } from '../../engine/columns.ts';
import { columnsOf, type Report } from '../../engine/report.ts';
import { closed } from '../../shapes.ts';
import { fileNamePlaceholders } from './file-name.ts';
import { csvSchema, toColumnParts, toPackageSchema, toReportSchema } from './package.ts';
import { choiceRules, flagRules, numberRules, textRules } from './rule-schema.ts';

const fileNames = `In braces: ${Object.entries(fileNamePlaceholders)
  .map(([name, meaning]) => `${name} (${meaning})`)
  .join('; ')}.`;

const text = (format: string, maxLength: number) => Type.String({ format, minLength: 1, maxLength });

const definitions: Record<string, TSchema> = {
  color: Type.String({ format: 'color', pattern: '^#[0-9A-Fa-f]{6}$' }),
  heading: text('heading', 200),
  label: text('label', 100),
  sheet_name: text('sheet-name', 31),
  file_name: { description: fileNames, ...text('file-name', 120) },
  logo: text('logo-path', 200),
  width: Type.Number({ minimum: 2, maximum: 200 }),
  count_format: text('count-format', 200),
  percent_format: text('percent-format', 200),
  seconds_format: text('seconds-format', 200),
  moment_format: text('moment-format', 200),
  number_rules: numberRules,
  text_rules: textRules,
  flag_rules: flagRules,
  csv: csvSchema,
};

/** The JSON Schema (2020-12) of `customer.json`, with the names of these reports and their columns. */
export function toCustomerSchema(reports: readonly Report[]): Schema {
  return toPublished({
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'A customer\u2019s own layout of files (customer.json)',
    ...toPackageSchema(Object.fromEntries(reports.map((report) => [report.name, Type.Optional(toReport(report))]))),
    $defs: definitions,
  });
}

function toReport(report: Report): TSchema {
  const columns = columnsOf(report);
  return toReportSchema(
    report.title,
    columns.map(([name, column]) => toColumn(name, column)),
    columns.map(([name]) => name),
  );
}

function toColumn(name: string, column: Column): TSchema {
  const format = toFormatName(column);
  const rules = toRules(column);
  const { number_format, rules: looks, ...every } = toColumnParts(name, format ?? '', rules ?? {});
  return closed(
    { ...every, ...(format && { number_format }), ...(rules && { rules: looks }) },
    { title: `a column of ${kindOf(column).holds}`, description: `${column.label}: ${column.meaning}` },
  );
}

function toFormatName(column: Column): string | undefined {
  const { holds } = kindOf(column);
  if (holds === 'moments') return 'moment_format';
  if (holds !== 'numbers') return undefined;
  return `${unitOf(column)?.shown ?? 'count'}_format`;
}

const rulesOf: Partial<Record<ReportColumnKind['holds'], (column: Column) => TSchema>> = {
  numbers: () => refer('number_rules'),
  text: () => refer('text_rules'),
  'yes and no': () => refer('flag_rules'),
  'known words': (column) => choiceRules('choices' in column ? column.choices : []),
};

const toRules = (column: Column): TSchema | undefined => rulesOf[kindOf(column).holds]?.(column);
