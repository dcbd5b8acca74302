/** A rate for each hour of the week: a scale that one spike can't flatten, thin cells marked, the present hour outlined. */
import { memo, useMemo, useRef, useState } from 'react';
import type { Answer, Column, Report } from '../api/types.ts';
import { columnOf, figureOf, hasRows, rowsOf, thinBelow } from '../table/rows.ts';
import { type Spoken, useSpoken } from '../words/spoken.tsx';
import { labelOf, questionOf } from '../words/titles.ts';
import { openWriting, type Writing } from '../words/writing.ts';
import { widthOf } from './axes.ts';
import { useBox } from './box.ts';
import { Figure } from './Figure.tsx';
import type { PictureProps } from './props.ts';
import { Tip, useLookedAt } from './Tip.tsx';
import {
  busyPlaces,
  downOrder,
  presentHour,
  type Steps,
  stepCount,
  stepTo,
  type Total,
  toSteps,
  totalOf,
  type WeekCell,
} from './week.ts';

type GridPicture = Extract<Report['picture'], { kind: 'grid' }>;

/** A line or a column of the grid. */
interface Side {
  place: number;
  label: string;
  total: Total;
}

/** The grid as it is drawn. */
interface Drawn {
  value: Column;
  isRate: boolean;
  lines: Side[];
  columns: Side[];
  all: Total;
  cellAt(line: Side, column: Side): WeekCell | undefined;
  /** A pair of places in words. */
  nameOf(line: Side, column: Side): string;
  isPresent(line: Side, column: Side): boolean;
  steps: Steps;
}

/** A cell that is looked at: its places among lines and columns, and where it lies. */
interface Seen {
  line: number;
  column: number;
}

const headPx = { least: 38, most: 140 };
// From these widths on, a cell has room for its rate, and for what it is of.
const roomForRate = 21;
const roomForCount = 34;

