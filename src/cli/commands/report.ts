/** `dialtally report NAME`: the catalogue as commands. */
import { type Command, Option } from 'commander';
import { fileFormats, isFileFormat } from '../../engine/file-formats.ts';
import type { Param } from '../../engine/params.ts';
import { paramsOf, type Report } from '../../engine/report.ts';
import { reports } from '../../reports/index.ts';
import { withDoor, withExamples, withTenant } from '../command.ts';
import { type AnswerFormat, answerFormats, assertPrintable, formatFor, writeAnswer } from '../files/answer-file.ts';
import { type Door, type DoorOptions, tenantAt, through } from '../server/door.ts';
import { askText, send } from '../server/request.ts';
import { toColored } from '../show/changes.ts';
import { toOptionName } from '../show/faults.ts';
import { reportText } from '../show/report-text.ts';

interface ReportOptions extends DoorOptions {
  tenant?: number;
  format?: AnswerFormat;
  out?: string;
}

/** `dialtally report NAME`: one command a report, its options derived from the report's declaration. */
export function addReport(program: Command): void {
  const titles = ['JSON', ...Object.values(fileFormats).map(({ title }) => title)];
  const anyOf = new Intl.ListFormat('en-GB', { type: 'disjunction' }).format(titles);
  const command = program
    .command('report')
    .usage('NAME --tenant N [options]')
    .summary('any report of the catalogue')
    .description(`Shows a report as a table, or writes it as ${anyOf}.`);
  withExamples(
    command,
    'report dashboard --tenant 1 --from 2026-06-01 --to 2026-06-30 --timezone Asia/Ho_Chi_Minh',
    'report agent-performance --tenant 1 --from 2026-06-01 --to 2026-06-30 --team 3 --out june.xlsx',
    'report abandon-rate --tenant 1 --campaign 43 --format json',
    'report agent-performance --tenant 1 --from 2026-06-01 --to 2026-06-07 --compare previous',
    'report time-series --help',
  );
  for (const report of reports) addOne(command, report);
}

function addOne(parent: Command, report: Report): void {
  const command = parent
    .command(report.name)
    .usage('--tenant N [options]')
    .summary(report.title)
    .description(report.about);
  withTenant(command);
  const params = new Map<string, string>();
  for (const option of toOptions(report)) {
    command.addOption(option);
    params.set(option.attributeName(), option.param);
  }
  command
    .addOption(new Option('--format <format>', 'how to write it (default: table)').choices(answerFormats))
    .option('--out <file>', 'write there; its ending may say the format')
    .action((options: ReportOptions & Record<string, string | string[] | undefined>) => {
      const given = [...params].flatMap(([attribute, param]) =>
        [options[attribute] ?? []].flat().map((value): [string, string] => [param, value]),
      );
      return runReport(report, given, options);
    });
  const needed = Object.entries(paramsOf(report)).filter(([, { required }]) => required);
  const span = needed.map(([name, { example }]) => `${toOptionName(name)} ${example}`).join(' ');
  withExamples(
    withDoor(command),
    `report ${report.name} --tenant 1 ${span}`,
    `report ${report.name} --tenant 1 ${span} --out ${report.name}.csv`,
  );
}

/** An option, and the parameter that it gives. */
class ParamOption extends Option {
  readonly param: string;
  constructor(flags: string, about: string, param: string) {
    super(flags, about);
    this.param = param;
  }
}

function toOptions(report: Report): ParamOption[] {
  const options = Object.entries<Param>(paramsOf(report)).flatMap(([name, param]) => {
    const option = new ParamOption(`${toOptionName(name)} <${param.placeholder}>`, toAbout(param), name);
    if (!param.isList) return [option];
    option.argParser(collect);
    if (name !== 'agent_ids') return [option];
    return [option, new ParamOption('--agent <id>', 'the same, one at a time', name).argParser(collect).hideHelp()];
  });
  for (const option of options) if (report.unused.includes(option.param)) option.hideHelp();
  const others = report.unused.filter((name) => !Object.hasOwn(paramsOf(report), name));
  const ignored = others.map((name) => new ParamOption(`${toOptionName(name)} <value>`, 'not used', 'unused'));
  return [...options, ...ignored.map((option) => option.hideHelp())];
}

const collect = (value: string, before: string[] | undefined) => [...(before ?? []), value];
const toAbout = ({ about, kind, required }: Param) =>
  lowerFirst(about) + (kind === 'ids' ? ', such as 25,26' : '') + (required ? ' (required)' : '');
const lowerFirst = (text: string) => (/^[A-Z][a-z]/.test(text) ? text[0]!.toLowerCase() + text.slice(1) : text);

async function runReport(report: Report, given: [string, string][], options: ReportOptions): Promise<void> {
  const { out, tenant: asked } = options;
  const format = formatFor(options.format, out);
  assertPrintable(format, out);
  const query = given.filter(([param]) => param !== 'unused');
  await through(
    options,
    async (door) => {
      const tenantId = await tenantAt(door, asked);
      const answer = await ask(door, report, query, tenantId, format);
      // Node knows which terminals take colors, and who wants none (NO_COLOR).
      const isColored = format === 'table' && out === undefined && process.stdout.isTTY && process.stdout.hasColors();
      if (isColored && typeof answer === 'string') process.stdout.write(toColored(answer));
      else await writeAnswer(answer, out);
    },
    { mustExist: true },
  );
}

async function ask(door: Door, report: Report, query: [string, string][], tenantId: number, format: AnswerFormat) {
  const path = `/api/telesales/reports/${report.name}`;
  if (isFileFormat(format)) {
    const form = [['format', format] as const, ...(format === 'csv' ? [['bom', '0'] as const] : [])];
    return send(door, { path, query: [...query, ...form], tenantId });
  }
  const json = await askText(door, { path, query, tenantId });
  return format === 'json' ? `${json}\n` : reportText(door, report, { json, query, tenantId });
}
