/** Are we within the limit? The live rate of one campaign, its last days as a line with the limit, and the ledger. */
import { Alert, Title } from '@mantine/core';
import type { Report } from '../api/types.ts';
import { Gauge } from '../pictures/Gauge.tsx';
import { RateLine } from '../pictures/RateLine.tsx';
import { PartTable } from '../table/PartTable.tsx';
import { ReportTable } from '../table/ReportTable.tsx';
import { columnOf, figureOf, partOf, rowsOf } from '../table/rows.ts';
import { useSpoken } from '../words/spoken.tsx';
import { labelOf } from '../words/titles.ts';
import { openWriting } from '../words/writing.ts';
import { Page, type Shown } from './Page.tsx';

// Where it stands, and by which rules.
const shown = [
  'campaign_name',
  'campaign_status',
  'attempts_total',
  'attempts_abandoned',
  'abandon_rate_pct',
  'limit_pct',
  'allowed_more',
  'answers_total',
  'live_abandon_rate_pct',
  'basis',
  'window_minutes',
  'breached',
];

/** The page of the abandon rate. */
export const AbandonRate = ({ report }: { report: Report }) => (
  <Page report={report}>{(found) => <Rate report={report} {...found} />}</Page>
);

function Rate({ report, answer, question, own, onOpen }: Shown & { report: Report }) {
  const { words, names, language } = useSpoken();
  const writing = openWriting(language);
  const [row] = rowsOf(report, answer.data);
  if (!row) return null;
  const part = (name: string) => report.parts.find((one) => one.name === name);
  const [breaches, history] = [part('breaches'), part('history')];
  const rate = columnOf(report, 'abandon_rate_pct');
  const percent = (name: string) => writing.percent(figureOf(row, name) ?? 0, 2);
  return (
    <>
      {row.breached === true && (
        <Alert
          color="red"
          role="alert"
          mb="md"
          title={words.breachedBanner(String(row.campaign_name), percent('abandon_rate_pct'), percent('limit_pct'))}
        />
      )}
      <div className="report" data-beside>
        <section className="card" aria-label={words.present}>
          <Gauge report={report} answer={answer} own={own} onOpen={onOpen} />
        </section>
        {history && (
          <section className="card" aria-label={words.rateOver}>
            <Title order={2} size="h5">
              {words.rateOver}
            </Title>
            <RateLine
              rows={partOf(history, answer.data)}
              along="at"
              value="abandon_rate_pct"
              of="attempts_total"
              limit={figureOf(row, 'limit_pct') ?? 0}
              zone={question.zone}
              name={rate ? labelOf(rate, names) : history.title}
            />
          </section>
        )}
      </div>
      <ReportTable report={report} answer={answer} zone={question.zone} onOpen={onOpen} only={shown} />
      <Title order={2} size="h5" mt="lg" mb="xs">
        {words.breachesOf(own.breaches_days ?? '7')}
      </Title>
      {breaches && (
        <PartTable part={breaches} rows={partOf(breaches, answer.data)} zone={question.zone} none={words.noBreaches} />
      )}
    </>
  );
}
