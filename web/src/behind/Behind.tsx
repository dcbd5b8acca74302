/** The calls or leads behind a number, beside the page that they come from. */
import { Button, Drawer, Group, SegmentedControl, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { askJson } from '../api/client.ts';
import { type Own, reportUrl, useAnswer } from '../api/queries.ts';
import type { Column, Report, Row } from '../api/types.ts';
import type { Question } from '../question/view.ts';
import { Broken } from '../shell/Broken.tsx';
import { useSigned } from '../shell/signed-in.tsx';
import { Cut } from '../table/Cut.tsx';
import { headingOf, isAmount, sayValue, unitMark } from '../table/columns.ts';
import { ExportMenu } from '../table/ExportMenu.tsx';
import { LoadingRows } from '../table/LoadingRows.tsx';
import { figureOf, type SeenRow, seenRows } from '../table/rows.ts';
import { Scrolled } from '../table/Scrolled.tsx';
import { useSpoken } from '../words/spoken.tsx';
import { labelOf } from '../words/titles.ts';
import { openWriting } from '../words/writing.ts';
import { keyOf, type Opened } from './opened.ts';
import { useOpened } from './use-opened.ts';

interface BehindProps {
  /** Those that a number of the page may be of. */
  reports: readonly Report[];
  question: Question;
  /** A report's own parameters, as the page asks it. */
  ownOf(report: Report): Own;
}

/** The list behind the number that the address names; nothing where it names none of the page. */
export function Behind({ reports, question, ownOf }: BehindProps) {
  const { opened, reopen, close } = useOpened();
  const { may } = useSigned();
  const report = reports.find(({ name }) => name === opened?.report);
  if (!opened || !report || !may('reports')) return null;
  return (
    <Opening
      key={report.name}
      {...{ report, question, opened }}
      own={ownOf(report)}
      onReopen={reopen}
      onClose={close}
    />
  );
}

interface OpeningProps {
  report: Report;
  question: Question;
  own: Own;
  opened: Opened;
  onReopen(opened: Opened): void;
  onClose(): void;
}

/** The drawer: which number it is, in words, and its rows. */
function Opening({ report, question, own, opened, onReopen, onClose }: OpeningProps) {
  useFocusBack();
  const { words, names, language } = useSpoken();
  const writing = openWriting(language);
  const { data: answer } = useAnswer(report, question, own);
  const column = report.columns.find(({ name }) => name === opened.column);
  const seen = answer && seenRows(report, answer).find(({ row }) => isRow(keyOf(report, row), opened.key));
  const label = column ? labelOf(column, names) : opened.column;
  const count = countOf(seen, opened);
  const who = nameOf(report, seen, opened, { names, writing, zone: question.zone });
  const title = [label, who].filter(Boolean).join(' · ');
  const other = answer?.comparison && seen?.before ? answer.comparison.window : undefined;
  const asked = opened.isBefore ? other : undefined;
  // Asked for by its instants: it may end at the same time of day as this one does now.
  const dates = asked ?? question.dates;
  const key = opened.isBefore && seen ? keyBefore(seen, opened.key) : opened.key;
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size="min(1080px, 100vw)"
      title={title}
      closeButtonProps={{ 'aria-label': words.close }}
      classNames={{ content: 'behind', body: 'behind-body', title: 'behind-title' }}
      transitionProps={{ duration: 0 }}
    >
      {other && (
        <SegmentedControl
          size="xs"
          mb="sm"
          aria-label={words.compare}
          data={[
            { value: 'now', label: `${words.periodNow}: ${sayCount(countOf(seen, { ...opened, isBefore: false }))}` },
            {
              value: 'before',
              label: `${words.periodBefore}: ${sayCount(countOf(seen, { ...opened, isBefore: true }))}`,
            },
          ]}
          value={opened.isBefore ? 'before' : 'now'}
          onChange={(value) => onReopen({ ...opened, isBefore: value === 'before' })}
        />
      )}
      {opened.isBefore && !answer ? (
        <LoadingRows />
      ) : (
        <List
          {...{ report, title, count }}
          question={{ ...question, dates }}
          own={{ ...own, ...key, column: opened.column }}
        />
      )}
    </Drawer>
  );

  function sayCount(of: number | undefined): string {
    return of === undefined ? words.noneLike : writing.number(of);
  }
}

/** Who closes it, by whatever way, goes on where they opened it. */
function useFocusBack(): void {
  const [from] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      requestAnimationFrame(() => {
        const isLost = document.activeElement === null || document.activeElement === document.body;
        if (isLost && from instanceof HTMLElement) from.focus();
      });
    },
    [from],
  );
}

const isRow = (key: Record<string, string>, wanted: Record<string, string>) =>
  Object.entries(key).every(([name, value]) => wanted[name] === value);

function countOf(seen: SeenRow | undefined, { column, isBefore }: Opened): number | undefined {
  const row = isBefore ? seen?.before?.previous : seen?.row;
  return row ? figureOf(row, column) : undefined;
}

/** The key of the row that stands beside: a bucket of time has another name there. */
const keyBefore = (seen: SeenRow, key: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(key).map(([name, value]) => [name, String(seen.before?.previous[name] ?? value)]));

interface Naming {
  names: ReturnType<typeof useSpoken>['names'];
  writing: ReturnType<typeof openWriting>;
  zone: string;
}

/** What the number's row is called; its key where the row is not there. */
function nameOf(
  report: Report,
  seen: SeenRow | undefined,
  { key, isBefore }: Opened,
  { names, writing, zone }: Naming,
): string {
  const parts = report.parts[0]?.key ?? [];
  if (!seen) return parts.map((name) => key[name]).join(', ');
  if (parts.length === 0) return '';
  const say = (column: Column) => {
    const was = isBefore ? seen.before?.previous[column.name] : undefined;
    const row = was === undefined ? seen.row : { ...seen.row, [column.name]: was };
    return sayPlace(report, column, row, { names, writing, zone });
  };
  if (parts.length > 1)
    return report.columns
      .filter(({ name }) => parts.includes(name))
      .map(say)
      .join(', ');
  return say(headingOf(report).column);
}

