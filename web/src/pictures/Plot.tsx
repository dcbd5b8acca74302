/** Lines along an axis, drawn once; what follows the pointer lies above them, so that looking around draws nothing anew. */
import { memo, type ReactNode, useId, useMemo } from 'react';
import { type Axis, placeWords, toPath, type Word, widthOf } from './axes.ts';
import { type Box, useBox } from './box.ts';
import { type Band, type LinePoint, nearest, toPieces } from './buckets.ts';
import { Hand } from './Hand.tsx';
import { Tip, useLookedAt } from './Tip.tsx';

/** What is drawn. */
export interface Drawing {
  points: readonly LinePoint[];
  /** The other window's line, at the same places. */
  before?: readonly LinePoint[] | undefined;
  axis: Axis;
  /** A value of the axis in words. */
  sayTick(value: number): string;
  /** The words below, for so many pixels between two points that are neighbours. */
  wordsBelow(pxEach: number): { index: number; text: string }[];
  weekends: readonly Band[];
  limit?: { value: number; text: string } | undefined;
}

interface PlotProps {
  name: string;
  drawing: Drawing;
  say(index: number): string;
  tip(index: number): ReactNode;
  open: ((index: number) => void) | undefined;
  isSmall?: boolean;
}

/** A plot. */
export function Plot({ name, drawing, say, tip, open, isSmall = false }: PlotProps) {
  const { ref, box } = useBox<HTMLDivElement>();
  const { at, look, leave } = useLookedAt<number>(ref);
  const scales = useMemo(() => (box ? toScales(drawing, box) : undefined), [drawing, box]);
  const { points } = drawing;
  const seen = at === undefined ? undefined : points[at];
  return (
    <div ref={ref} className="plot" data-small={isSmall || undefined}>
      {box && scales && points.length > 0 && (
        <>
          <Drawn name={name} drawing={drawing} box={box} scales={scales} />
          {at !== undefined && seen && (
            <>
              <span
                className="cursor"
                style={{ left: scales.x(seen.number), top: scales.top, height: scales.bottom - scales.top }}
              />
              {drawing.before && <At point={drawing.before[at]} mark="before" scales={scales} />}
              <At point={seen} mark="now" scales={scales} />
            </>
          )}
          <Hand
            name={name}
            count={points.length}
            at={at}
            first={points.length - 1}
            say={say}
            indexAt={(x) => nearest(points, scales.numberAt(x))}
            look={look}
            leave={leave}
            open={open}
          />
          {at !== undefined && seen && (
            <Tip place={{ x: scales.x(seen.number), y: scales.y(seen.value ?? drawing.axis.to) }}>{tip(at)}</Tip>
          )}
        </>
      )}
    </div>
  );
}

const At = ({ point, mark, scales }: { point: LinePoint | undefined; mark: 'now' | 'before'; scales: Scales }) =>
  point?.value === undefined ? null : (
    <span className="at" data-mark={mark} style={{ left: scales.x(point.number), top: scales.y(point.value) }} />
  );

interface Scales {
  x(number: number): number;
  numberAt(x: number): number;
  y(value: number): number;
  left: number;
  right: number;
  top: number;
  bottom: number;
  pxEach: number;
}

const margin = { top: 14, right: 8, bottom: 26 };

function toScales({ points, axis, sayTick }: Drawing, { width, height }: Box): Scales {
  const left = Math.ceil(Math.max(...axis.ticks.map((tick) => widthOf(sayTick(tick))))) + 12;
  const [right, top, bottom] = [Math.max(left + 1, width - margin.right), margin.top, height - margin.bottom];
  const [first, last] = [points[0]?.number ?? 0, points.at(-1)?.number ?? 0];
  // Each point has its stretch of the axis, so that the first and the last stand within theirs.
  const room = Math.min((right - left) / (last - first + 1) / 2, 40);
  const pxEach = last > first ? (right - left - 2 * room) / (last - first) : 0;
  const from = last > first ? left + room : (left + right) / 2;
  return {
    x: (number) => from + (number - first) * pxEach,
    numberAt: (x) => (pxEach > 0 ? first + (x - from) / pxEach : first),
    y: (value) => bottom - ((value - axis.from) / (axis.to - axis.from)) * (bottom - top),
    left,
    right,
    top,
    bottom,
    pxEach: pxEach || right - left,
  };
}

interface DrawnProps {
  name: string;
  drawing: Drawing;
  box: Box;
  scales: Scales;
}

// Nearer to each other than this, dots are one line.
const dotsFromPx = 13;
// Nearer than this, a thick line is a blot.
const densePx = 3;

