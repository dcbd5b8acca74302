/** What every page of a report has: its question as a head, its files, its own choices, its numbers or why there are none. */
import { type ReactNode, useCallback } from 'react';
import { isAskable, type Own, useAnswer } from '../api/queries.ts';
import type { Answer, Column, Report, Row } from '../api/types.ts';
import { Behind } from '../behind/Behind.tsx';
import { useOpened } from '../behind/use-opened.ts';
import type { Question } from '../question/view.ts';
import { useSearch, useView } from '../shell/address.ts';
import { useSigned } from '../shell/signed-in.tsx';
import type { OnOpen } from '../table/OnOpen.ts';
import { rowsOf } from '../table/rows.ts';
import { useSpoken } from '../words/spoken.tsx';
import { questionOf } from '../words/titles.ts';
import { Answered } from './Answered.tsx';
import { ownOf, ownOfPage } from './asked.ts';
import { ChooseCampaign } from './ChooseCampaign.tsx';
import { EmptyWindow } from './EmptyWindow.tsx';
import { Head } from './Head.tsx';
import { Loading } from './Loading.tsx';
import { OwnParams } from './OwnParams.tsx';
import { ReportFiles } from './ReportFiles.tsx';

/** What a page shows. */
export interface Shown {
  answer: Answer;
  question: Question;
  own: Own;
  /** Undefined where the role may not see the calls. */
  onOpen: OnOpen | undefined;
}

interface PageProps {
  report: Report;
  /** Other reports whose numbers stand on the page, too. */
  beside?: readonly Report[];
  children(shown: Shown): ReactNode;
}

/** The page of a report, around its numbers. */
export function Page({ report, beside = [], children }: PageProps) {
  const { names } = useSpoken();
  const { question } = useView();
  const { may } = useSigned();
  const search = useSearch();
  const own = ownOfPage(report, question, search);
  const asked = useAnswer(report, question, own);
  const { open } = useOpened();
  const openThis = useCallback((row: Row, column: Column) => open(report, row, column), [open, report]);
  const onOpen = may('reports') ? openThis : undefined;
  const answer = isAskable(report, question) ? asked.data : undefined;
  return (
    <>
      <Head title={questionOf(report, names)} report={report} question={question} answer={answer}>
        <ReportFiles report={report} question={question} own={ownOfFiles(report, own)} />
      </Head>
      <OwnParams report={report} question={question} />
      {isAskable(report, question) ? (
        <Answered asked={asked} waiting={<Loading kind={report.picture.kind} />}>
          {(found) =>
            isEmpty(report, found) ? (
              <EmptyWindow about={found.about} />
            ) : (
              children({ answer: found, question, own, onOpen })
            )
          }
        </Answered>
      ) : (
        <ChooseCampaign />
      )}
      <Behind
        reports={[report, ...beside]}
        question={question}
        ownOf={(one) => (one === report ? own : ownOf(one, question, search))}
      />
    </>
  );
}

/** Lists inside of an answer are for screens alone. */
function ownOfFiles({ parts }: Report, own: Own): Own {
  const lists = new Set(parts.map(({ asked }) => asked));
  return Object.fromEntries(Object.entries(own).filter(([name]) => !lists.has(name)));
}

/** No row at all, here or in the other window; or rows that are there whatever happened, of which every count is nothing. */
function isEmpty(report: Report, answer: Answer): boolean {
  const rows = rowsOf(report, answer.data);
  const others = answer.comparison?.rows ?? [];
  if (rows.length === 0) return others.length === 0;
  if (report.over === 'now' || !['tiles', 'line'].includes(report.picture.kind)) return false;
  const counts = report.columns.filter(({ name }) => report.behind.figures.includes(name));
  const isNothing = (row: Row) => counts.every(({ name }) => Number(row[name]) === 0);
  return counts.length > 0 && rows.every(isNothing) && others.every(({ previous }) => isNothing(previous));
}
