/** The wall screen: one picture after the other, as large as the screen lets it be, read from across the room. */
import { useNavigate } from '@tanstack/react-router';
import { Suspense, useEffect, useState } from 'react';
import { isAskable, type Own, useAnswer, useNames } from '../api/queries.ts';
import type { Report } from '../api/types.ts';
import { pictureFor } from '../pictures/kinds.tsx';
import type { Question } from '../question/view.ts';
import { Head } from '../reports/Head.tsx';
import { keepView, useSearch, useView } from '../shell/address.ts';
import { Broken } from '../shell/Broken.tsx';
import { useSigned } from '../shell/signed-in.tsx';
import { ReportTable } from '../table/ReportTable.tsx';
import { useSpoken, useWords } from '../words/spoken.tsx';
import { questionOf } from '../words/titles.ts';
import { Fitted } from './Fitted.tsx';
import { useIdle, useKeptAwake } from './standing.ts';

const usualSec = 20;
const leastSec = 3;

/**
 * The page at `/wall`: every report that has a picture, each for some seconds (`?each=20`), or those that are named
 * (`?reports=dashboard,funnel`). A report of one campaign shows that of the filters, or another one each round.
 */
export function Wall() {
  const words = useWords();
  const navigate = useNavigate();
  const search = useSearch();
  const slides = useSlides(search.reports);
  const everySec = Math.max(leastSec, Number(search.each) || usualSec);
  const [index, setIndex] = useState(0);
  const [isPaused, setPaused] = useState(false);
  const isIdle = useIdle();
  useKeptAwake();

  useEffect(() => {
    document.body.dataset.wall = '';
    return () => {
      delete document.body.dataset.wall;
    };
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a slide that is turned to by hand has its whole time.
  useEffect(() => {
    if (isPaused) return;
    const timer = setTimeout(() => setIndex((before) => before + 1), everySec * 1000);
    return () => clearTimeout(timer);
  }, [everySec, isPaused, index]);
  useEffect(() => {
    const acts: Record<string, () => void> = {
      ' ': () => setPaused((before) => !before),
      arrowright: () => setIndex((before) => before + 1),
      arrowleft: () => setIndex((before) => Math.max(0, before - 1)),
      escape: () => void navigate({ to: '/', search: keepView as never }),
    };
    const onKey = (event: KeyboardEvent) => {
      const act = acts[event.key.toLowerCase()];
      if (!act || event.ctrlKey || event.metaKey || event.altKey || document.querySelector('[role="dialog"]')) return;
      // Elsewhere they mean something else.
      event.preventDefault();
      act();
    };
    addEventListener('keydown', onKey, { capture: true });
    return () => removeEventListener('keydown', onKey, { capture: true });
  }, [navigate]);

  const shown = slides(index);
  return (
    <div className="wall" data-idle={isIdle || undefined}>
      {shown ? (
        <Fitted key={`${shown.report.name} ${shown.question.campaign}`}>
          <Slide {...shown} />
        </Fitted>
      ) : (
        <p className="nothing-here">{words.wallNothing}</p>
      )}
      <footer>
        <span role="status">{isPaused ? words.wallPaused : ''}</span>
        <span className="wall-hint">{words.wallHint}</span>
      </footer>
    </div>
  );
}

interface Shown {
  report: Report;
  question: Question;
}

/** What is shown as which slide. */
function useSlides(named: string | undefined): (index: number) => Shown | undefined {
  const { question } = useView();
  const { reports } = useSigned();
  const wanted = named?.split(',').flatMap((name) => reports.find((report) => report.name === name) ?? []);
  const shown = wanted ?? reports.filter(({ picture }) => picture.kind !== 'table');
  const needsCampaign = shown.some((report) => !isAskable(report, question));
  const { data: campaigns = [] } = useNames('campaigns', { enabled: needsCampaign });
  const slides = shown.filter((report) => isAskable(report, question) || campaigns.length > 0);
  return (index) => {
    const report = slides[index % Math.max(1, slides.length)];
    if (!report) return undefined;
    const round = Math.floor(index / slides.length);
    const campaign = question.campaign ?? campaigns[round % campaigns.length]?.id;
    return { report, question: isAskable(report, question) ? question : { ...question, campaign } };
  };
}

function Slide({ report, question }: Shown) {
  const { names } = useSpoken();
  const own: Own = report.parameters.some(({ name }) => name === 'fill') ? { fill: 'zero' } : {};
  const { data: answer, error } = useAnswer(report, question, own);
  const { Picture } = pictureFor(report);
  return (
    <>
      <Head title={questionOf(report, names)} question={question} answer={answer} />
      {error && <Broken error={error} />}
      {answer && (
        <Suspense>
          {report.picture.kind === 'table' ? (
            <ReportTable report={report} answer={answer} zone={question.zone} onOpen={undefined} />
          ) : (
            // From across the room, the first rows in large type say more than all of them.
            <Picture
              report={report}
              answer={answer}
              own={own}
              isSmall={report.picture.kind === 'bars'}
              onOpen={undefined}
            />
          )}
        </Suspense>
      )}
    </>
  );
}
