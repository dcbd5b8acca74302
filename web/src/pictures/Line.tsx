/** How a figure goes along time: one line, the other window's beside it, weekends marked, the running bucket dashed. */
import { SegmentedControl } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { scaleLinear } from 'd3-scale';
import { line } from 'd3-shape';
import { useMemo } from 'react';
import type { Column, Report, Row } from '../api/types.ts';
import { weekdayOf } from '../question/dates.ts';
import { useSearch, useSetSearch } from '../shell/address.ts';
import { columnOf, figureOf, seenRows } from '../table/rows.ts';
import { useSpoken } from '../words/spoken.tsx';
import { labelOf } from '../words/titles.ts';
import { openWriting, type Writing } from '../words/writing.ts';
import { Figure } from './Figure.tsx';
import type { PictureProps } from './kinds.tsx';
import { Tip, useLookedAt } from './Tip.tsx';

interface Point {
  label: string;
  row: Row;
  value: number;
  before: number | undefined;
  beforeLabel: string | undefined;
  isRunning: boolean;
}

const margin = { top: 12, right: 12, bottom: 26, left: 52 };

/** A line picture. */
export function Line({ report, answer, onOpen, isSmall = false }: PictureProps) {
  const { names, words, language } = useSpoken();
  const writing = openWriting(language);
  const { ref, width } = useElementSize();
  const search = useSearch();
  const setSearch = useSetSearch();
  const { at, look, leave } = useLookedAt<number>();
  const picture = report.picture as Extract<Report['picture'], { kind: 'line' }>;
  const measures = picture.values.map((name) => columnOf(report, name)).filter((column) => column !== undefined);
  const column = measures.find(({ name }) => name === search.measure) ?? measures[0];
  const points = useMemo(
    () => (column ? toPoints(report, answer, picture.along, column) : []),
    [report, answer, picture.along, column],
  );
  if (!column) return null;
  const height = isSmall ? 200 : 280;
  const inner = { width: Math.max(0, width - margin.left - margin.right), height: height - margin.top - margin.bottom };
  const x = scaleLinear([0, Math.max(1, points.length - 1)], [0, inner.width]);
  const y = scaleLinear(
    [0, Math.max(1, ...points.flatMap(({ value, before }) => [value, before ?? 0]))],
    [inner.height, 0],
  ).nice(4);
  const toLine = line<[number, number]>();
  const finished = points.map(({ value }, index): [number, number] => [x(index), y(value)]);
  const running = points.findIndex(({ isRunning }, index) => isRunning && index === points.length - 1);
  const solid = running > 0 ? finished.slice(0, running) : finished;
  const dashed = running > 0 ? finished.slice(running - 1) : [];
  const before = points.flatMap(({ before: value }, index): [number, number][] =>
    value === undefined ? [] : [[x(index), y(value)]],
  );
  const hasBefore = before.length > 0;
  const seen = at === undefined ? undefined : points[at];
  const step = Math.max(1, Math.ceil(points.length / Math.max(1, inner.width / 76)));
  const cell = (value: number) => writing.cell(column, value, answer.about.timezone);
  const move = (by: number) =>
    look(Math.min(points.length - 1, Math.max(0, (at ?? (by > 0 ? -1 : points.length)) + by)));

  return (
    <div>
      {measures.length > 1 && (
        <SegmentedControl
          size="xs"
          mb="xs"
          aria-label={words.picture}
          data={measures.map((one) => ({ value: one.name, label: labelOf(one, names) }))}
          value={column.name}
          onChange={(measure) => setSearch({ measure }, { replace: true })}
        />
      )}
      <Figure
        name={`${report.title}: ${labelOf(column, names)}`}
        values={{
          heads: [words.range, labelOf(column, names), words.compare],
          rows: points.map(({ label, value, before: was }) => [
            label,
            cell(value),
            was === undefined ? words.noneLike : cell(was),
          ]),
        }}
      >
        <div ref={ref} className="plot" style={{ height }}>
          {width > 0 && (
            <svg
              width={width}
              height={height}
              // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys go from point to point, as the pointer does.
              tabIndex={0}
              role="img"
              aria-label={labelOf(column, names)}
              onKeyDown={(event) => {
                if (event.key === 'ArrowRight' || event.key === 'ArrowLeft') {
                  event.preventDefault();
                  event.stopPropagation();
                  move(event.key === 'ArrowRight' ? 1 : -1);
                } else if (event.key === 'Enter' && seen && onOpen && seen.value > 0) onOpen(seen.row, column);
              }}
              onBlur={leave}
              onPointerMove={({ nativeEvent }) =>
                look(Math.round(Math.min(points.length - 1, Math.max(0, x.invert(nativeEvent.offsetX - margin.left)))))
              }
              onPointerLeave={leave}
              onClick={() => seen && onOpen && seen.value > 0 && onOpen(seen.row, column)}
            >
              <g transform={`translate(${margin.left},${margin.top})`}>
                {points.map(({ label }, index) =>
                  isWeekend(label) ? (
                    <rect
                      key={label}
                      className="weekend"
                      x={x(index) - x(1) / 2}
                      width={x(1) - x(0)}
                      y={0}
                      height={inner.height}
                    />
                  ) : null,
                )}
                {y.ticks(4).map((tick) => (
                  <g key={tick} transform={`translate(0,${y(tick)})`}>
                    <line className="grid" x2={inner.width} />
                    <text className="axis" x={-8} dy="0.32em" textAnchor="end">
                      {column.unit === 'seconds' ? writing.seconds(tick) : writing.number(tick, 1)}
                    </text>
                  </g>
                ))}
                {points.map(({ label }, index) =>
                  index % step === 0 ? (
                    <text
                      key={label}
                      className="axis"
                      x={x(index)}
                      y={inner.height + 18}
                      textAnchor={index === 0 ? 'start' : 'middle'}
                    >
                      {toTick(label, writing)}
                    </text>
                  ) : null,
                )}
                {hasBefore && <path className="line before" d={toLine(before) ?? ''} />}
                <path className="line" d={toLine(solid) ?? ''} />
                {dashed.length > 0 && <path className="line running" d={toLine(dashed) ?? ''} />}
                {points.length <= 40 &&
                  points.map(({ label, value, isRunning }, index) => (
                    <circle
                      key={label}
                      className="dot"
                      data-running={isRunning || undefined}
                      cx={x(index)}
                      cy={y(value)}
                      r={at === index ? 4.5 : 2.5}
                    />
                  ))}
                {seen && at !== undefined && <line className="cursor" x1={x(at)} x2={x(at)} y2={inner.height} />}
              </g>
            </svg>
          )}
          {seen && at !== undefined && (
            <Tip place={{ x: margin.left + x(at), y: margin.top + y(seen.value) }} width={width}>
              <strong>{toName(seen.label, writing)}</strong>
              <div>
                <span className="key" data-key="now" /> {cell(seen.value)}{' '}
                {seen.isRunning && <em>({words.running})</em>}
              </div>
              {seen.before !== undefined && (
                <div>
                  <span className="key" data-key="before" /> {cell(seen.before)}{' '}
                  {seen.beforeLabel && toName(seen.beforeLabel, writing)}
                </div>
              )}
            </Tip>
          )}
        </div>
      </Figure>
    </div>
  );
}

