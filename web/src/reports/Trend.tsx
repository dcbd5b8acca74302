/** The answer rate of a caller ID with how it went, day by day. */
import type { Column, Row } from '../api/types.ts';
import { Change } from '../table/Change.tsx';
import { baseOf, figureOf, type SeenRow, thinBelow } from '../table/rows.ts';
import { useSpoken } from '../words/spoken.tsx';
import { openWriting } from '../words/writing.ts';

const [width, height] = [72, 20];

interface TrendProps {
  days: readonly Row[];
  seen: SeenRow;
  column: Column | undefined;
  zone: string;
}

/** The rate, its change, and its days as a small line. */
export function Trend({ days, seen, column, zone }: TrendProps) {
  const { words, language } = useSpoken();
  const writing = openWriting(language);
  if (!column) return null;
  const rates = days.map((row) => figureOf(row, 'asr_pct') ?? 0);
  const most = Math.max(1, ...rates);
  const x = (index: number) => (rates.length < 2 ? width / 2 : (index / (rates.length - 1)) * width);
  const path = rates.map(
    (rate, index) =>
      `${index === 0 ? 'M' : 'L'}${x(index).toFixed(1)} ${(height - (rate / most) * (height - 2) - 1).toFixed(1)}`,
  );
  const base = baseOf(column, seen.row);
  const said = days.map((row) => `${writing.date(String(row.day))}: ${writing.percent(figureOf(row, 'asr_pct') ?? 0)}`);
  return (
    <>
      {rates.length > 1 && (
        <svg
          className="trend"
          width={width}
          height={height}
          role="img"
          aria-label={`${words.trend}: ${said.join(', ')}`}
        >
          <title>{said.join('\n')}</title>
          <path d={path.join('')} />
        </svg>
      )}
      {base !== undefined && base < thinBelow && <span className="thin">{words.thin(writing.number(base))}</span>}
      {writing.cell(column, seen.row[column.name], zone)}
      <Change column={column} seen={seen} zone={zone} keepsPlace />
    </>
  );
}
