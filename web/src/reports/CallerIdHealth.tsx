/** Which numbers are burnt? How many are of which status, and each with its reasons, its trend and the use of its cap. */
import { useMemo } from 'react';
import type { Column, Report, Row } from '../api/types.ts';
import { Use } from '../pictures/Use.tsx';
import { useSearch, useSetSearch } from '../shell/address.ts';
import { type OwnOrder, ReportTable } from '../table/ReportTable.tsx';
import { columnOf, figureOf, partOf, type SeenRow, seenRows } from '../table/rows.ts';
import { severity, toSorted } from '../table/sorting.ts';
import { Shape } from '../table/Toned.tsx';
import { useSpoken } from '../words/spoken.tsx';
import { wordOf } from '../words/titles.ts';
import { openWriting } from '../words/writing.ts';
import { Page, type Shown } from './Page.tsx';
import { Trend } from './Trend.tsx';

const status = 'health_status';

// What tells a burnt number first; what it is like after.
const shown = [
  'cid',
  status,
  'health_reasons',
  'asr_pct',
  'total_calls',
  'answered_calls',
  'health_calls_today',
  'acd_sec',
  'short_calls',
  'short_call_ratio_pct',
  'rejected_calls',
  'display_name',
  'carrier',
  'cli_type',
  'pool_status',
  'cooldown_until',
  'daily_cap',
];

/** The page of caller-ID health. */
export const CallerIdHealth = ({ report }: { report: Report }) => (
  <Page report={report}>{(found) => <CallerIds report={report} {...found} />}</Page>
);

function CallerIds({ report, answer, question, onOpen }: Shown & { report: Report }) {
  const { words } = useSpoken();
  const search = useSearch();
  const setSearch = useSetSearch();
  const all = useMemo(() => seenRows(report, answer), [report, answer]);
  const health = columnOf(report, status);
  const trend = report.parts.find(({ name }) => name === 'trend');
  const scale = useMemo(
    () => toScaleOfTrends(all.flatMap(({ row }) => (trend ? partOf(trend, row) : []))),
    [all, trend],
  );
  const order = useMemo(
    (): OwnOrder => ({
      name: status,
      label: words.worstFirst,
      sort: (rows) => toSorted(rows, report.columns, status),
    }),
    [words, report],
  );
  const { status: wanted } = search;
  const keep = useMemo(() => (wanted ? ({ row }: SeenRow) => row[status] === wanted : undefined), [wanted]);
  const own = useMemo(
    () => ({
      asr_pct: (seen: SeenRow) => (
        <Trend
          days={trend ? partOf(trend, seen.row) : []}
          seen={seen}
          column={columnOf(report, 'asr_pct')}
          zone={question.zone}
          most={scale.most}
          span={scale.span}
        />
      ),
      health_calls_today: ({ row }: SeenRow) => {
        const column = columnOf(report, 'health_calls_today');
        const used = figureOf(row, 'health_calls_today') ?? 0;
        return (
          <Use
            used={used}
            cap={figureOf(row, 'daily_cap') ?? 0}
            onOpen={onOpen && column && used > 0 ? () => onOpen(row, column) : undefined}
          />
        );
      },
    }),
    [trend, report, question.zone, onOpen, scale],
  );
  return (
    <>
      {health && (
        <Statuses
          column={health}
          rows={all}
          wanted={wanted}
          onChoose={(next) => setSearch({ status: next }, { replace: true })}
        />
      )}
      <ReportTable
        report={report}
        answer={answer}
        zone={question.zone}
        onOpen={onOpen}
        usualOrder={order}
        only={shown}
        own={own}
        {...(keep && { keep })}
      />
    </>
  );
}

/** One scale for all trends, so that they can be compared. */
function toScaleOfTrends(days: readonly Row[]) {
  let [most, from, to] = [0, '', ''];
  for (const row of days) {
    const day = String(row.day);
    most = Math.max(most, figureOf(row, 'dials') ? (figureOf(row, 'asr_pct') ?? 0) : 0);
    if (from === '' || day < from) from = day;
    if (day > to) to = day;
  }
  return { most, span: from === '' ? undefined : { from, to } };
}

interface StatusesProps {
  column: Column;
  rows: readonly SeenRow[];
  wanted: string | undefined;
  onChoose(status: string | undefined): void;
}

/** How many are of each status; one of them is shown alone when it is chosen. */
function Statuses({ column, rows, wanted, onChoose }: StatusesProps) {
  const { words, names, language } = useSpoken();
  const writing = openWriting(language);
  const toneOf = (value: string) => column.tones?.[value] ?? 'neutral';
  const values = (column.choices ?? []).toSorted((one, other) => severity[toneOf(one)] - severity[toneOf(other)]);
  return (
    <fieldset className="statuses" aria-label={words.statuses}>
      {values.map((value) => {
        const count = rows.filter(({ row, isGone }) => !isGone && row[column.name] === value).length;
        return (
          <button
            key={value}
            type="button"
            className="status"
            data-tone={count > 0 ? toneOf(value) : undefined}
            aria-pressed={wanted === value}
            onClick={() => onChoose(wanted === value ? undefined : value)}
          >
            <span className="status-count">{writing.number(count)}</span>
            <span className="status-word">
              <Shape tone={toneOf(value)} /> {wordOf(value, names, column)}
            </span>
          </button>
        );
      })}
    </fieldset>
  );
}
