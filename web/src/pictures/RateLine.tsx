/** A rate along instants with its limit: what was above is red and has marks at the foot, and words say how often. */
import { useCallback, useMemo } from 'react';
import type { Row } from '../api/types.ts';
import { dateIn, weekdayOf } from '../question/dates.ts';
import { figureOf } from '../table/rows.ts';
import { useSpoken } from '../words/spoken.tsx';
import { openWriting } from '../words/writing.ts';
import { toAxis, widthOf } from './axes.ts';
import type { LinePoint } from './buckets.ts';
import { Figure } from './Figure.tsx';
import { Legend } from './Legend.tsx';
import { type Drawing, Plot } from './Plot.tsx';

interface RateLineProps {
  rows: readonly Row[];
  along: string;
  value: string;
  /** What the rate is of. */
  of: string;
  limit: number;
  zone: string;
  name: string;
}

interface RatePoint extends LinePoint {
  at: string;
  date: string;
  count: number;
}

/** The line. */
export function RateLine({ rows, along, value, of, limit, zone, name }: RateLineProps) {
  const { words, language } = useSpoken();
  const writing = useMemo(() => openWriting(language), [language]);
  const points = useMemo(
    () => rows.map((row, number) => toPoint(row, { number, along, value, of, zone })),
    [rows, along, value, of, zone],
  );
  const say = useCallback(
    ({ value: rate, count }: RatePoint) =>
      rate === undefined ? words.noneLike : `${writing.percent(rate, 2)} ${words.ofCount(writing.number(count))}`,
    [words, writing],
  );
  const drawing = useMemo((): Drawing => {
    const rates = points.flatMap(({ value: rate }) => (rate === undefined ? [] : [rate]));
    return {
      points,
      axis: toAxis([...rates, limit * 1.5, 0.1], { unit: 'percent', isWhole: false }),
      sayTick: (tick) => `${writing.number(tick, 2)} %`,
      weekends: [],
      limit: { value: limit, text: `${words.limit} ${writing.number(limit, 2)} %` },
      wordsBelow: (pxEach) => {
        const toWord = (date: string) => `${writing.weekday(weekdayOf(date))} ${writing.date(date)}`;
        const firsts = points.flatMap(({ date }, index) => (date === points[index - 1]?.date ? [] : [index]));
        // The first day of a line has begun before it.
        const days = firsts.length > 1 ? firsts.slice(1) : firsts;
        const gap = ((days.at(-1) ?? 0) - (days[0] ?? 0)) / Math.max(1, days.length - 1) || 1;
        const room = Math.max(...days.map((index) => widthOf(toWord(points[index]!.date))), 1) + 10;
        const step = Math.ceil(room / (gap * pxEach));
        return days
          .filter((_, index) => index % step === 0)
          .map((index) => ({ index, text: toWord(points[index]!.date) }));
      },
    };
  }, [points, limit, words, writing]);
  const values = useMemo(
    () => ({
      heads: [words.range, name],
      rows: points.map((point) => [writing.instant(point.at, zone), say(point)]),
    }),
    [points, words, writing, zone, name, say],
  );
  const above = points.filter(({ value: rate }) => rate !== undefined && rate > limit).length;
  return (
    <Figure name={name} values={values}>
      <div className="plot-head">
        <Legend
          items={[
            ['now', name],
            ['limit', `${words.limit} ${writing.number(limit, 2)} %`],
            ...(above > 0
              ? [['above', words.aboveTimes(writing.number(above), writing.number(points.length))] as const]
              : []),
          ]}
        />
      </div>
      <Plot
        name={name}
        drawing={drawing}
        say={(index) => {
          const point = points[index];
          return point ? `${writing.instant(point.at, zone)}, ${say(point)}` : '';
        }}
        open={undefined}
        tip={(index) => {
          const point = points[index];
          if (!point) return null;
          return (
            <>
              <div className="tip-head">{writing.instant(point.at, zone)}</div>
              <div className="tip-row">
                <b>{say(point)}</b>
              </div>
              {point.value !== undefined && point.value > limit && <div className="bad">▲ {words.aboveLimit}</div>}
            </>
          );
        }}
      />
    </Figure>
  );
}

function toPoint(
  row: Row,
  { number, along, value, of, zone }: { number: number; along: string; value: string; of: string; zone: string },
): RatePoint {
  const at = String(row[along]);
  const count = figureOf(row, of) ?? 0;
  return {
    number,
    at,
    date: dateIn(zone, Date.parse(at)),
    count,
    value: count > 0 ? figureOf(row, value) : undefined,
    state: 'whole',
  };
}
