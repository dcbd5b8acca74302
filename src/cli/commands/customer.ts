/** `dialtally customer check|preview|schema`: for the authors of customer packages. */
import { Readable } from 'node:stream';
import { type Command, Option } from 'commander';
import type { Fault } from '../../document/fault.ts';
import { didYouMean } from '../../document/suggestion.ts';
import { fileFormats } from '../../engine/file-formats.ts';
import type { Report } from '../../engine/report.ts';
import { BadOptions, NotFound } from '../../errors.ts';
import { toCsv, toText } from '../../export/csv.ts';
import { readCustomers, toLayouts } from '../../export/customer/layouts.ts';
import type { Customer } from '../../export/customer/read-package.ts';
import { sampleFacts, sampleRows } from '../../export/customer/sample.ts';
import { toFileName } from '../../export/file-name.ts';
import { type LaidOutFormat, type Layout, laidOutFormats } from '../../export/layout.ts';
import { toXlsx } from '../../export/xlsx.ts';
import { reports } from '../../reports/index.ts';
import { withExamples } from '../command.ts';
import { assertPrintable, formatFor, writeAnswer } from '../files/answer-file.ts';
import { alignOf } from '../show/cell-text.ts';
import { toFaultList } from '../show/document-faults.ts';
import { print, printError } from '../show/print.ts';
import { toPrintable } from '../show/printable.ts';
import { toTable } from '../show/table.ts';

interface PreviewOptions {
  report: string;
  format?: 'table' | LaidOutFormat;
  out?: string;
}

/** `dialtally customer`: checks a customer's layout of files and shows what it looks like. */
export function addCustomer(program: Command): void {
  const customer = program
    .command('customer')
    .summary('check and preview the layouts of single customers')
    .description('For authors of customer packages: a directory with customer.json and a logo. No server is needed.');
  withExamples(customer, 'customer check ./acme', 'customer preview ./acme --report dashboard --out dashboard.xlsx');

  const check = customer
    .command('check')
    .description('Names everything that is wrong with packages. Exits 0 when nothing is, 1 otherwise.')
    .argument('<dir...>', 'the directories that hold a customer.json')
    .action((directories: string[]) => checkPackages(directories));
  withExamples(check, 'customer check ./acme', 'customer check /etc/dialtally/customers/*');

  const preview = customer
    .command('preview')
    .description('Writes a report of made-up rows as the customer\u2019s files have it.')
    .argument('<dir>', 'the directory that holds a customer.json')
    .requiredOption('--report <name>', 'which report')
    .addOption(
      new Option('--format <format>', 'how to write it (default: table)').choices(['table', ...laidOutFormats]),
    )
    .option('--out <file>', 'write there; its ending may say the format')
    .action((directory: string, options: PreviewOptions) => previewReport(directory, options));
  withExamples(
    preview,
    'customer preview ./acme --report agent-performance',
    'customer preview ./acme --report agent-performance --out agents.xlsx',
  );

  const schema = customer
    .command('schema')
    .description('Prints the JSON Schema of customer.json, for editors.')
    .action(printSchema);
  withExamples(schema, 'customer schema > customer.schema.json');
}

async function printSchema(): Promise<void> {
  const { toCustomerSchema } = await import('../../export/customer/schema.ts');
  print(`${JSON.stringify(toCustomerSchema(reports), null, 2)}\n`);
}

async function checkPackages(directories: readonly string[]): Promise<void> {
  const { customers, faults } = await readCustomers(directories, reports);
  if (faults.length > 0) return tell(faults);
  for (const customer of customers) print(`${toSummary(customer)}\n`);
}

async function previewReport(directory: string, options: PreviewOptions): Promise<void> {
  const report = findReport(options.report);
  const { out } = options;
  const format = formatFor(options.format, out);
  if (format !== 'table' && !isLaidOut(format)) {
    const { title } = format === 'json' ? { title: 'JSON' } : fileFormats[format];
    throw new BadOptions(`--out: A preview is a table, csv or xlsx: ${title} has no layout.`);
  }
  assertPrintable(format, out);
  const { customers, faults } = await readCustomers([directory], reports);
  const [customer] = customers;
  if (!customer || faults.length > 0) return tell(faults);
  const tenantId = customer.content.tenant_id;
  const layout = toLayouts(customers, reports).of(report, tenantId);
  await writeAnswer(await toPreview(layout, report, tenantId, format), out);
}

async function toPreview(layout: Layout, report: Report, tenantId: number, format: 'table' | LaidOutFormat) {
  const facts = sampleFacts(report, tenantId);
  const rows = sampleRows(report);
  if (format === 'csv') return Readable.from(toCsv(layout, Readable.from([rows]), { bom: false }));
  if (format === 'xlsx') return Readable.from([Buffer.from(await toXlsx(layout, facts, rows))]);
  const table = toTable(
    layout.columns.map(({ label, column }) => ({ label, align: alignOf(column) })),
    rows.map((row) => layout.columns.map(({ name, column }) => toText(column, row[name]))),
  );
  const name = toFileName(facts, layout, 'xlsx');
  return `${toPrintable(layout.title)}  |  made-up rows  |  sheet ${layout.sheetName}  |  ${name}\n\n${table}\n`;
}

const isLaidOut = (format: string): format is LaidOutFormat => laidOutFormats.some((one) => one === format);

function findReport(name: string): Report {
  const names = reports.map((report) => report.name);
  const found = reports.find((report) => report.name === name);
  if (found) return found;
  throw new NotFound(
    `There is no report ${JSON.stringify(name)}.${didYouMean(name, names)} The reports are ${names.join(', ')}.`,
  );
}

/** Prints faults by file, and makes the command fail. */
function tell(faults: readonly Fault[]): void {
  process.exitCode = 1;
  for (const file of new Set(faults.map((fault) => fault.file))) {
    const own = faults.filter((fault) => fault.file === file);
    printError(toFaultList(file, own));
  }
}

function toSummary({ file, content }: Customer): string {
  const changed = Object.keys(content.reports ?? {});
  const what = changed.length === 0 ? 'no report of its own' : changed.join(', ');
  return `${toPrintable(file)}: good. Tenant ${content.tenant_id}; ${what}.`;
}
