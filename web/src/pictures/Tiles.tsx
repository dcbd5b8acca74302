/** Figures side by side, each with its fair change: how it is going, at a glance. */
import type { Column } from '../api/types.ts';
import { Change } from '../table/Change.tsx';
import { Meaning } from '../table/Meaning.tsx';
import { baseOf, figureOf, hasRows, seenRows, thinBelow } from '../table/rows.ts';
import { useSpoken } from '../words/spoken.tsx';
import { labelOf } from '../words/titles.ts';
import { openWriting } from '../words/writing.ts';
import type { PictureProps } from './props.ts';

/** How many tiles stand in a line where there is room: so many that the last line is full, if they can be. */
const acrossOf = (count: number) => [5, 4, 6, 3].find((across) => count % across === 0) ?? Math.min(count, 5);

/** The tiles of a report of one row. */
export function Tiles({ report, answer, onOpen }: PictureProps) {
  const { names, words, language } = useSpoken();
  const writing = openWriting(language);
  const [seen] = seenRows(report, answer);
  if (!seen) return null;
  const { row } = seen;
  const zone = answer.about.timezone;
  const columns = report.columns.filter(({ kind }) => kind !== 'color');
  const unitOf = (column: Column) => {
    const value = figureOf(row, column.name);
    if (value === undefined) return '';
    if (column.unit === 'percent') return '%';
    return column.unit === 'seconds' ? (Math.abs(value) < 3600 ? words.minutes : words.hours) : '';
  };
  return (
    <dl className="tiles" data-across={acrossOf(columns.length)}>
      {columns.map((column) => {
        const label = labelOf(column, names);
        const text = writing.cell(column, row[column.name], zone);
        const base = baseOf(column, row);
        const canOpen = onOpen && hasRows(report, column) && (figureOf(row, column.name) ?? 0) > 0;
        return (
          <div className="tile" key={column.name}>
            <dt>
              <span className="tile-label" title={label}>
                {label}
              </span>
              <Meaning column={column} label={label} />
            </dt>
            <dd
              className="tile-value"
              data-long={text.length > 8 || undefined}
              data-thin={(base !== undefined && base < thinBelow) || undefined}
            >
              {canOpen ? (
                <button
                  type="button"
                  className="number large"
                  aria-label={`${label}: ${text}. ${words.showCalls}`}
                  onClick={() => onOpen(row, column)}
                >
                  {text}
                </button>
              ) : (
                <span className="large" title={text.length > 12 ? text : undefined} dir="auto">
                  {text}
                </span>
              )}
              {unitOf(column) && <span className="tile-unit">{unitOf(column)}</span>}
            </dd>
            <dd className="tile-foot">
              <Change column={column} seen={seen} zone={zone} />
              {base !== undefined && (
                <span className="dimmed">
                  {base > 0 && base < thinBelow
                    ? words.thin(writing.number(base))
                    : words.ofCount(writing.number(base))}
                </span>
              )}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}
