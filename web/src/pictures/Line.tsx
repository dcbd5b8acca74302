/** How a figure goes along time: one line, the other window's beside it, weekends marked, the running bucket dashed. */
import { SegmentedControl } from '@mantine/core';
import { useCallback, useMemo } from 'react';
import type { Column, Report } from '../api/types.ts';
import { addDays, dateIn, weekdayOf } from '../question/dates.ts';
import { useSearch, useSetSearch } from '../shell/address.ts';
import { Change } from '../table/Change.tsx';
import { baseOf, columnOf, hasRows, isCount, thinBelow } from '../table/rows.ts';
import { useSpoken } from '../words/spoken.tsx';
import { labelOf, questionOf } from '../words/titles.ts';
import { openWriting, type Writing } from '../words/writing.ts';
import { toAxis, widthOf } from './axes.ts';
import { type Bucket, readBucket, tickedBuckets, weekendsOf } from './buckets.ts';
import { Figure } from './Figure.tsx';
import { Legend, type LegendMark } from './Legend.tsx';
import { type SeenPoint, toSeenPoints } from './line-points.ts';
import { type Drawing, Plot } from './Plot.tsx';
import type { PictureProps } from './props.ts';

/** A line picture. */
export function Line({ report, answer, onOpen, isSmall = false }: PictureProps) {
  const { names, words, language } = useSpoken();
  const writing = useMemo(() => openWriting(language), [language]);
  const search = useSearch();
  const setSearch = useSetSearch();
  const picture = report.picture as Extract<Report['picture'], { kind: 'line' }>;
  const measures = picture.values.map((name) => columnOf(report, name)).filter((column) => column !== undefined);
  const column = measures.find(({ name }) => name === search.measure) ?? measures[0];
  const points = useMemo(
    () => (column ? toSeenPoints(report, answer, picture.along, column) : []),
    [report, answer, picture.along, column],
  );
  const cell = useCallback(
    (value: number | undefined) =>
      value === undefined || !column ? words.noneLike : withUnit(writing.cell(column, value, ''), column),
    [column, writing, words],
  );
  const drawing = useMemo(
    () => (column ? toDrawing(points, column, { writing, hours: words.hours }) : undefined),
    [points, column, writing, words],
  );
  const values = useMemo(
    () => ({
      heads: [words.range, column ? labelOf(column, names) : '', ...(drawing?.before ? [words.before] : [])],
      rows: toRows(points, column).map(({ label, value, before }) => [
        toName(label, writing, words.week),
        cell(value),
        ...(drawing?.before ? [cell(before)] : []),
      ]),
    }),
    [points, column, drawing, writing, words, names, cell],
  );
  if (!column || !drawing) return null;
  const label = labelOf(column, names);
  const isOpenable = onOpen !== undefined && hasRows(report, column);
  const canOpen = ({ value }: SeenPoint) => isOpenable && value !== undefined && value > 0;
  const stateWord = ({ state }: SeenPoint) =>
    state === 'running' ? words.running : state === 'part' ? words.partOfBucket : undefined;
  const say = (index: number) => {
    const point = points[index];
    if (!point) return '';
    const was = point.before.value === undefined ? undefined : words.previously(cell(point.before.value));
    return [toName(point.label, writing, words.week), stateWord(point), `${label} ${cell(point.value)}`, was]
      .filter(Boolean)
      .join(', ');
  };
  const has = (state: SeenPoint['state']) => points.some((point) => point.state === state);
  const legend: [LegendMark, string][] = [
    ['now', label],
    ...(drawing.before && answer.comparison
      ? [['before', toBeforeWord(answer, words.before, writing)] as [LegendMark, string]]
      : []),
    ...(has('running') ? [['running', words.running] as [LegendMark, string]] : []),
    ...(has('part') && !has('running') ? [['running', words.partOfBucket] as [LegendMark, string]] : []),
    ...(drawing.weekends.length > 0 ? [['weekend', words.weekend] as [LegendMark, string]] : []),
  ];
  return (
    <Figure name={`${questionOf(report, names)} ${label}`} values={values}>
      <div className="plot-head">
        {measures.length > 1 && (
          <SegmentedControl
            size="xs"
            className="plot-choice"
            aria-label={words.figure}
            data={measures.map((one) => ({ value: one.name, label: labelOf(one, names) }))}
            value={column.name}
            onChange={(measure) => setSearch({ measure }, { replace: true })}
          />
        )}
        <Legend items={legend} />
      </div>
      <Plot
        name={`${questionOf(report, names)} ${label}`}
        drawing={drawing}
        isSmall={isSmall}
        say={say}
        open={
          isOpenable
            ? (index) => {
                const point = points[index];
                if (point && canOpen(point)) onOpen(point.seen.row, column);
              }
            : undefined
        }
        tip={(index) => {
          const point = points[index];
          if (!point) return null;
          const base = baseOf(column, point.seen.row);
          return (
            <>
              <div className="tip-head">{toName(point.label, writing, words.week)}</div>
              {stateWord(point) && <div className="dimmed">{stateWord(point)}</div>}
              <div className="tip-row">
                <span className="mark-sample" data-mark="now" />
                <b>{cell(point.value)}</b>
                <span className="dimmed">
                  {base !== undefined && point.value !== undefined
                    ? `${words.ofCount(writing.number(base))}${base < thinBelow ? `, ${words.thin(writing.number(base))}` : ''}`
                    : label}
                </span>
              </div>
              {point.before.value !== undefined && (
                <div className="tip-row">
                  <span className="mark-sample" data-mark="before" />
                  <b>{cell(point.before.value)}</b>
                  <span className="dimmed">
                    {point.beforeLabel ? toName(point.beforeLabel, writing, words.week) : words.before}
                  </span>
                </div>
              )}
              {point.value !== undefined && <Change column={column} seen={point.seen} zone="" />}
              {canOpen(point) && <div className="tip-hint">{words.clickForCalls}</div>}
            </>
          );
        }}
      />
    </Figure>
  );
}

