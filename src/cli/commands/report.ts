/** `dialtally report NAME`: the catalogue as commands. */
import type { Command } from 'commander';
import { paramsOf, type Report } from '../../engine/report.ts';
import { reports } from '../../reports/index.ts';
import { withDoor, withExamples, withTenant } from '../command.ts';
import { answerTitles } from '../files/answer-file.ts';
import { type AnswerOptions, askAndWrite, withAnswer } from '../files/asked-answer.ts';
import { addParams, type OptionTexts } from '../param-options.ts';
import { toOptionName } from '../show/faults.ts';
import { reportText } from '../show/report-text.ts';

/** `dialtally report NAME`: one command a report, its options derived from the report's declaration. */
export function addReport(program: Command): void {
  const command = program
    .command('report')
    .usage('NAME --tenant N [options]')
    .summary('any report of the catalogue')
    .description(`Shows a report as a table, or writes it as ${answerTitles}.`);
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
  const read = addParams(command, paramsOf(report), report.unused);
  withAnswer(command).action((options: AnswerOptions & OptionTexts) =>
    askAndWrite(options, { path: `/api/telesales/reports/${report.name}`, query: read(options) }, (door, answered) =>
      reportText(door, report, answered),
    ),
  );
  const needed = Object.entries(paramsOf(report)).filter(([, { required }]) => required);
  const span = needed.map(([name, { example }]) => `${toOptionName(name)} ${example}`).join(' ');
  withExamples(
    withDoor(command),
    `report ${report.name} --tenant 1 ${span}`,
    `report ${report.name} --tenant 1 ${span} --out ${report.name}.csv`,
  );
}