/** A grid picture: days by the week of the language, hours from the first to the last with a dial, totals at the edges. */
export function Grid({ report, answer, onOpen, isSmall = false }: PictureProps) {
  const { names, words, language } = useSpoken();
  const writing = useMemo(() => openWriting(language), [language]);
  const { ref, box } = useBox<HTMLDivElement>();
  const { at, look, leave } = useLookedAt<Seen>(ref);
  const wasLookedAt = useRef(false);
  const [spoken, setSpoken] = useState('');
  const totalPx = isSmall ? 50 : 62;
  const least = isSmall ? roomForRate : roomForCount;
  const mostAcross = box ? Math.floor((box.width - headPx.least - totalPx) / least) : Number.POSITIVE_INFINITY;
  const grid = useMemo(() => toGrid(report, answer, writing, mostAcross), [report, answer, writing, mostAcross]);
  const say = useMemo(() => openSaying({ writing, words }), [writing, words]);
  const head = columnOf(report, (report.picture as GridPicture).down.column);
  const corner = head ? labelOf(head, names) : '';
  const values = useMemo(() => toValues(grid, { say, words, corner }), [grid, say, words, corner]);
  if (!grid) return null;
  const { lines, columns, value, steps, isRate } = grid;
  const name = `${questionOf(report, names)} ${labelOf(value, names)}`;
  const longest = Math.max(...lines.map(({ label }) => widthOf(label) + 10), widthOf(words.total) + 10);
  const sidePx = Math.min(headPx.most, Math.max(headPx.least, longest));
  const cellPx = box ? (box.width - sidePx - totalPx) / columns.length : 0;
  const room = !isRate || isSmall ? (cellPx >= roomForRate ? 'rate' : 'none') : roomOf(cellPx);
  const counted = columnOf(report, value.ratio?.of ?? value.name);
  const open = (seen: Seen) => {
    const cell = grid.cellAt(lines[seen.line]!, columns[seen.column]!);
    if (onOpen && counted && hasRows(report, counted) && cell && cell.count > 0) onOpen(cell.row, counted);
  };
  const lookAt = (seen: Seen | undefined) => {
    if (seen?.line !== at?.line || seen?.column !== at?.column) look(seen);
  };
  const placed = at && ref.current ? placeOf(ref.current, at) : undefined;
  const seenCell = at && grid.cellAt(lines[at.line]!, columns[at.column]!);
  const sayAt = ({ line, column }: Seen) => {
    const [one, other] = [lines[line]!, columns[column]!];
    return `${grid.nameOf(one, other)}: ${say.cell(value, isRate, grid.cellAt(one, other))}`;
  };
  const hasThin = isRate && lines.some((line) => columns.some((column) => isThin(grid.cellAt(line, column))));
  const hasPresent = lines.some((line) => columns.some((column) => grid.isPresent(line, column)));
  return (
    <Figure name={name} values={values}>
      <div className="heat" ref={ref}>
        {box && (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the button below goes by arrow keys, and opens by Enter.
          <div
            className="heat-cells"
            role="img"
            aria-label={name}
            data-room={room}
            style={{ gridTemplateColumns: `${sidePx}px repeat(${columns.length}, minmax(0, 1fr)) ${totalPx}px` }}
            onPointerMove={({ target, pointerType }) => pointerType === 'mouse' && lookAt(seenOf(target))}
            onPointerLeave={({ pointerType }) => pointerType === 'mouse' && leave()}
            onPointerDown={({ target, pointerType }) => {
              const seen = seenOf(target);
              wasLookedAt.current = pointerType === 'mouse' || (seen?.line === at?.line && seen?.column === at?.column);
              lookAt(seen);
            }}
            onClick={({ target }) => {
              const seen = seenOf(target);
              if (seen && wasLookedAt.current) open(seen);
            }}
          >
            <Cells
              grid={grid}
              writing={writing}
              total={words.total}
              room={room}
              footDigits={cellPx >= roomForCount ? 1 : 0}
              isSmall={isSmall}
            />
          </div>
        )}
        <button
          type="button"
          className="heat-hand"
          aria-label={`${name} ${words.byArrowKeys}`}
          style={placed}
          data-at={at !== undefined || undefined}
          onFocus={({ target }) => target.matches(':focus-visible') && lookAt(at ?? firstOf(grid))}
          onBlur={leave}
          onClick={() => at && open(at)}
          onKeyDown={(event) => {
            const from = at ?? firstOf(grid);
            const next = stepTo(
              event.key,
              { row: from.line, column: from.column },
              { rows: lines.length, columns: columns.length },
            );
            if (!next || event.ctrlKey || event.metaKey || event.altKey) return;
            event.preventDefault();
            const seen = { line: next.row, column: next.column };
            lookAt(seen);
            setSpoken(sayAt(seen));
          }}
        />
        <output className="unseen">{at ? spoken : ''}</output>
        {at && placed && (
          <Tip place={{ x: placed.left + placed.width / 2, y: placed.top + placed.height + 20 }}>
            <div className="tip-head">{grid.nameOf(lines[at.line]!, columns[at.column]!)}</div>
            <div className="tip-row">
              <b>{say.cell(value, isRate, seenCell)}</b>
            </div>
            {isRate && isThin(seenCell) && <div className="dimmed">{words.thinAbout}</div>}
            {onOpen && counted && hasRows(report, counted) && seenCell && seenCell.count > 0 && (
              <div className="tip-hint">{words.clickForCalls}</div>
            )}
          </Tip>
        )}
      </div>
      <div className="heat-note">
        <span className="heat-scale">
          {labelOf(value, names)}
          {steps.bounds.length > 0 && (
            <>
              <span>≤ {say.value(value, steps.bounds[0]!)}</span>
              <span className="heat-samples" aria-hidden="true">
                {Array.from({ length: stepCount }, (_, step) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: the steps are numbers.
                  <span key={step} className="heat-cell" data-step={step} />
                ))}
              </span>
              <span>≥ {say.value(value, steps.bounds.at(-1)!)}</span>
            </>
          )}
        </span>
        {hasThin && (
          <span>
            <span className="mark-sample" data-mark="thin" aria-hidden="true" />{' '}
            {words.thinBelow(writing.number(thinBelow))}
          </span>
        )}
        {hasPresent && (
          <span>
            <span className="mark-sample" data-mark="present" aria-hidden="true" /> {words.now}
          </span>
        )}
        {room === 'both' && counted && <span>{words.belowIt(labelOf(counted, names))}</span>}
      </div>
    </Figure>
  );
}

