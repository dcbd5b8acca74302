/** Who needs help? Agents, the unusual ones first; one of them may be opened beside the list. */
import { useCallback, useMemo } from 'react';
import type { Report } from '../api/types.ts';
import { useSearch, useSetSearch } from '../shell/address.ts';
import { useSigned } from '../shell/signed-in.tsx';
import { type OwnOrder, ReportTable } from '../table/ReportTable.tsx';
import { type SeenRow, seenRows } from '../table/rows.ts';
import { findUnusual, toneOf, type Unusual } from '../table/unusual.ts';
import { useSpoken } from '../words/spoken.tsx';
import { labelOf } from '../words/titles.ts';
import { AgentBeside } from './AgentBeside.tsx';
import { Page, type Shown } from './Page.tsx';

/** The page of agents. */
export function AgentPerformance({ report }: { report: Report }) {
  const { reports } = useSigned();
  const alongTime = reports.find(({ picture }) => picture.kind === 'line');
  return (
    <Page report={report} beside={alongTime ? [alongTime] : []}>
      {(shown) => <Agents report={report} alongTime={alongTime} {...shown} />}
    </Page>
  );
}

type AgentsProps = Shown & { report: Report; alongTime: Report | undefined };

function Agents({ report, alongTime, answer, question, onOpen }: AgentsProps) {
  const { words, names } = useSpoken();
  const search = useSearch();
  const setSearch = useSetSearch();
  const all = useMemo(() => seenRows(report, answer), [report, answer]);
  const unusual = useMemo(() => findUnusual(all, report.columns), [all, report]);
  const order = useMemo(
    (): OwnOrder => ({
      name: 'unusual',
      label: words.unusualFirst,
      sort: (rows) => rows.toSorted((one, other) => weightOf(unusual.get(other.id)) - weightOf(unusual.get(one.id))),
    }),
    [unusual, words],
  );
  const note = useCallback(
    ({ id }: SeenRow) => {
      const found = unusual.get(id);
      if (!found) return null;
      return (
        <span className="note" data-tone={toneOf(found)} title={words.unusualAbout}>
          {words[`unusual_${found.side}`](labelOf(found.column, names))}
        </span>
      );
    },
    [unusual, words, names],
  );
  const onRow = useCallback(
    ({ id }: SeenRow) => setSearch({ agent: id === search.agent ? undefined : id }),
    [setSearch, search.agent],
  );
  const opened = all.find(({ id, isGone }) => id === search.agent && !isGone);
  return (
    <div className="list-and-one" data-opened={opened !== undefined || undefined}>
      <ReportTable
        report={report}
        answer={answer}
        zone={question.zone}
        onOpen={onOpen}
        usualOrder={order}
        note={note}
        onRow={onRow}
        opened={opened?.id}
      />
      {opened && (
        <AgentBeside
          {...{ report, alongTime, question, all, onOpen }}
          seen={opened}
          onClose={() => setSearch({ agent: undefined })}
        />
      )}
    </div>
  );
}

/** Who needs help stands before who shows how it is done. */
function weightOf(unusual: Unusual | undefined): number {
  if (!unusual) return 0;
  return unusual.by + { bad: 2000, neutral: 1000, good: 0 }[toneOf(unusual)];
}