/** What stays as it is while somebody looks around. */
const Drawn = memo(function Drawn({ name, drawing, box, scales }: DrawnProps) {
  const { points, before, axis, limit, weekends } = drawing;
  const { x, y, left, right, top, bottom, pxEach } = scales;
  const clip = useId();
  const pieces = toPieces(points);
  const wayOf = (of: readonly LinePoint[], run: readonly number[]) =>
    toPath(run.map((index) => [x(of[index]!.number), y(of[index]!.value ?? 0)]));
  const areaOf = (run: readonly number[]) => {
    const [first, last] = [points[run[0]!]!, points[run.at(-1)!]!];
    return `${wayOf(points, run)}L${x(last.number)},${y(0)}L${x(first.number)},${y(0)}Z`;
  };
  const old = before && toPieces(before);
  const words = drawing
    .wordsBelow(pxEach)
    .map(({ index, text }): Word => ({ x: x(points[index]!.number) - left, text }));
  const hasDots = pxEach >= dotsFromPx;
  const dots = points
    .flatMap((_, index) => (hasDots ? [index] : []))
    .filter((index) => points[index]?.value !== undefined);
  const isAbove = ({ value }: LinePoint) => limit !== undefined && value !== undefined && value > limit.value;
  const above = limit ? points.flatMap((point, index) => (isAbove(point) ? [index] : [])) : [];
  return (
    <svg width={box.width} height={box.height} role="img" aria-label={name} data-dense={pxEach < densePx || undefined}>
      {weekends.map(({ from, to }) => {
        const [start, end] = [Math.max(left, x(from)), Math.min(right, x(to))];
        return (
          <rect
            key={from}
            className="weekend"
            x={start}
            width={Math.max(0, end - start)}
            y={top}
            height={Math.max(0, bottom - top)}
          />
        );
      })}
      {axis.ticks.map((tick) => (
        <g key={tick} transform={`translate(0,${y(tick)})`}>
          <line className="grid" data-zero={tick === 0 || undefined} x1={left} x2={right} />
          <text className="axis" x={left - 8} dy="0.32em" textAnchor="end">
            {drawing.sayTick(tick)}
          </text>
        </g>
      ))}
      {placeWords(words, right - left, { before: left, after: box.width - right }).map((word) => (
        <text key={word.x} className="axis" x={left + word.x} y={bottom + 18} textAnchor={word.anchor}>
          {word.text}
        </text>
      ))}
      {limit && (
        <>
          <clipPath id={clip}>
            <rect x={0} y={0} width={box.width} height={Math.max(0, y(limit.value))} />
          </clipPath>
          <rect className="over" x={left} y={top} width={right - left} height={Math.max(0, y(limit.value) - top)} />
          <line className="limit" x1={left} x2={right} y1={y(limit.value)} y2={y(limit.value)} />
          <text className="axis limit-word" x={right} y={y(limit.value) - 6} textAnchor="end">
            {limit.text}
          </text>
        </>
      )}
      {old && before && (
        <g className="before">
          {old.solid.map((run) => (
            <path key={run[0]} className="line" d={wayOf(before, run)} />
          ))}
          {old.dashed.map((run) => (
            <path key={run[0]} className="line running" d={wayOf(before, run)} />
          ))}
          {old.lone.map((index) => (
            <circle key={index} cx={x(before[index]!.number)} cy={y(before[index]!.value ?? 0)} r={2} />
          ))}
        </g>
      )}
      {pieces.solid.map((run) => (
        <path key={run[0]} className="area" d={areaOf(run)} />
      ))}
      {pieces.solid.map((run) => (
        <path key={run[0]} className="line" d={wayOf(points, run)} />
      ))}
      {above.length > 0 &&
        pieces.solid.map((run) => (
          <path key={run[0]} className="line above" clipPath={`url(#${clip})`} d={wayOf(points, run)} />
        ))}
      {pieces.dashed.map((run) => (
        <path key={run[0]} className="line running" d={wayOf(points, run)} />
      ))}
      {[...dots, ...(hasDots ? [] : pieces.lone)].map((index) => (
        <circle
          key={index}
          className="dot"
          data-state={points[index]!.state}
          cx={x(points[index]!.number)}
          cy={y(points[index]!.value ?? 0)}
          r={3}
        />
      ))}
      {above.length > 0 && (
        <path
          className="above-mark"
          d={above.map((index) => `M${x(points[index]!.number)},${bottom}v-7`).join('')}
          strokeWidth={Math.max(2, Math.min(pxEach, 8))}
        />
      )}
    </svg>
  );
});
