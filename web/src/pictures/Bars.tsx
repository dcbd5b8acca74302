/** How large figures are for each word or name: bars from zero, each with its number, the largest first. */
import { useMemo } from 'react';
import type { Column, Report, Row } from '../api/types.ts';
import { Change } from '../table/Change.tsx';
import { baseOf, columnOf, figureOf, hasRows, type SeenRow, seenRows, thinBelow } from '../table/rows.ts';
import { useSpoken } from '../words/spoken.tsx';
import { labelOf, questionOf, wordOf } from '../words/titles.ts';
import { openWriting } from '../words/writing.ts';
import { toBar, toScale } from './amounts.ts';
import { isNarrow, useBox } from './box.ts';
import { Figure } from './Figure.tsx';
import { Legend } from './Legend.tsx';
import type { PictureProps } from './props.ts';
import { Tip, useLookedAt } from './Tip.tsx';

// The rest is in the table below, and on the report's own page.
const most = { page: 15, small: 8 };

/** A bar picture. */
export function Bars({ report, answer, onOpen, isSmall = false }: PictureProps) {
  const { names, words, language } = useSpoken();
  const writing = useMemo(() => openWriting(language), [language]);
  const { ref: whole, box } = useBox<HTMLDivElement>();
  const { at, look, leave } = useLookedAt<{ id: string; x: number; y: number }>(whole);
  const picture = report.picture as Extract<Report['picture'], { kind: 'bars' }>;
  const columns = picture.values.map((name) => columnOf(report, name)).filter((column) => column !== undefined);
  const [first] = columns;
  const seen = useMemo(() => (first ? toSorted(seenRows(report, answer), first) : []), [report, answer, first]);
  const along = columnOf(report, picture.along);
  const rate = first && rateBeside(report, first);
  const wordFor = (row: Row) =>
    wordOf(String(row[picture.along] ?? words.noneLike), names, along ?? { name: picture.along });
  const write = (column: Column, row: Row) => {
    const text = writing.cell(column, row[column.name], '');
    return column.unit === 'percent' && row[column.name] !== null ? `${text} %` : text;
  };
  const shownColumns = [...columns, ...(rate ? [rate] : [])];
  const values = {
    heads: [along ? labelOf(along, names) : picture.along, ...shownColumns.map((column) => labelOf(column, names))],
    rows: seen.map(({ row }) => [wordFor(row), ...shownColumns.map((column) => write(column, row))]),
  };
  if (!first) return null;
  const color = report.columns.find(({ kind, of }) => kind === 'color' && of === picture.along);
  const lines = isSmall ? [first] : columns;
  const scale = toScale(
    seen.flatMap(({ row, before }) => [
      ...lines.map((column) => figureOf(row, column.name)),
      before ? figureOf(before.previous, first.name) : undefined,
    ]),
  );
  const barOf = (value: number | undefined) => toBar(scale, value);
  const shown = seen.slice(0, isSmall ? most.small : most.page);
  const looked = at && shown.find(({ id }) => id === at.id);
  const isCompared = shown.some(({ before }) => before !== undefined);
  const number = (column: Column, row: Row) => {
    const text = writing.cell(column, row[column.name], '');
    if (!onOpen || !hasRows(report, column) || !((figureOf(row, column.name) ?? 0) > 0)) return text;
    return (
      <button
        type="button"
        className="number"
        aria-label={`${wordFor(row)}, ${labelOf(column, names)}: ${text}. ${words.showCalls}`}
        onClick={() => onOpen(row, column)}
      >
        {text}
      </button>
    );
  };
  return (
    <Figure name={questionOf(report, names)} values={values}>
      <div className="bars" ref={whole} data-narrow={isNarrow(box) || undefined} onPointerLeave={leave}>
        {!isSmall && (
          <div className="bar-heads" aria-hidden="true">
            <span>{along && labelOf(along, names)}</span>
            <span className="bar-line">
              <span className="legend">
                {lines.length > 1 &&
                  lines.map((column, index) => (
                    <span key={column.name}>
                      <span className="mark-sample" data-line={index} /> {labelOf(column, names)}
                    </span>
                  ))}
              </span>
              <span className="end">{lines.length === 1 && labelOf(first, names)}</span>
              <span />
            </span>
            <span className="end">{rate && labelOf(rate, names)}</span>
          </div>
        )}
        {shown.map((one) => {
          const label = wordFor(one.row);
          const swatch = color ? String(one.row[color.name] ?? '') : '';
          const was = one.before ? figureOf(one.before.previous, first.name) : undefined;
          const base = rate && baseOf(rate, one.row);
          const show = (event: { currentTarget: HTMLElement }) => {
            if (at?.id !== one.id) look({ id: one.id, ...placeOf(event.currentTarget, whole.current) });
          };
          return (
            // biome-ignore lint/a11y/noStaticElementInteractions: it shows what its own numbers and name say, the whole of a long name too.
            <div
              className="bar-row"
              key={one.id}
              onPointerEnter={show}
              onPointerDown={show}
              onFocus={show}
              onBlur={leave}
            >
              <span className="bar-label">
                {swatch !== '' && <span className="swatch" style={{ backgroundColor: swatch }} aria-hidden="true" />}
                <bdi className="bar-name">{label}</bdi>
              </span>
              <span className="bar-lines">
                {lines.map((column, index) => (
                  <span className="bar-line" key={column.name}>
                    <span className="bar-track" aria-hidden="true">
                      <span className="bar-fill" data-line={index} style={barOf(figureOf(one.row, column.name))} />
                      {scale(0) > 0 && <span className="bar-zero" style={{ left: `${scale(0)}%` }} />}
                      {index === 0 && was !== undefined && (
                        <span className="bar-before" style={{ left: `${scale(was)}%` }} />
                      )}
                    </span>
                    <span className="bar-number">{number(column, one.row)}</span>
                    <span className="bar-change">
                      <Change column={column} seen={one} zone="" />
                    </span>
                  </span>
                ))}
              </span>
              <span className="bar-rate" data-thin={(base !== undefined && base < thinBelow) || undefined}>
                {rate && write(rate, one.row)}
                {base !== undefined && base < thinBelow && <small> {words.thin(writing.number(base))}</small>}
                {rate && lines.length > 1 && (
                  <span className="bar-change">
                    <Change column={rate} seen={one} zone="" />
                  </span>
                )}
              </span>
            </div>
          );
        })}
        {at && looked && (
          <Tip place={at}>
            <div className="tip-head">
              <bdi>{wordFor(looked.row)}</bdi>
            </div>
            {shownColumns.map((column) => (
              <div className="tip-row" key={column.name}>
                {columns.length > 1 && lines.includes(column) && (
                  <span className="mark-sample" data-line={lines.indexOf(column)} />
                )}
                <b>{write(column, looked.row)}</b>
                <span className="dimmed">{labelOf(column, names)}</span>
              </div>
            ))}
            {looked.before && (
              <div className="tip-row">
                <span className="mark-sample" data-mark="tick" />
                <b>{write(first, looked.before.previous)}</b>
                <span className="dimmed">{words.before}</span>
              </div>
            )}
          </Tip>
        )}
      </div>
      <div className="bars-foot">
        {isCompared && <Legend items={[['tick', words.before]]} />}
        {shown.length < seen.length && (
          <span className="dimmed">
            {(isSmall ? words.andMore : words.andMoreBelow)(writing.number(seen.length - shown.length))}
          </span>
        )}
      </div>
    </Figure>
  );
}

const toSorted = (seen: readonly SeenRow[], { name }: Column) =>
  seen
    .filter(({ isGone }) => !isGone)
    .toSorted(
      (one, other) =>
        (figureOf(other.row, name) ?? Number.NEGATIVE_INFINITY) - (figureOf(one.row, name) ?? Number.NEGATIVE_INFINITY),
    );

/** The rate that stands beside the counts: their share of all, or else what is said of them. */
function rateBeside({ columns }: Report, first: Column): Column | undefined {
  const rates = columns.filter(({ ratio, unit }) => ratio && unit === 'percent');
  return (
    rates.find(({ ratio }) => ratio?.part === first.name && ratio.of_all) ??
    rates.find(({ ratio }) => ratio?.of === first.name)
  );
}

function placeOf(row: HTMLElement, whole: HTMLElement | null) {
  const bar = row.querySelector<HTMLElement>('.bar-lines') ?? row;
  const [one, all] = [bar.getBoundingClientRect(), whole?.getBoundingClientRect()];
  return { x: one.left - (all?.left ?? 0) + one.width / 2, y: one.bottom - (all?.top ?? 0) + 16 };
}
