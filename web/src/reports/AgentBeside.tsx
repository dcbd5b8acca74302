/** One agent beside the list: their figures beside those of all together, how they go along time, the way to their calls. */
import { Button, CloseButton, Group, Skeleton, Title } from '@mantine/core';
import { useCallback } from 'react';
import { useAnswer } from '../api/queries.ts';
import type { Column, Report, Row } from '../api/types.ts';
import { useOpened } from '../behind/use-opened.ts';
import { pictureFor } from '../pictures/kinds.tsx';
import type { Question } from '../question/view.ts';
import { useSearch, useView } from '../shell/address.ts';
import { Change } from '../table/Change.tsx';
import { headingOf, isAmount, unitMark } from '../table/columns.ts';
import type { OnOpen } from '../table/OnOpen.ts';
import { baseOf, figureOf, hasRows, isCount, type SeenRow } from '../table/rows.ts';
import { useSpoken } from '../words/spoken.tsx';
import { labelOf, questionOf } from '../words/titles.ts';
import { openWriting } from '../words/writing.ts';
import { Answered } from './Answered.tsx';
import { ownOf } from './asked.ts';

interface AgentBesideProps {
  report: Report;
  alongTime: Report | undefined;
  question: Question;
  all: readonly SeenRow[];
  seen: SeenRow;
  onOpen: OnOpen | undefined;
  onClose(): void;
}

/** The panel. */
export function AgentBeside({ report, alongTime, question, all, seen, onOpen, onClose }: AgentBesideProps) {
  const { words, names, language } = useSpoken();
  const { view, setView } = useView();
  const writing = openWriting(language);
  const name = String(seen.row[headingOf(report).column.name]);
  const id = Number(seen.id);
  const figures = report.columns.filter(isAmount);
  const counted = figures.find((column) => hasRows(report, column));
  return (
    <section className="one" aria-label={name}>
      <Group justify="space-between" wrap="nowrap" align="start" mb="xs">
        <Title order={2} size="h5" className="one-name">
          <bdi>{name}</bdi>
        </Title>
        <CloseButton aria-label={words.close} onClick={onClose} />
      </Group>
      <table className="numbers" data-compared>
        <thead>
          <tr>
            <td />
            <th scope="col" data-amount>
              <bdi>{name}</bdi>
            </th>
            <th scope="col" data-amount title={words.besideAllAbout}>
              {words.besideAll}
            </th>
          </tr>
        </thead>
        <tbody>
          {figures.map((column) => {
            const mark = unitMark(column, language);
            return (
              <tr key={column.name}>
                <th scope="row">
                  {labelOf(column, names)} {mark && <span className="unit">{mark}</span>}
                </th>
                <td data-amount>
                  {writing.cell(column, seen.row[column.name], question.zone)}
                  <Change column={column} seen={seen} zone={question.zone} keepsPlace />
                </td>
                <td data-amount className="dimmed">
                  {sayAll(column, all)}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {alongTime && <Along report={alongTime} question={{ ...question, agents: [id] }} />}
      <Group gap="xs" mt="sm">
        {onOpen && counted && (
          <Button size="xs" variant="default" onClick={() => onOpen(seen.row, counted)}>
            {words.showTheirCalls}
          </Button>
        )}
        <Button size="xs" variant="default" onClick={() => setView({ ...view, agents: [id] })}>
          {words.filterByAgent}
        </Button>
      </Group>
    </section>
  );

  /** A count of all is their sum; a rate is that of all together, where the rows say what it is made of. */
  function sayAll(column: Column, rows: readonly SeenRow[]): string {
    const sum = (of: (row: Row) => number | undefined) => rows.reduce((total, { row }) => total + (of(row) ?? 0), 0);
    if (isCount(column))
      return writing.cell(
        column,
        sum((row) => figureOf(row, column.name)),
        question.zone,
      );
    const part = column.ratio && sum((row) => figureOf(row, column.ratio?.part ?? ''));
    const of = column.ratio && sum((row) => baseOf(column, row));
    if (column.unit !== 'percent' || !part || !of) return words.noneLike;
    return writing.cell(column, (part / of) * 100, question.zone);
  }
}

/** How it went along time. */
function Along({ report, question }: { report: Report; question: Question }) {
  const { names } = useSpoken();
  const search = useSearch();
  const { open } = useOpened();
  const own = ownOf(report, question, search);
  const asked = useAnswer(report, question, own);
  const { Picture } = pictureFor(report);
  const onOpen = useCallback((row: Row, column: Column) => open(report, row, column), [open, report]);
  return (
    <section className="along" aria-label={questionOf(report, names)}>
      <Answered asked={asked} waiting={<Skeleton className="card-waiting" data-kind="line" />}>
        {(answer) => <Picture report={report} answer={answer} own={own} isSmall onOpen={onOpen} />}
      </Answered>
    </section>
  );
}
