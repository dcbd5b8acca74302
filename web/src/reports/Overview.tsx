/** The overview: how it is going, at a glance; every card leads to its report. */
import { Select, Skeleton, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Suspense } from 'react';
import { type Own, useAnswer, useNames } from '../api/queries.ts';
import type { Report } from '../api/types.ts';
import { Behind } from '../behind/Behind.tsx';
import { useOpened } from '../behind/opened.ts';
import { pictureFor } from '../pictures/kinds.tsx';
import type { Question } from '../question/view.ts';
import { useSearch, useSetSearch, useView } from '../shell/address.ts';
import { Broken } from '../shell/Broken.tsx';
import { useSigned } from '../shell/signed-in.tsx';
import { rowsOf } from '../table/rows.ts';
import { useSpoken } from '../words/spoken.tsx';
import { questionOf, titleOf } from '../words/titles.ts';
import { EmptyWindow } from './empty.tsx';
import { Head } from './Head.tsx';

/** The reports of the overview, and how wide each is. */
const cards: [name: string, width: 'half' | 'whole' | 'third'][] = [
  ['time-series', 'whole'],
  ['funnel', 'half'],
  ['disposition-breakdown', 'half'],
  ['hour-dow-heatmap', 'half'],
  ['abandon-rate', 'half'],
];

/** The page at `/`. */
export function Overview() {
  const { words, names } = useSpoken();
  const { question } = useView();
  const { reports } = useSigned();
  const find = (name: string) => reports.find((report) => report.name === name);
  const dashboard = find('dashboard');
  if (!dashboard) return null;
  return (
    <Known
      {...{ words, names, question, dashboard, reports: cards.flatMap(([name, width]) => toCard(find(name), width)) }}
    />
  );
}

const toCard = (report: Report | undefined, width: string) => (report ? [{ report, width }] : []);

interface KnownProps {
  words: ReturnType<typeof useSpoken>['words'];
  names: ReturnType<typeof useSpoken>['names'];
  question: Question;
  dashboard: Report;
  reports: { report: Report; width: string }[];
}

function Known({ words, names, question, dashboard, reports }: KnownProps) {
  const { data: answer, error, refetch } = useAnswer(dashboard, question);
  const { opened, open, close } = useOpened();
  const { Picture } = pictureFor(dashboard);
  const isEmpty = answer !== undefined && Number(rowsOf(dashboard, answer.data)[0]?.total_dials ?? 0) === 0;
  const shownReport =
    opened && [dashboard, ...reports.map(({ report }) => report)].find(({ name }) => name === opened.report);
  return (
    <>
      <Head title={words.overview} question={question} answer={answer} />
      {error ? (
        <Broken error={error} onAgain={() => void refetch()} />
      ) : isEmpty && answer ? (
        <EmptyWindow about={answer.about} />
      ) : (
        <>
          <Suspense fallback={<Skeleton height={104} />}>
            {answer ? (
              <Picture
                report={dashboard}
                answer={answer}
                own={{}}
                onOpen={(row, column) => open(dashboard, row, column)}
              />
            ) : (
              <Skeleton height={104} />
            )}
          </Suspense>
          <div className="cards">
            {reports.map(({ report, width }) => (
              <section key={report.name} className="card" data-width={width} aria-label={titleOf(report, names)}>
                <Title order={2} size="h5">
                  <Link to="/reports/$report" params={{ report: report.name }} search={true as never}>
                    {questionOf(report, names)}
                  </Link>
                </Title>
                {report.over === 'now' ? (
                  <LiveCard report={report} question={question} />
                ) : (
                  <Card report={report} question={question} onOpen={open} />
                )}
              </section>
            ))}
          </div>
        </>
      )}
      {opened && shownReport && (
        <Behind report={shownReport} question={question} own={ownOf(shownReport)} opened={opened} onClose={close} />
      )}
    </>
  );
}

/** A line shows quiet days too. */
const ownOf = (report: Report): Own => (report.parameters.some(({ name }) => name === 'fill') ? { fill: 'zero' } : {});

function Card({
  report,
  question,
  onOpen,
}: {
  report: Report;
  question: Question;
  onOpen: ReturnType<typeof useOpened>['open'];
}) {
  const own = ownOf(report);
  const { data: answer, error, refetch } = useAnswer(report, question, own);
  const { Picture } = pictureFor(report);
  if (error) return <Broken error={error} onAgain={() => void refetch()} />;
  const waiting = <Skeleton height={220} />;
  if (!answer) return waiting;
  return (
    <Suspense fallback={waiting}>
      <Picture
        report={report}
        answer={answer}
        own={own}
        isSmall
        onOpen={(row, column) => onOpen(report, row, column)}
      />
    </Suspense>
  );
}

/** A live report is one campaign's: that of the filter bar, else one that is chosen in the card. */
function LiveCard({ report, question }: { report: Report; question: Question }) {
  const { words } = useSpoken();
  const search = useSearch();
  const setSearch = useSetSearch();
  const { data: campaigns } = useNames('campaigns');
  const chosen = question.campaign ?? (Number(search.live) || campaigns?.[0]?.id);
  const { data: answer, error, refetch } = useAnswer(report, { ...question, campaign: chosen });
  const { Picture } = pictureFor(report);
  if (error) return <Broken error={error} onAgain={() => void refetch()} />;
  if (campaigns?.length === 0) return <Text c="dimmed">{words.chooseCampaignAbout}</Text>;
  return (
    <>
      {question.campaign === undefined && (
        <Select
          size="xs"
          mb="sm"
          aria-label={words.campaign}
          data={(campaigns ?? []).slice(0, 200).map(({ id, name }) => ({ value: String(id), label: name }))}
          value={chosen === undefined ? null : String(chosen)}
          onChange={(value) => setSearch({ live: value ?? undefined }, { replace: true })}
          searchable
          allowDeselect={false}
        />
      )}
      <Suspense fallback={<Skeleton height={140} />}>
        {answer ? (
          <Picture report={report} answer={answer} own={{}} isSmall onOpen={undefined} />
        ) : (
          <Skeleton height={140} />
        )}
      </Suspense>
    </>
  );
}
