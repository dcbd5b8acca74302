/** How large a figure is for each word or name: bars from zero, the numbers beside them. */
import { useState } from 'react';
import type { Report } from '../api/types.ts';
import { Change } from '../table/Change.tsx';
import { columnOf, figureOf, seenRows } from '../table/rows.ts';
import { useSpoken } from '../words/spoken.tsx';
import { labelOf, wordOf } from '../words/titles.ts';
import { openWriting } from '../words/writing.ts';
import { Figure } from './Figure.tsx';
import type { PictureProps } from './kinds.tsx';

const most = 12;

/** A bar picture: one row of bars for each name, the largest first. */
export function Bars({ report, answer, onOpen, isSmall = false }: PictureProps) {
  const { names, words, language } = useSpoken();
  const writing = openWriting(language);
  const [isWhole, setWhole] = useState(false);
  const picture = report.picture as Extract<Report['picture'], { kind: 'bars' }>;
  const columns = picture.values.map((name) => columnOf(report, name)).filter((column) => column !== undefined);
  const [first] = columns;
  if (!first) return null;
  const seen = seenRows(report, answer)
    .filter(({ isGone }) => !isGone)
    .toSorted((one, other) => (figureOf(other.row, first.name) ?? 0) - (figureOf(one.row, first.name) ?? 0));
  const color = report.columns.find(({ kind, of }) => kind === 'color' && of === picture.along);
  const share = report.columns.find(({ ratio }) => ratio?.part === first.name && ratio.of_all);
  const largest = Math.max(1, ...seen.map(({ row }) => figureOf(row, first.name) ?? 0));
  const shown = isWhole ? seen : seen.slice(0, isSmall ? 6 : most);
  const along = columnOf(report, picture.along);
  return (
    <Figure
      name={report.title}
      values={{
        heads: [along ? labelOf(along, names) : picture.along, ...columns.map((column) => labelOf(column, names))],
        rows: seen.map(({ row }) => [
          wordOf(String(row[picture.along]), names),
          ...columns.map((column) => writing.cell(column, row[column.name], '')),
        ]),
      }}
    >
      <div className="bars">
        {shown.map((one) => {
          const label = wordOf(String(one.row[picture.along]), names);
          const swatch = color ? String(one.row[color.name] ?? '') : '';
          return (
            <div className="bar-row" key={one.id}>
              <span className="bar-label" dir="auto" title={label}>
                {swatch !== '' && <span className="swatch" style={{ background: swatch }} aria-hidden="true" />}
                {label}
              </span>
              <span className="bar-tracks">
                {columns.map((column, index) => {
                  const value = figureOf(one.row, column.name) ?? 0;
                  const was = one.before ? figureOf(one.before.previous, column.name) : undefined;
                  return (
                    <span
                      className="bar-track"
                      key={column.name}
                      data-place={index}
                      title={`${labelOf(column, names)}: ${writing.number(value)}`}
                    >
                      <span className="bar-fill" style={{ width: `${(value / largest) * 100}%` }} />
                      {index === 0 && was !== undefined && (
                        <span className="bar-before" style={{ left: `${Math.min(100, (was / largest) * 100)}%` }} />
                      )}
                    </span>
                  );
                })}
              </span>
              <span className="bar-value">
                {onOpen && (figureOf(one.row, first.name) ?? 0) > 0 ? (
                  <button
                    type="button"
                    className="number"
                    title={words.showCalls}
                    onClick={() => onOpen(one.row, first)}
                  >
                    {writing.cell(first, one.row[first.name], '')}
                  </button>
                ) : (
                  writing.cell(first, one.row[first.name], '')
                )}
                {share && <span className="dimmed"> {writing.cell(share, one.row[share.name], '')} %</span>}
                <Change column={first} seen={one} zone="" />
              </span>
            </div>
          );
        })}
      </div>
      {columns.length > 1 && (
        <div className="legend">
          {columns.map((column, index) => (
            <span key={column.name}>
              <span className="key" data-place={index} /> {labelOf(column, names)}
            </span>
          ))}
        </div>
      )}
      {!isSmall && shown.length < seen.length && (
        <button type="button" className="more" onClick={() => setWhole(true)}>
          {words.more} ({writing.number(seen.length - shown.length)})
        </button>
      )}
    </Figure>
  );
}
