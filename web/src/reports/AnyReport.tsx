/** A page that knows of its report only what is declared: its question, its picture, its table, its files. */
import type { Report } from '../api/types.ts';
import { pictureFor } from '../pictures/kinds.tsx';
import { ReportTable } from '../table/ReportTable.tsx';
import { Page } from './Page.tsx';

/** The page of any report. */
export function AnyReport({ report }: { report: Report }) {
  const { Picture } = pictureFor(report);
  return (
    <Page report={report}>
      {({ answer, own, question, onOpen }) => (
        <div className="report" data-beside={isNarrow(report) || undefined}>
          <div className="report-picture">
            <Picture report={report} answer={answer} own={own} onOpen={onOpen} />
          </div>
          <ReportTable report={report} answer={answer} zone={question.zone} onOpen={onOpen} />
        </div>
      )}
    </Page>
  );
}

// Bars with a table of few columns: both have room beside each other on a wide screen.
const isNarrow = ({ picture, columns }: Report) => picture.kind === 'bars' && columns.length <= 5;