const withUnit = (text: string, { unit }: Column) => (unit === 'percent' ? `${text} %` : text);

/** What the other window was, by its dates. */
function toBeforeWord({ comparison, about }: PictureProps['answer'], word: string, writing: Writing): string {
  if (!comparison) return word;
  const { from, to, whole } = comparison.window;
  const dateOf = (iso: string, less = 0) => dateIn(about.timezone, Date.parse(iso) - less);
  return `${word}: ${writing.span(dateOf(from), dateOf(whole?.to ?? to, 1))}`;
}

// From ten hours on, minutes and seconds are nothing but zeros.
const manyHours = 36_000;

function toDrawing(
  points: readonly SeenPoint[],
  column: Column,
  { writing, hours }: { writing: Writing; hours: string },
): Drawing {
  const before = points.map((point) => point.before);
  const amounts = [...points, ...before].flatMap(({ value }) => (value === undefined ? [] : [value]));
  const isWhole = column.unit !== 'percent' && !column.digits && !column.ratio;
  const axis = toAxis(amounts, { unit: column.unit, isWhole });
  const buckets = points.flatMap(({ bucket }) => (bucket ? [bucket] : []));
  return {
    points,
    before: before.some(({ value }) => value !== undefined) ? before : undefined,
    axis,
    sayTick: (value) => {
      if (column.unit !== 'seconds') return withUnit(writing.number(value, 2), column);
      return axis.to >= manyHours ? `${writing.number(value / 3600)} ${hours}` : writing.seconds(value);
    },
    weekends: weekendsOf(buckets),
    wordsBelow: (pxEach) => (buckets.length > 0 ? datesBelow(buckets, pxEach, writing) : labelsBelow(points, pxEach)),
  };
}

function datesBelow(buckets: readonly Bucket[], pxEach: number, writing: Writing) {
  const toWord = ({ unit, date, hour }: Bucket) =>
    unit === 'week'
      ? writing.date(date)
      : hour > 0
        ? `${String(hour).padStart(2, '0')}:00`
        : `${writing.weekday(weekdayOf(date))} ${writing.date(date)}`;
  const room = Math.max(...buckets.slice(0, 60).map((bucket) => widthOf(toWord(bucket)))) + 10;
  return tickedBuckets(buckets, pxEach, room).map((index) => ({ index, text: toWord(buckets[index]!) }));
}

const longestLabel = 18;

function labelsBelow(points: readonly SeenPoint[], pxEach: number) {
  const texts = points.map(({ label }) =>
    label.length > longestLabel ? `${label.slice(0, longestLabel - 1)}…` : label,
  );
  const step = Math.ceil((Math.max(...texts.map(widthOf), 1) + 10) / Math.max(pxEach, 0.1));
  return texts.flatMap((text, index) => (index % step === 0 ? [{ index, text }] : []));
}

function toName(label: string, writing: Writing, week: (span: string) => string): string {
  const bucket = readBucket(label);
  if (!bucket) return label;
  if (bucket.unit === 'week') return week(writing.span(bucket.date, addDays(bucket.date, 6)));
  const date = writing.date(bucket.date, 'long');
  return bucket.unit === 'day' ? date : `${date}, ${String(bucket.hour).padStart(2, '0')}:00`;
}

interface TableRow {
  label: string;
  value: number | undefined;
  before: number | undefined;
}

const mostHours = 200;

/** The rows of the table: of very many hours, their days. */
function toRows(points: readonly SeenPoint[], column: Column | undefined): TableRow[] {
  const rows = points.map(({ label, value, before }) => ({ label, value, before: before.value }));
  if (points.length <= mostHours || points[0]?.bucket?.unit !== 'hour' || !column || !isCount(column)) return rows;
  const days = new Map<string, TableRow>();
  for (const [index, { value, before }] of rows.entries()) {
    const label = points[index]!.bucket!.date;
    const day = days.get(label) ?? { label, value: undefined, before: undefined };
    days.set(label, { label, value: plus(day.value, value), before: plus(day.before, before) });
  }
  return [...days.values()];
}

const plus = (sum: number | undefined, value: number | undefined) => (value === undefined ? sum : (sum ?? 0) + value);
