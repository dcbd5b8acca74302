/** A report's rows as a table: sorted and searched in the page, every number a way to its calls. */
import { SegmentedControl, UnstyledButton } from '@mantine/core';
import { memo, type ReactNode, useDeferredValue, useMemo, useRef } from 'react';
import type { Answer, Column, Report } from '../api/types.ts';
import { weekdayOf } from '../question/dates.ts';
import { useSearch, useSetSearch } from '../shell/address.ts';
import { useSpoken } from '../words/spoken.tsx';
import { labelOf } from '../words/titles.ts';
import { openWriting } from '../words/writing.ts';
import { Cell, Value } from './Cell.tsx';
import { type Heading, hasChange, headingOf, isAmount, shownColumns, unitMark } from './columns.ts';
import { Meaning } from './Meaning.tsx';
import type { OnOpen } from './OnOpen.ts';
import { figureOf, isCount, type SeenRow, seenRows } from './rows.ts';
import { Scrolled } from './Scrolled.tsx';
import { SearchField, useSearched } from './SearchField.tsx';
import { nextSort, readSort, toFilter, toSorted } from './sorting.ts';
import { useWindowed } from './windowed.ts';

/** An order of its own, beside those of the columns. */
export interface OwnOrder {
  /** As the address has it. */
  name: string;
  label: string;
  sort(rows: readonly SeenRow[]): SeenRow[];
}

interface TableProps {
  report: Report;
  answer: Answer;
  zone: string;
  /** Undefined where the role may not see the calls. */
  onOpen?: OnOpen | undefined;
  /** The order in which it is until somebody chooses another. */
  usualOrder?: OwnOrder;
  /** Which rows there are at all. */
  keep?: (seen: SeenRow) => boolean;
  /** Stands beneath a row's name. */
  note?: (seen: SeenRow) => ReactNode;
  /** Cells that are more than their value, by column. */
  own?: Readonly<Record<string, (seen: SeenRow) => ReactNode>>;
  /** Columns in this order, and no others. */
  only?: readonly string[];
  /** Asked to open a row beside the table; `opened` is the id of the one that is. */
  onRow?: (seen: SeenRow) => void;
  opened?: string | undefined;
}

// As few rows are read faster than searched.
const searchedFrom = 9;

/** The address's word for the order of the report itself, where another one is usual. */
const asReported = 'report';

/** The table of a report. */
export function ReportTable(props: TableProps) {
  const { report, answer, usualOrder, keep, only } = props;
  const { words, language } = useSpoken();
  const writing = openWriting(language);
  const search = useSearch();
  const setSearch = useSetSearch();
  const scroller = useRef<HTMLElement>(null);
  const columns = useMemo(() => {
    const all = shownColumns(report);
    return only ? only.flatMap((name) => all.find((column) => column.name === name) ?? []) : all;
  }, [report, only]);
  const heading = useMemo((): Heading => {
    const usual = headingOf(report);
    return only && columns[0] ? { ...usual, column: columns[0] } : usual;
  }, [report, only, columns]);
  const all = useMemo(() => {
    const rows = seenRows(report, answer);
    return keep ? rows.filter(keep) : rows;
  }, [report, answer, keep]);
  const [wanted, setWanted] = useSearched();
  // A letter is shown at once, also when there are thousands of rows to search.
  const text = useDeferredValue(wanted);
  const found = useMemo(() => all.filter(toFilter([...columns, ...heading.ids], text)), [all, columns, heading, text]);
  const isUsual = search.sort === undefined || search.sort === usualOrder?.name;
  const sorted = useMemo(
    () => (usualOrder && isUsual ? usualOrder.sort(found) : toSorted(found, columns, search.sort)),
    [found, columns, search.sort, usualOrder, isUsual],
  );
  // One row is as large as the largest of its column.
  const most = useMemo(() => (all.length > 1 ? toMost(columns, all) : undefined), [columns, all]);
  const { from, to, before, after, onScroll } = useWindowed(sorted.length, scroller);
  const isCompared = answer.comparison !== undefined;
  return (
    <div className="table-block">
      {(all.length >= searchedFrom || usualOrder) && (
        <div className="table-tools">
          {all.length >= searchedFrom && <SearchField text={wanted} onChange={setWanted} />}
          {usualOrder && (
            <SegmentedControl
              size="xs"
              aria-label={words.order}
              data={[
                { value: usualOrder.name, label: usualOrder.label },
                { value: asReported, label: words.orderOfReport },
              ]}
              value={isUsual ? usualOrder.name : search.sort === asReported ? asReported : ''}
              onChange={(sort) => setSearch({ sort: sort === usualOrder.name ? undefined : sort }, { replace: true })}
            />
          )}
          <span className="dimmed" role="status">
            {words.rowsShown(writing.number(found.length), writing.number(all.length))}
          </span>
        </div>
      )}
      <Scrolled name={words.table} ref={scroller} onScroll={onScroll}>
        <table
          className="numbers"
          data-compared={isCompared || undefined}
          data-windowed={before + after > 0 || undefined}
          aria-rowcount={sorted.length + 1}
        >
          <thead>
            <tr aria-rowindex={1}>
              {columns.map((column) => (
                <Head
                  key={column.name}
                  column={column}
                  sort={search.sort}
                  hasChanges={isCompared && hasChange(column)}
                />
              ))}
            </tr>
          </thead>
          <tbody>
            {before > 0 && <tr className="room" style={{ height: before }} />}
            {sorted.slice(from, to).map((seen, index) => (
              <TableRow
                key={seen.id}
                {...props}
                {...{ seen, columns, heading, most, isCompared, place: from + index + 2 }}
                isOpened={props.opened === seen.id}
              />
            ))}
            {after > 0 && <tr className="room" style={{ height: after }} />}
          </tbody>
        </table>
      </Scrolled>
    </div>
  );
}