const roomOf = (px: number) => (px >= roomForCount ? 'both' : px >= roomForRate ? 'rate' : 'none');

const isThin = (cell: WeekCell | undefined) => cell !== undefined && cell.count > 0 && cell.count < thinBelow;

interface CellsProps {
  grid: Drawn;
  writing: Writing;
  total: string;
  room: 'none' | 'rate' | 'both';
  /** How many decimals the totals below have room for. */
  footDigits: number;
  isSmall: boolean;
}

/** What stays as it is while somebody looks around. */
const Cells = memo(function Cells({ grid, writing, total, room, footDigits, isSmall }: CellsProps) {
  const { lines, columns, isRate, steps } = grid;
  const sayTotal = ({ value, count }: Total, hasCount: boolean, digits = 1) =>
    value === undefined ? (
      ''
    ) : (
      <>
        {isRate ? writing.fixed(value, digits) : writing.number(value)}
        {isRate && hasCount && <small>{writing.number(count)}</small>}
      </>
    );
  return (
    <>
      <span />
      {columns.map((column) => (
        <span key={column.place} className="heat-head">
          {column.label}
        </span>
      ))}
      <span className="heat-head end">
        {total}
        {isRate && ' %'}
      </span>
      {lines.map((line, lineIndex) => [
        <span key={`${line.place} head`} className="heat-head side">
          {line.label}
        </span>,
        ...columns.map((column, columnIndex) => {
          const cell = grid.cellAt(line, column);
          const isNone = !cell || (isRate && cell.count === 0);
          return (
            <span
              key={`${line.place} ${column.place}`}
              className="heat-cell"
              data-place={`${lineIndex} ${columnIndex}`}
              data-none={isNone || undefined}
              data-step={isNone ? undefined : steps.stepOf(cell.value)}
              data-thin={(isRate && isThin(cell)) || undefined}
              data-now={grid.isPresent(line, column) || undefined}
            >
              {!isNone && room !== 'none' && <span>{writing.number(cell.value)}</span>}
              {!isNone && room === 'both' && (
                <small>{isThin(cell) ? `n=${writing.number(cell.count)}` : writing.number(cell.count)}</small>
              )}
            </span>
          );
        }),
        <span key={`${line.place} total`} className="heat-total">
          {sayTotal(line.total, !isSmall)}
        </span>,
      ])}
      <span className="heat-head side">{total}</span>
      {columns.map((column) => (
        <span key={column.place} className="heat-total foot">
          {room !== 'none' && sayTotal(column.total, room === 'both', footDigits)}
        </span>
      ))}
      <span className="heat-total">{sayTotal(grid.all, !isSmall)}</span>
    </>
  );
});

function seenOf(target: EventTarget): Seen | undefined {
  const place = target instanceof Element ? target.closest<HTMLElement>('[data-place]')?.dataset.place : undefined;
  if (place === undefined) return undefined;
  const [line = 0, column = 0] = place.split(' ').map(Number);
  return { line, column };
}

function placeOf(heat: HTMLElement, { line, column }: Seen) {
  const cell = heat.querySelector<HTMLElement>(`[data-place="${line} ${column}"]`);
  if (!cell) return undefined;
  return { left: cell.offsetLeft, top: cell.offsetTop, width: cell.offsetWidth, height: cell.offsetHeight };
}

/** Where the keys begin: at the present hour, or the first. */
function firstOf({ lines, columns, isPresent }: Drawn): Seen {
  for (const [line, one] of lines.entries()) {
    const column = columns.findIndex((other) => isPresent(one, other));
    if (column >= 0) return { line, column };
  }
  return { line: 0, column: 0 };
}

