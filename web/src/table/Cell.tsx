/** A cell of a report's table: the value, its change, how large it is beside the others, and the way to what it counts. */
import type { ReactNode } from 'react';
import type { Column, Report } from '../api/types.ts';
import { useSpoken } from '../words/spoken.tsx';
import { openWriting } from '../words/writing.ts';
import { Bar } from './Bar.tsx';
import { Change } from './Change.tsx';
import { Cut } from './Cut.tsx';
import { hasChange, isAmount, sayValue } from './columns.ts';
import type { OnOpen } from './OnOpen.ts';
import { Reasons } from './Reasons.tsx';
import { baseOf, figureOf, hasRows, isCount, type SeenRow, thinBelow } from './rows.ts';
import { Toned } from './Toned.tsx';

interface CellProps {
  report: Report;
  column: Column;
  seen: SeenRow;
  zone: string;
  /** The largest value of the column; undefined: there is nothing to be beside. */
  most: number | undefined;
  isCompared: boolean;
  onOpen: OnOpen | undefined;
}

/** A cell that is no heading of its row. */
export function Cell({ report, column, seen, zone, most, isCompared, onOpen }: CellProps) {
  const { row } = seen;
  const base = baseOf(column, row);
  const isThin = base !== undefined && base < thinBelow;
  const value = <Value {...{ report, column, seen, zone, onOpen }} />;
  if (!isAmount(column)) return <td>{value}</td>;
  const changes = isCompared && hasChange(column);
  return (
    <td data-amount data-changes={changes || undefined} data-thin={isThin || undefined}>
      <Thin base={isThin ? base : undefined} />
      {value}
      {changes && <Change column={column} seen={seen} zone={zone} keepsPlace />}
      {most !== undefined && isCount(column) && <Bar value={figureOf(row, column.name) ?? 0} most={most} />}
    </td>
  );
}

/** Says how few a rate is of. */
function Thin({ base }: { base: number | undefined }) {
  const { words, language } = useSpoken();
  if (base === undefined) return null;
  return (
    <span className="thin" title={words.thinAbout}>
      {words.thin(openWriting(language).number(base))}
    </span>
  );
}

/** A value of a row, and the way to what it counts where there is one. */
export function Value({
  report,
  column,
  seen,
  zone,
  onOpen,
}: Pick<CellProps, 'report' | 'column' | 'seen' | 'zone' | 'onOpen'>) {
  const { words, names, language } = useSpoken();
  const { row, isGone } = seen;
  const writing = openWriting(language);
  if (column.kind === 'reasons') return <Reasons value={row[column.name]} />;
  const written = sayValue(column, row, zone, { names, writing });
  if (isAmount(column)) {
    const canOpen = onOpen !== undefined && Number(row[column.name]) > 0 && !isGone && hasRows(report, column);
    if (!canOpen) return <RateOf {...{ column, seen, written }} />;
    const title = report.behind.of === 'leads' ? words.showLeads : words.showCalls;
    return (
      <button type="button" className="number" onClick={() => onOpen(row, column)} title={title}>
        {written}
      </button>
    );
  }
  return <Word {...{ report, column, seen, written }} />;
}

/** A rate says what it is of, on hover. */
function RateOf({ column, seen: { row }, written }: { column: Column; seen: SeenRow; written: string }): ReactNode {
  const { words, language } = useSpoken();
  const base = baseOf(column, row);
  if (base === undefined) return written;
  return <span title={`${written} ${words.ofCount(openWriting(language).number(base))}`}>{written}</span>;
}

function Word({
  report,
  column,
  seen: { row },
  written,
}: {
  report: Report;
  column: Column;
  seen: SeenRow;
  written: string;
}) {
  const color = report.columns.find(({ kind, of }) => kind === 'color' && of === column.name);
  const swatch = color ? String(row[color.name] ?? '') : '';
  const tone = column.tones?.[String(row[column.name])];
  if (tone) return <Toned tone={tone}>{written}</Toned>;
  return (
    <>
      {swatch !== '' && <span className="swatch" style={{ background: swatch }} aria-hidden="true" />}
      <Cut text={written} />
    </>
  );
}
