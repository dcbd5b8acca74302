/** How a rate went, day by day, small enough for a cell: the line from zero, the last day marked, each day by pointer or keys. */
import { memo, useMemo, useRef } from 'react';
import type { Row } from '../api/types.ts';
import { figureOf, thinBelow } from '../table/rows.ts';
import { useSpoken } from '../words/spoken.tsx';
import { openWriting } from '../words/writing.ts';
import { toPath } from './axes.ts';
import { nearest, readBucket, toPieces } from './buckets.ts';
import { Hand } from './Hand.tsx';
import { Tip, useLookedAt } from './Tip.tsx';

interface SparkProps {
  /** A row for each day that has one; days without one are gaps. */
  rows: readonly Row[];
  /** The columns: the day, the rate in percent, and what it is a rate of. */
  along: string;
  value: string;
  of: string;
  /** Whose rate it is, and which. */
  name: string;
  /** The highest rate of all that stand below each other, so that they can be compared; its own without it. */
  most?: number | undefined;
  /** The first and last day of them all, so that their days stand below each other; its own without them. */
  span?: { from: string; to: string } | undefined;
}

interface Day {
  date: string;
  number: number;
  value: number | undefined;
  count: number;
  state: 'whole';
}

const [width, height, edge] = [112, 26, 3];

/** A line of days. */
export const Spark = memo(function Spark({ rows, along, value, of, name, most, span }: SparkProps) {
  const { words, language } = useSpoken();
  const writing = useMemo(() => openWriting(language), [language]);
  const ref = useRef<HTMLSpanElement>(null);
  const { at, look, leave } = useLookedAt<number>(ref);
  const days = useMemo(() => rows.flatMap((row) => toDay(row, { along, value, of })), [rows, along, value, of]);
  const known = days.filter((day) => day.value !== undefined);
  const [first, last] = [known[0], known.at(-1)];
  if (!first || !last) return <span className="spark dimmed">{words.noneLike}</span>;
  const [start, end] = [numberOf(span?.from) ?? first.number, numberOf(span?.to) ?? last.number];
  const highest = Math.max(most ?? 0, ...known.map((day) => day.value ?? 0)) || 1;
  const x = (number: number) => edge + ((number - start) / Math.max(1, end - start)) * (width - 2 * edge);
  const y = (rate: number) => height - edge - (rate / highest) * (height - 2 * edge);
  const pieces = toPieces(joinedOverWeekends(days));
  const wayOf = (run: readonly number[]) =>
    toPath(run.map((index) => [x(days[index]!.number), y(days[index]!.value ?? 0)]));
  const say = (index: number) => {
    const day = days[index];
    if (!day) return '';
    const rate = day.value === undefined ? words.noneLike : writing.percent(day.value);
    const thin = day.count < thinBelow ? `, ${words.thin(writing.number(day.count))}` : '';
    return `${writing.date(day.date, 'long')}: ${rate} ${words.ofCount(writing.number(day.count))}${thin}`;
  };
  const seen = at === undefined ? undefined : days[at];
  return (
    <span className="spark" ref={ref}>
      <svg width={width} height={height} aria-hidden="true">
        <line className="grid" x1={edge} x2={width - edge} y1={height - edge + 0.5} y2={height - edge + 0.5} />
        {[...pieces.solid, ...pieces.dashed].map((run) => (
          <path key={run[0]} className="line" d={wayOf(run)} />
        ))}
        {pieces.lone.map((index) => (
          <circle key={index} className="dot" cx={x(days[index]!.number)} cy={y(days[index]!.value ?? 0)} r={1.5} />
        ))}
        <circle className="dot" data-state="whole" cx={x(last.number)} cy={y(last.value ?? 0)} r={2.5} />
      </svg>
      {seen && <span className="at" data-mark="now" style={{ left: x(seen.number), top: y(seen.value ?? 0) }} />}
      <Hand
        name={name}
        count={days.length}
        at={at}
        first={days.length - 1}
        say={say}
        indexAt={(px) => nearest(days, start + ((px - edge) / (width - 2 * edge)) * Math.max(1, end - start))}
        look={look}
        leave={leave}
        open={undefined}
      />
      {at !== undefined && seen && <Tip place={{ x: x(seen.number), y: height + 16 }}>{say(at)}</Tip>}
    </span>
  );
});

const numberOf = (date: string | undefined) => (date === undefined ? undefined : readBucket(date)?.number);

function toDay(row: Row, { along, value, of }: { along: string; value: string; of: string }): Day[] {
  const date = String(row[along]);
  const number = numberOf(date);
  if (number === undefined) return [];
  const count = figureOf(row, of) ?? 0;
  return [{ date, number, count, value: count > 0 ? figureOf(row, value) : undefined, state: 'whole' }];
}

/** Nobody dials on some weekends: days up to two apart are joined, and a longer rest is a gap. */
function joinedOverWeekends(days: readonly Day[]): Day[] {
  let less = 0;
  return days.map((day, index) => {
    const apart = day.number - (days[index - 1]?.number ?? day.number - 1);
    if (apart > 1 && apart <= 3) less += apart - 1;
    return { ...day, number: day.number - less };
  });
}