function openSaying({ writing, words }: { writing: Writing; words: Spoken['words'] }) {
  const value = (column: Column, amount: number) =>
    column.unit === 'percent' ? writing.percent(amount) : writing.cell(column, amount, '');
  const cell = (column: Column, isRate: boolean, one: { value: number | undefined; count: number } | undefined) => {
    if (!one || one.value === undefined || (isRate && one.count === 0)) return words.noneLike;
    if (!isRate) return value(column, one.value);
    const thin = one.count < thinBelow ? `, ${words.thin(writing.number(one.count))}` : '';
    return `${value(column, one.value)} ${words.ofCount(writing.number(one.count))}${thin}`;
  };
  return { value, cell };
}

function toGrid(report: Report, answer: Answer, writing: Writing, mostAcross: number): Drawn | undefined {
  const picture = report.picture as GridPicture;
  const value = columnOf(report, picture.value);
  if (!value) return undefined;
  const isRate = value.ratio !== undefined;
  const isWeek = picture.down.labels.length === 7 && picture.across.labels.length === 24;
  const cells = rowsOf(report, answer.data).flatMap((row): WeekCell[] => {
    const [amount, count] = [figureOf(row, value.name), figureOf(row, value.ratio?.of ?? value.name)];
    if (amount === undefined || count === undefined) return [];
    return [
      { row, down: Number(row[picture.down.column]), across: Number(row[picture.across.column]), count, value: amount },
    ];
  });
  const there = cells.filter(({ count }) => count !== 0);
  // Quantiles of what says something: thin cells would spread the scale.
  const solid = there.filter(({ count }) => !isRate || count >= thinBelow);
  const toTotal = (some: readonly WeekCell[]) => totalOf(some, value.ratio?.part, isRate);
  const byPlace = new Map(cells.map((cell) => [`${cell.down} ${cell.across}`, cell]));
  const down = downOrder(picture.down.labels.length, writing.firstDay).map(
    (place): Side => ({
      place,
      label: isWeek ? writing.weekday(place) : (picture.down.labels[place] ?? ''),
      total: toTotal(there.filter((cell) => cell.down === place)),
    }),
  );
  const across = busyPlaces(
    picture.across.labels.length,
    there.map((cell) => cell.across),
  ).map(
    (place): Side => ({
      place,
      label: isWeek ? String(place) : (picture.across.labels[place] ?? ''),
      total: toTotal(there.filter((cell) => cell.across === place)),
    }),
  );
  // Where hours have no room beside each other, they go down, and the days across: seven cells of a line can be read on a phone.
  const isTurned = across.length > Math.max(mostAcross, down.length);
  const pairOf = (line: Side, column: Side) => (isTurned ? ([column, line] as const) : ([line, column] as const));
  const present = presentHour(answer.about.timezone, Date.now());
  return {
    value,
    isRate,
    lines: isTurned ? across : down,
    columns: isTurned ? down : across,
    all: toTotal(there),
    steps: toSteps((solid.length > stepCount ? solid : there).map((cell) => cell.value)),
    cellAt: (line, column) => {
      const [one, other] = pairOf(line, column);
      return byPlace.get(`${one.place} ${other.place}`);
    },
    nameOf: (line, column) => {
      const [one, other] = pairOf(line, column);
      return isWeek
        ? `${writing.weekday(one.place, 'long')}, ${other.place}:00–${other.place + 1}:00`
        : `${one.label}, ${other.label}`;
    },
    isPresent: (line, column) => {
      const [one, other] = pairOf(line, column);
      return isWeek && one.place === present.day && other.place === present.hour;
    },
  };
}

interface Saying {
  say: ReturnType<typeof openSaying>;
  words: Spoken['words'];
  /** What stands above the heads of the lines. */
  corner: string;
}

function toValues(grid: Drawn | undefined, { say, words, corner }: Saying) {
  if (!grid) return { heads: [], rows: [] };
  const { lines, columns, value, isRate } = grid;
  return {
    heads: [corner, ...columns.map(({ label }) => label), words.total],
    rows: [
      ...lines.map((line) => [
        line.label,
        ...columns.map((column) => say.cell(value, isRate, grid.cellAt(line, column))),
        say.cell(value, isRate, line.total),
      ]),
      [words.total, ...columns.map(({ total }) => say.cell(value, isRate, total)), say.cell(value, isRate, grid.all)],
    ],
  };
}