/** A place of a picture's axis has a word of its own there. */
function sayPlace({ picture }: Report, column: Column, row: Row, { names, writing, zone }: Naming): string {
  if (picture.kind === 'grid') {
    const axis = [picture.down, picture.across].find((one) => one.column === column.name);
    const place = Number(row[column.name]);
    if (axis?.labels.length === 7) return writing.weekday(place, 'long');
    if (axis) return axis.labels[place] ?? String(place);
  }
  return sayValue(column, row, zone, { names, writing });
}

interface Page {
  data: Row[];
  next: string | null;
  note: string | null;
}

const pageSize = 100;

interface ListProps {
  report: Report;
  question: Question;
  own: Own;
  title: string;
  count: number | undefined;
}

/** The rows, page after page. */
function List({ report, question, own, title, count }: ListProps) {
  const { words, names, language } = useSpoken();
  const writing = openWriting(language);
  const { may } = useSigned();
  const { of: door, columns } = report.behind;
  const url = (more: Own) => reportUrl(report, question, { door: `/${door}`, own: { ...own, ...more } });
  const { data, error, fetchNextPage, hasNextPage, isFetchingNextPage, isPending, refetch } = useInfiniteQuery({
    queryKey: ['behind', url({})],
    queryFn: ({ pageParam, signal }) => askJson<Page>(url({ limit: String(pageSize), after: pageParam }), { signal }),
    // Read anew whenever it is opened, and not while it is: pages after the first are written down as exports.
    gcTime: 0,
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
  });
  const rows = data?.pages.flatMap((page) => page.data) ?? [];
  const note = data?.pages[0]?.note;
  const mayMore = may('exports');
  const shown = shownOf(columns);
  const isWhole = !hasNextPage && !isPending && !error;
  return (
    <>
      <Group justify="space-between" mb="sm" gap="xs">
        <Text size="sm" c="dimmed" role="status">
          {!isPending &&
            words.rowsLoaded(
              writing.number(rows.length),
              writing.number(isWhole ? rows.length : (count ?? rows.length)),
            )}{' '}
          {note}
        </Text>
        {mayMore && <ExportMenu hrefOf={(format) => url({ format })} count={count} about={words.exportAbout} />}
      </Group>
      {error && rows.length === 0 ? (
        <Broken error={error} onAgain={() => void refetch()} />
      ) : isPending ? (
        <LoadingRows />
      ) : (
        <Scrolled name={title}>
          <table className="numbers">
            <thead>
              <tr>
                {shown.map((one) => (
                  <th
                    key={one.name}
                    scope="col"
                    className="plain"
                    data-amount={isAmount(one) || undefined}
                    title={one.meaning}
                  >
                    {labelOf(one, names)}
                    {unitMark(one, language) && <span className="unit"> {unitMark(one, language)}</span>}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={`${row.campaign_id} ${row.started_at ?? ''} ${row.call_id ?? row.lead_id}`}>
                  {shown.map((one) => (
                    <td key={one.name} data-amount={isAmount(one) || undefined}>
                      {say(one, row)}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
          {rows.length === 0 && <p className="dimmed none">{words.noRowsBehind}</p>}
          {hasNextPage && mayMore && !error && (
            <Sentinel onSeen={() => void fetchNextPage()} isBusy={isFetchingNextPage} />
          )}
        </Scrolled>
      )}
      {error && rows.length > 0 && <Broken error={error} onAgain={() => void fetchNextPage()} />}
      {hasNextPage &&
        (mayMore ? (
          <Button variant="default" size="xs" mt="sm" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {words.more}
          </Button>
        ) : (
          <Text size="xs" c="dimmed" mt="sm">
            {words.moreNotAllowed}
          </Text>
        ))}
    </>
  );

  function say(column: Column, row: Row) {
    const text = sayValue(column, row, question.zone, { names, writing });
    return isAmount(column) ? text : <Cut text={text} />;
  }
}

/** When it is seen, the rest is wanted. */
function Sentinel({ onSeen, isBusy }: { onSeen(): void; isBusy: boolean }) {
  const ref = useRef<HTMLDivElement>(null);
  const ask = useRef(onSeen);
  useEffect(() => {
    ask.current = isBusy ? () => {} : onSeen;
  });
  useEffect(() => {
    const seen = ref.current;
    if (!seen) return;
    const watch = new IntersectionObserver(([entry]) => entry?.isIntersecting && ask.current(), {
      root: seen.closest('.table-scroll'),
      rootMargin: '200px',
    });
    watch.observe(seen);
    return () => watch.disconnect();
  }, []);
  return <div ref={ref} className="sentinel" />;
}

/** Ids that have their name beside them say nothing more. */
function shownOf(columns: readonly Column[]): Column[] {
  const names = new Set(columns.map(({ name }) => name));
  const shown = columns.filter(({ name }) => !name.endsWith('_id') || !names.has(name.replace(/_id$/, '_name')));
  return shown.toSorted((one, other) => placeOf(one) - placeOf(other));
}

/** When it was comes first, then how it ended and how long it took, then whose it is; what only identifies it comes last. */
function placeOf(column: Column): number {
  if (column.kind === 'instant') return 0;
  if (column.choices) return 1;
  if (isAmount(column)) return 2;
  if (column.kind === 'flag') return 3;
  return /(^|_)id$/.test(column.name) ? 5 : 4;
}
