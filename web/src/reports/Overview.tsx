/** The overview: how it is going, at a glance; every card leads to its report. */
import { Skeleton, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useCallback } from 'react';
import { isAskable, useAnswer, useRows } from '../api/queries.ts';
import type { About, Answer, Column, Report, Row } from '../api/types.ts';
import { Behind } from '../behind/Behind.tsx';
import { useOpened } from '../behind/use-opened.ts';
import { pictureFor } from '../pictures/kinds.tsx';
import type { Question } from '../question/view.ts';
import { keepView, useSearch, useView } from '../shell/address.ts';
import { useSigned } from '../shell/signed-in.tsx';
import { rowsOf } from '../table/rows.ts';
import { useSpoken } from '../words/spoken.tsx';
import { questionOf, titleOf } from '../words/titles.ts';
import { Answered } from './Answered.tsx';
import { cards, isCompared, onOverview, ownOf, tiled } from './asked.ts';
import { EmptyWindow } from './EmptyWindow.tsx';
import { Head } from './Head.tsx';
import { LiveCard } from './LiveCard.tsx';

/** The page at `/`. */
export function Overview() {
  const { words } = useSpoken();
  const { question } = useView();
  const { reports } = useSigned();
  const search = useSearch();
  const shown = onOverview(reports);
  const tiles = shown.find(({ name }) => name === tiled);
  if (!tiles) return <Head title={words.overview} question={question} answer={undefined} />;
  return (
    <>
      <Known tiles={tiles} question={question} others={shown.filter((report) => report !== tiles)} />
      <Behind reports={shown} question={question} ownOf={(report) => ownOf(report, question, search)} />
    </>
  );
}

function Known({ tiles, question, others }: { tiles: Report; question: Question; others: readonly Report[] }) {
  const { words } = useSpoken();
  const asked = useAnswer(tiles, question);
  const answer = asked.data;
  return (
    <>
      <Head title={words.overview} question={question} answer={answer} />
      {answer && isNothing(tiles, answer) ? (
        <EmptyWindow about={answer.about} />
      ) : (
        <>
          <Answered asked={asked} waiting={<Skeleton className="tiles-waiting" />}>
            {(found) => <Small report={tiles} answer={found} question={question} />}
          </Answered>
          <div className="cards">
            {others.map((report) => (
              <Card key={report.name} report={report}>
                <Shown report={report} question={question} about={answer?.about} />
              </Card>
            ))}
          </div>
        </>
      )}
    </>
  );
}

const isNothing = (tiles: Report, answer: Answer) =>
  Number(rowsOf(tiles, answer.data)[0]?.total_dials ?? 0) === 0 &&
  Number(answer.comparison?.rows[0]?.previous.total_dials ?? 0) === 0;

const widths: Record<string, string> = Object.fromEntries(cards);

/** A report among others: its question leads to its page. */
function Card({ report, children }: { report: Report; children: ReactNode }) {
  const { names } = useSpoken();
  return (
    <section className="card" data-width={widths[report.name]} aria-label={titleOf(report, names)}>
      <Title order={2} size="h5">
        <Link to="/reports/$report" params={{ report: report.name }} search={keepView as never}>
          {questionOf(report, names)}
        </Link>
      </Title>
      {children}
    </section>
  );
}

interface ShownProps {
  report: Report;
  question: Question;
  /** What the tiles are made of, and so the card; undefined until they have come. */
  about: About | undefined;
}

function Shown(props: ShownProps) {
  const { report, question } = props;
  if (isCompared(report)) return <Compared {...props} />;
  return report.over === 'now' && !isAskable(report, question) ? <LiveCard {...props} /> : <Plain {...props} />;
}

const Waiting = ({ report }: { report: Report }) => (
  <Skeleton className="card-waiting" data-kind={report.picture.kind} />
);

function Compared({ report, question }: ShownProps) {
  const search = useSearch();
  const asked = useAnswer(report, question, ownOf(report, question, search));
  return (
    <Answered asked={asked} waiting={<Waiting report={report} />}>
      {(answer) => <Small report={report} answer={answer} question={question} />}
    </Answered>
  );
}

function Plain({ report, question, about }: ShownProps) {
  const search = useSearch();
  const asked = useRows(report, question, ownOf(report, question, search));
  const waiting = <Waiting report={report} />;
  return (
    <Answered asked={asked} waiting={waiting}>
      {({ data }) => (about ? <Small report={report} answer={{ data, about }} question={question} /> : waiting)}
    </Answered>
  );
}

/** The picture of a report, small. */
function Small({ report, answer, question }: { report: Report; answer: Answer; question: Question }) {
  const { open } = useOpened();
  const { may } = useSigned();
  const search = useSearch();
  const { Picture } = pictureFor(report);
  const onOpen = useCallback((row: Row, column: Column) => open(report, row, column), [open, report]);
  return (
    <Picture
      report={report}
      answer={answer}
      own={ownOf(report, question, search)}
      isSmall
      onOpen={may('reports') ? onOpen : undefined}
    />
  );
}
