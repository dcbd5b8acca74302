/** The page of any report: its question, its picture, its table, the calls behind its numbers, its files. */
import { Skeleton } from '@mantine/core';
import { useParams } from '@tanstack/react-router';
import { Suspense } from 'react';
import { isAskable, type Own, useAnswer } from '../api/queries.ts';
import type { Report } from '../api/types.ts';
import { Behind } from '../behind/Behind.tsx';
import { useOpened } from '../behind/opened.ts';
import { pictureFor } from '../pictures/kinds.tsx';
import { useSearch, useView } from '../shell/address.ts';
import { Broken } from '../shell/Broken.tsx';
import { NotFound } from '../shell/NotFound.tsx';
import { useSigned } from '../shell/signed-in.tsx';
import { type OnOpen, ReportTable } from '../table/ReportTable.tsx';
import { rowsOf } from '../table/rows.ts';
import { useSpoken } from '../words/spoken.tsx';
import { questionOf } from '../words/titles.ts';
import { ExportMenu } from './ExportMenu.tsx';
import { ChooseCampaign, EmptyWindow } from './empty.tsx';
import { Head } from './Head.tsx';
import { Loading } from './Loading.tsx';
import { OwnParams } from './OwnParams.tsx';
import { pageOf } from './pages.tsx';

/** The page at `/reports/NAME`. */
export function ReportPage() {
  const { report: name } = useParams({ strict: false }) as { report: string };
  const { reports } = useSigned();
  const report = reports.find((one) => one.name === name);
  if (!report) return <NotFound />;
  const Own = pageOf(report) ?? AnyReport;
  return (
    <Suspense fallback={<Loading />}>
      <Own key={name} report={report} />
    </Suspense>
  );
}

/** The report's own parameters: choices as the address says them, and what has one choice alone is chosen (quiet days, too). */
function useOwn(report: Report): Own {
  const search = useSearch();
  const own = report.parameters.filter(
    ({ choices, is_unused, name }) => choices && !is_unused && name !== 'compare' && name !== 'format',
  );
  const given = own.map(({ name, choices = [] }) => [name, choices.length === 1 ? choices[0] : search[name]]);
  return Object.fromEntries(given);
}

/** A page that knows of its report only what is declared. */
export function AnyReport({ report, own: fixed = {} }: { report: Report; own?: Own }) {
  const { names } = useSpoken();
  const { question } = useView();
  const own = { ...useOwn(report), ...fixed };
  const { data: answer, error, refetch, isPending } = useAnswer(report, question, own);
  const { may } = useSigned();
  const { opened, open, close } = useOpened();
  const { Picture } = pictureFor(report);
  const isEmpty = answer !== undefined && rowsOf(report, answer.data).length === 0 && !answer.comparison?.rows.length;
  const onOpen: OnOpen | undefined = may('reports') ? (row, column) => open(report, row, column) : undefined;
  return (
    <>
      <Head title={questionOf(report, names)} question={question} answer={answer}>
        <ExportMenu report={report} question={question} own={own} />
      </Head>
      <OwnParams report={report} />
      {!isAskable(report, question) ? (
        <ChooseCampaign />
      ) : error ? (
        <Broken error={error} onAgain={() => void refetch()} />
      ) : isPending || !answer ? (
        <Loading />
      ) : isEmpty ? (
        <EmptyWindow about={answer.about} />
      ) : (
        <>
          <Suspense fallback={<Skeleton height={280} />}>
            <Picture report={report} answer={answer} own={own} onOpen={onOpen} />
          </Suspense>
          <ReportTable report={report} answer={answer} zone={question.zone} onOpen={onOpen} />
        </>
      )}
      {opened && <Behind report={report} question={question} own={own} opened={opened} onClose={close} />}
    </>
  );
}
