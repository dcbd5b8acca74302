/** A rate along instants with its limit: where it was above, the line is red, and a word says how often. */
import { useElementSize } from '@mantine/hooks';
import { scaleLinear } from 'd3-scale';
import { line } from 'd3-shape';
import type { Row } from '../api/types.ts';
import { figureOf } from '../table/rows.ts';
import { useSpoken } from '../words/spoken.tsx';
import { openWriting } from '../words/writing.ts';
import { Figure } from './Figure.tsx';
import { Tip, useLookedAt } from './Tip.tsx';

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

const margin = { top: 12, right: 12, bottom: 26, left: 52 };
const height = 220;

/** The line. */
export function RateLine({ rows, along, value, of, limit, zone, name }: RateLineProps) {
  const { words, language } = useSpoken();
  const writing = openWriting(language);
  const { ref, width } = useElementSize();
  const { at, look, leave } = useLookedAt<number>();
  const points = rows.map((row) => ({
    at: String(row[along]),
    rate: figureOf(row, value) ?? 0,
    count: figureOf(row, of) ?? 0,
  }));
  const inner = { width: Math.max(0, width - margin.left - margin.right), height: height - margin.top - margin.bottom };
  const x = scaleLinear([0, Math.max(1, points.length - 1)], [0, inner.width]);
  const y = scaleLinear([0, Math.max(limit * 1.5, ...points.map(({ rate }) => rate), 0.1)], [inner.height, 0]).nice(4);
  const path = line<{ rate: number; count: number }>(
    (_, index) => x(index),
    ({ rate }) => y(rate),
  ).defined(({ count }) => count > 0);
  const seen = at === undefined ? undefined : points[at];
  const step = Math.max(1, Math.ceil(points.length / Math.max(1, inner.width / 90)));
  const say = (point: { rate: number; count: number }) =>
    point.count > 0
      ? `${writing.percent(point.rate, 2)} ${words.ofCount(writing.number(point.count))}`
      : words.noneLike;
  return (
    <Figure
      name={name}
      values={{
        heads: [words.range, name],
        rows: points.map((point) => [writing.instant(point.at, zone), say(point)]),
      }}
    >
      <div ref={ref} className="plot" style={{ height }}>
        {width > 0 && points.length > 0 && (
          <svg
            width={width}
            height={height}
            // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys go from point to point, as the pointer does.
            tabIndex={0}
            role="img"
            aria-label={name}
            onKeyDown={(event) => {
              const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
              if (by === undefined) return;
              event.preventDefault();
              event.stopPropagation();
              look(Math.min(points.length - 1, Math.max(0, (at ?? (by > 0 ? -1 : points.length)) + by)));
            }}
            onBlur={leave}
            onPointerMove={({ nativeEvent }) =>
              look(Math.round(Math.min(points.length - 1, Math.max(0, x.invert(nativeEvent.offsetX - margin.left)))))
            }
            onPointerLeave={leave}
          >
            <g transform={`translate(${margin.left},${margin.top})`}>
              {y.ticks(4).map((tick) => (
                <g key={tick} transform={`translate(0,${y(tick)})`}>
                  <line className="grid" x2={inner.width} />
                  <text className="axis" x={-8} dy="0.32em" textAnchor="end">
                    {writing.number(tick, 2)} %
                  </text>
                </g>
              ))}
              {points.map((point, index) =>
                index % step === 0 ? (
                  <text
                    key={point.at}
                    className="axis"
                    x={x(index)}
                    y={inner.height + 18}
                    textAnchor={index === 0 ? 'start' : 'middle'}
                  >
                    {writing.instant(point.at, zone).replace(/:\d\d$/, '')}
                  </text>
                ) : null,
              )}
              <rect className="over" width={inner.width} height={Math.max(0, y(limit))} />
              <line className="limit" x2={inner.width} y1={y(limit)} y2={y(limit)} />
              <text className="axis limit-word" x={inner.width} y={y(limit) - 5} textAnchor="end">
                {words.limit} {writing.percent(limit, limit % 1 === 0 ? 0 : 2)}
              </text>
              <path className="line" d={path(points) ?? ''} />
              {seen && at !== undefined && <line className="cursor" x1={x(at)} x2={x(at)} y2={inner.height} />}
            </g>
          </svg>
        )}
        {seen && at !== undefined && (
          <Tip place={{ x: margin.left + x(at), y: margin.top + y(seen.rate) }} width={width}>
            <strong>{writing.instant(seen.at, zone)}</strong>
            <div>{say(seen)}</div>
          </Tip>
        )}
      </div>
    </Figure>
  );
}
