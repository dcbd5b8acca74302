/** How a figure changed: an arrow and a number, green or red only where better and worse are known. */
import type { Column } from '../api/types.ts';
import { useSpoken } from '../words/spoken.tsx';
import { openWriting, type Writing } from '../words/writing.ts';
import { isCount, type SeenRow } from './rows.ts';

interface ChangeProps {
  column: Column;
  seen: SeenRow;
  zone: string;
  /** Where there is nothing to say it takes its room all the same: numbers stand below each other. */
  keepsPlace?: boolean;
}

/** The change of one figure of a row. */
export function Change({ column, seen, zone, keepsPlace = false }: ChangeProps) {
  const { words, language } = useSpoken();
  const { before } = seen;
  const none = keepsPlace ? <span className="change" /> : null;
  if (!before || !(column.name in before.previous)) return none;
  const change = before.change[column.name];
  const previous = before.previous[column.name];
  if (isCount(column) && previous === 0 && Number(seen.row[column.name]) > 0)
    return <span className="change">{words.isNew}</span>;
  if (change === null || change === undefined || previous === null) return none;
  const writing = openWriting(language);
  const better = before.better[column.name];
  const direction = change > 0 ? 'up' : change < 0 ? 'down' : 'same';
  const tone = better === true ? 'good' : better === false ? 'bad' : 'neutral';
  const was = words.previously(writing.cell(column, previous, zone));
  return (
    <span className="change" data-tone={tone} title={was}>
      <span aria-hidden="true">{{ up: '▲', down: '▼', same: '=' }[direction]}</span>{' '}
      {toText(column, Math.abs(change), writing, words.points)}
      <span className="unseen">
        {' '}
        {words[direction]}, {was}
      </span>
    </span>
  );
}

function toText({ unit }: Column, change: number, writing: Writing, points: string): string {
  if (unit === 'percent') return `${writing.fixed(change, 2)} ${points}`;
  if (unit === 'seconds') return writing.seconds(change);
  return writing.percent(change, change >= 100 ? 0 : 1);
}
