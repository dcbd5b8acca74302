/** Are we within the limit? The live rate of one campaign, its last days as a line with the limit, and the ledger. */
import { Alert, Title } from '@mantine/core';
import { Suspense } from 'react';
import { isAskable, useAnswer } from '../api/queries.ts';
import type { Report } from '../api/types.ts';
import { Gauge } from '../pictures/Gauge.tsx';
import { RateLine } from '../pictures/RateLine.tsx';
import { useView } from '../shell/address.ts';
import { Broken } from '../shell/Broken.tsx';
import { PartTable } from '../table/PartTable.tsx';
import { figureOf, partOf, rowsOf } from '../table/rows.ts';
import { useSpoken } from '../words/spoken.tsx';
import { questionOf } from '../words/titles.ts';
import { openWriting } from '../words/writing.ts';
import { ExportMenu } from './ExportMenu.tsx';
import { ChooseCampaign } from './empty.tsx';
import { Head } from './Head.tsx';
import { Loading } from './Loading.tsx';

const own = { history: '1', breaches_days: '30' };

/** The page of the abandon rate. */
export function AbandonRate({ report }: { report: Report }) {
  const { words, names, language } = useSpoken();
  const writing = openWriting(language);
  const { question } = useView();
  const { data: answer, error, refetch } = useAnswer(report, question, own);
  if (!isAskable(report, question)) {
    return (
      <>
        <Head title={questionOf(report, names)} question={question} answer={undefined} />
        <ChooseCampaign />
      </>
    );
  }
  const [row] = answer ? rowsOf(report, answer.data) : [];
  const part = (name: string) => report.parts.find((one) => one.name === name);
  const [breaches, history] = [part('breaches'), part('history')];
  return (
    <>
      <Head title={questionOf(report, names)} question={question} answer={answer}>
        <ExportMenu report={report} question={question} own={{ breaches_days: own.breaches_days }} />
      </Head>
      {error ? (
        <Broken error={error} onAgain={() => void refetch()} />
      ) : !answer || !row ? (
        <Loading />
      ) : (
        <>
          {row.breached === true && (
            <Alert
              color="red"
              role="alert"
              mb="md"
              title={words.breachedBanner(
                String(row.campaign_name),
                writing.percent(figureOf(row, 'abandon_rate_pct') ?? 0, 2),
                writing.percent(figureOf(row, 'limit_pct') ?? 0, 2),
              )}
            />
          )}
          <Gauge report={report} answer={answer} own={own} onOpen={undefined} />
          {history && (
            <Suspense fallback={<Loading />}>
              <RateLine
                rows={partOf(history, answer.data)}
                along="at"
                value="abandon_rate_pct"
                of="attempts_total"
                limit={figureOf(row, 'limit_pct') ?? 0}
                zone={question.zone}
                name={history.about}
              />
            </Suspense>
          )}
          <Title order={2} size="h5" mt="lg" mb="xs">
            {words.breaches}
          </Title>
          {breaches && (
            <PartTable
              part={breaches}
              rows={partOf(breaches, answer.data)}
              zone={question.zone}
              none={words.noBreaches}
            />
          )}
        </>
      )}
    </>
  );
}
