/** Figures side by side, each with its fair change: how it is going, at a glance. */
import { UnstyledButton } from '@mantine/core';
import { Change } from '../table/Change.tsx';
import { Meaning } from '../table/Meaning.tsx';
import { baseOf, hasRows, seenRows, thinBelow } from '../table/rows.ts';
import { useSpoken } from '../words/spoken.tsx';
import { labelOf } from '../words/titles.ts';
import { openWriting } from '../words/writing.ts';
import type { PictureProps } from './kinds.tsx';

/** The tiles of a report of one row. */
export function Tiles({ report, answer, onOpen }: PictureProps) {
  const { names, words, language } = useSpoken();
  const writing = openWriting(language);
  const [seen] = seenRows(report, answer);
  if (!seen) return null;
  const zone = answer.about.timezone;
  return (
    <dl className="tiles">
      {report.columns.map((column) => {
        const text = writing.cell(column, seen.row[column.name], zone);
        const base = baseOf(column, seen.row);
        const mark = column.unit === 'percent' ? ' %' : '';
        const canOpen = onOpen && hasRows(report, column) && Number(seen.row[column.name]) > 0;
        return (
          <div className="tile" key={column.name}>
            <dt>
              {labelOf(column, names)} <Meaning column={column} label={labelOf(column, names)} />
            </dt>
            <dd>
              {canOpen ? (
                <UnstyledButton
                  className="number large"
                  onClick={() => onOpen(seen.row, column)}
                  title={words.showCalls}
                >
                  {text}
                </UnstyledButton>
              ) : (
                <span className="large">
                  {text}
                  {mark}
                </span>
              )}
              {base !== undefined && (
                <span className="dimmed" data-thin={base < thinBelow || undefined}>
                  {words.ofCount(writing.number(base))}
                </span>
              )}
              <Change column={column} seen={seen} zone={zone} />
            </dd>
          </div>
        );
      })}
    </dl>
  );
}
