/** The files of a report's page, for whoever may take them. */
import { isAskable, type Own, reportUrl, takes } from '../api/queries.ts';
import type { Report } from '../api/types.ts';
import type { Question } from '../question/view.ts';
import { useSearch } from '../shell/address.ts';
import { useSigned } from '../shell/signed-in.tsx';
import { ExportMenu } from '../table/ExportMenu.tsx';
import { useWords } from '../words/spoken.tsx';

/** The export button: all rows of the filter bar's question, whatever is searched and sorted in the page. */
export function ReportFiles({ report, question, own }: { report: Report; question: Question; own: Own }) {
  const words = useWords();
  const { may } = useSigned();
  const search = useSearch();
  if (!may('exports') || !isAskable(report, question)) return null;
  const compare = takes(report, 'compare') ? question.compare : undefined;
  const about = search.q || search.sort ? `${words.exportAbout} ${words.exportNotSorted}` : words.exportAbout;
  return (
    <ExportMenu
      hrefOf={(format) => reportUrl(report, question, { door: '/export', own: { ...own, compare, format } })}
      about={about}
    />
  );
}