/** A column's head: its name, unit and meaning, and the way to sort by it. */
function Head({ column, sort, hasChanges }: { column: Column; sort: string | undefined; hasChanges: boolean }) {
  const { words, names, language } = useSpoken();
  const setSearch = useSetSearch();
  const [name, isDown] = readSort(sort);
  const isSorted = name === column.name;
  const [label, unit] = [labelOf(column, names), unitMark(column, language)];
  return (
    <th
      scope="col"
      data-amount={isAmount(column) || undefined}
      data-changes={hasChanges || undefined}
      aria-sort={isSorted ? (isDown ? 'descending' : 'ascending') : undefined}
    >
      <span className="th">
        <Meaning column={column} label={label} />
        <UnstyledButton
          className="sort"
          aria-label={words.sortBy(unit ? `${label} ${unit}` : label)}
          onClick={() => setSearch({ sort: nextSort(column, sort) }, { replace: true })}
        >
          <span>{label}</span>
          {unit && (
            <>
              {' '}
              <span className="unit">{unit}</span>
            </>
          )}
          <span aria-hidden="true" className="arrow">
            {isSorted ? (isDown ? '↓' : '↑') : ''}
          </span>
        </UnstyledButton>
      </span>
    </th>
  );
}

interface RowProps extends TableProps {
  seen: SeenRow;
  columns: readonly Column[];
  heading: Heading;
  most: ReadonlyMap<string, number> | undefined;
  isCompared: boolean;
  place: number;
  isOpened: boolean;
}

/** A row: it is drawn anew only when something of it is another. */
const TableRow = memo(function TableRow({ seen, columns, place, isOpened, own = {}, ...rest }: RowProps) {
  return (
    <tr data-row data-gone={seen.isGone || undefined} data-opened={isOpened || undefined} aria-rowindex={place}>
      {columns.map((column) => {
        const make = own[column.name];
        if (column === rest.heading.column)
          return <NameCell key={column.name} {...rest} seen={seen} isOpened={isOpened} />;
        if (make)
          return (
            <td key={column.name} data-amount={isAmount(column) || undefined}>
              {make(seen)}
            </td>
          );
        const { report, zone, isCompared, onOpen, most } = rest;
        return (
          <Cell
            key={column.name}
            {...{ report, column, seen, zone, isCompared, onOpen }}
            most={most?.get(column.name)}
          />
        );
      })}
    </tr>
  );
});

/** What a row is called, its ids and its note beneath, and the way to open it. */
function NameCell({
  report,
  seen,
  zone,
  heading: { column, ids },
  note,
  onRow,
  isOpened,
}: Pick<RowProps, 'report' | 'seen' | 'zone' | 'heading' | 'note' | 'onRow' | 'isOpened'>) {
  const { words, names, language } = useSpoken();
  const name = String(seen.row[column.name] ?? '');
  const value = <Value {...{ report, column, seen, zone, onOpen: undefined }} />;
  return (
    <th scope="row">
      {onRow && !seen.isGone ? (
        <button
          type="button"
          className="name"
          title={name}
          aria-label={words.openRow(name)}
          aria-pressed={isOpened}
          onClick={() => onRow(seen)}
        >
          <bdi>{name}</bdi>
        </button>
      ) : (
        value
      )}
      {ids.map((id) => (
        <span key={id.name} className="id" title={labelOf(id, names)}>
          {String(seen.row[id.name] ?? '')}
        </span>
      ))}
      {isDay(name) && <span className="id">{openWriting(language).weekday(weekdayOf(name))}</span>}
      {seen.isGone && <span className="gone">{words.gone}</span>}
      {note?.(seen)}
    </th>
  );
}

/** Whether a row is a day: its weekday says more than its date. */
const isDay = (name: string) => /^\d{4}-\d\d-\d\d$/.test(name);

function toMost(columns: readonly Column[], rows: readonly SeenRow[]): ReadonlyMap<string, number> {
  return new Map(
    columns
      .filter(isCount)
      .map(({ name }) => [name, rows.reduce((most, { row }) => Math.max(most, figureOf(row, name) ?? 0), 0)]),
  );
}
