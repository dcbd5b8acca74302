/** The answer rate of a caller ID with how it went, day by day. */
import type { Column, Row } from '../api/types.ts';
import { Spark } from '../pictures/Spark.tsx';
import { Change } from '../table/Change.tsx';
import { baseOf, type SeenRow, thinBelow } from '../table/rows.ts';
import { useSpoken } from '../words/spoken.tsx';
import { openWriting } from '../words/writing.ts';

interface TrendProps {
  days: readonly Row[];
  seen: SeenRow;
  column: Column | undefined;
  zone: string;
  /** The highest rate of all rows, and their first and last day: one scale for all that stand below each other. */
  most: number;
  span: { from: string; to: string } | undefined;
}

/** The rate, its change, and its days as a small line. */
export function Trend({ days, seen, column, zone, most, span }: TrendProps) {
  const { words, language } = useSpoken();
  const writing = openWriting(language);
  if (!column) return null;
  const base = baseOf(column, seen.row);
  return (
    <>
      {days.length > 1 && (
        <span className="trend">
          <Spark
            rows={days}
            along="day"
            value="asr_pct"
            of="dials"
            name={`${String(seen.row.cid)}, ${words.trend}`}
            most={most}
            span={span}
          />
        </span>
      )}
      {base !== undefined && base < thinBelow && <span className="thin">{words.thin(writing.number(base))}</span>}
      {writing.cell(column, seen.row[column.name], zone)}
      <Change column={column} seen={seen} zone={zone} keepsPlace />
    </>
  );
}