function toPoints(report: Report, answer: PictureProps['answer'], along: string, column: Column): Point[] {
  const incomplete = new Set(answer.about.incomplete_buckets);
  const { has_ended } = answer.about;
  const rows = seenRows(report, answer).filter(({ isGone }) => !isGone);
  return rows.map(({ row, before }, index) => ({
    label: String(row[along]),
    row,
    value: figureOf(row, column.name) ?? 0,
    before: before ? figureOf(before.previous, column.name) : undefined,
    beforeLabel: before?.previous[along] === undefined ? undefined : String(before.previous[along]),
    isRunning: !has_ended && index === rows.length - 1 && incomplete.has(String(row[along])),
  }));
}

/** The date of a bucket; undefined of a week, whose label has none. */
const dateOf = (label: string): string | undefined => /^\d{4}-\d\d-\d\d/.exec(label)?.[0];
const hourOf = (label: string): string | undefined => /^\S+ (\d\d):/.exec(label)?.[1];

function isWeekend(label: string): boolean {
  const date = dateOf(label);
  return date !== undefined && hourOf(label) === undefined && [0, 6].includes(weekdayOf(date));
}

function toTick(label: string, writing: Writing): string {
  const [date, hour] = [dateOf(label), hourOf(label)];
  if (date === undefined) return label.replace(/^\d{4}-/, '');
  if (hour !== undefined && hour !== '00') return `${hour}:00`;
  return `${writing.weekday(weekdayOf(date))} ${writing.date(date)}`;
}

function toName(label: string, writing: Writing): string {
  const [date, hour] = [dateOf(label), hourOf(label)];
  if (date === undefined) return label;
  return `${writing.date(date, 'long')}${hour === undefined ? '' : ` ${hour}:00`}`;
}
