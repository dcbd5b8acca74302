/** `dialtally calls REPORT` and `dialtally leads REPORT`: what stands behind a figure. */
import type { Command } from 'commander';
import { type BehindKind, behindRows } from '../../engine/behind-columns.ts';
import { behindKindOf, behindParams, pageParams } from '../../engine/behind-params.ts';
import { isFileFormat } from '../../engine/file-formats.ts';
import { partsOf, type Report } from '../../engine/report.ts';
import { BadOptions } from '../../errors.ts';
import { sampleRows } from '../../export/customer/sample.ts';
import { reports } from '../../reports/index.ts';
import { withDoor, withExamples, withTenant } from '../command.ts';
import { answerTitles, formatFor } from '../files/answer-file.ts';
import { type AnswerOptions, askAndWrite, withAnswer } from '../files/asked-answer.ts';
import { addParams, type OptionTexts } from '../param-options.ts';
import { behindText } from '../show/behind-text.ts';
import { toOptionName } from '../show/faults.ts';

/** `dialtally calls REPORT` and `dialtally leads REPORT`: one command a report, under what its figures count. */
export function addBehind(program: Command): void {
  for (const kind of Object.keys(behindRows) as BehindKind[]) addKind(program, kind);
}

function addKind(program: Command, kind: BehindKind): void {
  const command = program
    .command(kind)
    .usage('REPORT --tenant N [options]')
    .summary(`the ${kind} behind a figure of a report`)
    .description(
      `Shows the ${kind} that a figure of a report counts, one by one, or writes them as ${answerTitles}. Files have all of them, with every column.`,
    );
  const [first] = reports.filter((report) => behindKindOf(report) === kind && report.key.length > 0);
  withExamples(command, ...(first ? [...examplesOf(first), `${kind} ${first.name} --help`] : []));
  for (const report of reports) {
    if (behindKindOf(report) === kind) addOne(command, report);
    else addOther(command, report);
  }
}

function addOne(parent: Command, report: Report): void {
  const kind = behindKindOf(report);
  const command = parent
    .command(report.name)
    .usage('--tenant N [options]')
    .summary(report.title)
    .description(`${behindRows[kind].about} Of the report: ${report.about}`);
  withTenant(command);
  const params = { ...behindParams(report), ...pageParams(kind) };
  const read = addParams(command, params, unusedBy(report));
  withAnswer(command).action((options: AnswerOptions & OptionTexts) => {
    assertPages(options);
    const asked = { path: `/api/telesales/reports/${report.name}/${kind}`, query: read(options) };
    return askAndWrite(options, asked, (door, answered) => behindText(door, report, answered));
  });
  withExamples(withDoor(command), ...examplesOf(report));
}

/** A report whose figures count something else says so, whatever it is asked. */
function addOther(parent: Command, report: Report): void {
  const kind = behindKindOf(report);
  parent
    .command(report.name, { hidden: true })
    .helpOption(false)
    .allowUnknownOption()
    .allowExcessArguments()
    .action(() => {
      throw new BadOptions(`The figures of ${report.name} count ${kind}. Ask so: dialtally ${examplesOf(report)[0]}`);
    });
}

/** What changes nothing in a list: what the report takes in vain, but for the zone of its times, and what asks for lists of its own. */
function unusedBy(report: Report): string[] {
  const lists = partsOf(report).flatMap(({ asked }) => asked ?? []);
  return [...report.unused.filter((name) => name !== 'timezone'), ...lists];
}

function assertPages({ format, out, limit, after }: AnswerOptions & OptionTexts): void {
  if (!isFileFormat(formatFor(format, out))) return;
  const given = [...(limit === undefined ? [] : ['--limit']), ...(after === undefined ? [] : ['--after'])];
  if (given.length > 0) throw new BadOptions(...given.map((name) => `${name}: A file has all of them. Leave it out.`));
}

function examplesOf(report: Report): [table: string, file: string] {
  const kind = behindKindOf(report);
  const [row = {}] = sampleRows(report);
  const params = Object.entries(behindParams(report));
  const needed = params.flatMap(([name, { required, example }]) =>
    required ? [`${toOptionName(name)} ${quoted(String(example ?? row[name]))}`] : [],
  );
  const columns = behindParams(report).column?.choices ?? [];
  const column = columns.length > 1 ? [`--column ${columns.at(-1)}`] : [];
  const asked = [`${kind} ${report.name} --tenant 1`, ...needed, ...column].join(' ');
  return [asked, `${asked} --out ${kind}.csv`];
}

const quoted = (text: string) => (/^[\w.:/+-]+$/.test(text) ? text : `"${text}"`);
