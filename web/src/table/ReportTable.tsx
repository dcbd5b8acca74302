/** A report's rows as a table: sorted and searched in the page, every number a way to its calls. */
import { Button, TextInput, UnstyledButton } from '@mantine/core';
import { useMemo, useRef } from 'react';
import type { Answer, Column, Report, Row } from '../api/types.ts';
import { useSearch, useSetSearch } from '../shell/address.ts';
import { Icon } from '../shell/icons.tsx';
import { useSpoken } from '../words/spoken.tsx';
import { labelOf, wordOf } from '../words/titles.ts';
import { isId, openWriting, type Writing } from '../words/writing.ts';
import { Bar } from './Bar.tsx';
import { Change } from './Change.tsx';
import { fold } from './fold.ts';
import { Meaning } from './Meaning.tsx';
import { baseOf, figureOf, isCount, type SeenRow, seenRows, thinBelow } from './rows.ts';
import { Scrolled } from './Scrolled.tsx';

/** Asked to show what stands behind a number. */
export type OnOpen = (row: Row, column: Column) => void;

interface TableProps {
  report: Report;
  answer: Answer;
  zone: string;
  /** Undefined where the role may not see the calls. */
  onOpen?: OnOpen | undefined;
}

// More rows than these at once make a page slow: the rest is a click away.
const shownAtOnce = 200;

/** The table of a report. */
export function ReportTable({ report, answer, zone, onOpen }: TableProps) {
  const { words, names, language } = useSpoken();
  const writing = openWriting(language);
  const search = useSearch();
  const setSearch = useSetSearch();
  const field = useRef<HTMLInputElement>(null);
  const columns = useMemo(() => report.columns.filter(isShown), [report]);
  const all = useMemo(() => seenRows(report, answer), [report, answer]);
  const found = useMemo(() => all.filter(toFilter(columns, search.q ?? '')), [all, columns, search.q]);
  const sorted = useMemo(() => toSorted(found, columns, search.sort), [found, columns, search.sort]);
  const [sortName = '', isDown] = readSort(search.sort);
  const shown = search.all ? sorted : sorted.slice(0, shownAtOnce);
  const most = useMemo(() => toMost(columns, all), [columns, all]);
  const isSearched = all.length > 8;
  return (
    <div className="table-block">
      {isSearched && (
        <div className="table-tools">
          <TextInput
            ref={field}
            data-search
            size="xs"
            aria-label={words.search}
            placeholder={words.search}
            leftSection={<Icon name="search" size={14} />}
            defaultValue={search.q ?? ''}
            onChange={({ target }) => setSearch({ q: target.value || undefined }, { replace: true })}
          />
          <span className="dimmed">{words.rowsShown(writing.number(found.length), writing.number(all.length))}</span>
        </div>
      )}
      <Scrolled name={words.table}>
        <table className="numbers">
          <thead>
            <tr>
              {columns.map((column) => (
                <th
                  key={column.name}
                  scope="col"
                  data-amount={isAmount(column) || undefined}
                  aria-sort={column.name === sortName ? (isDown ? 'descending' : 'ascending') : undefined}
                >
                  <span className="th">
                    <UnstyledButton
                      className="sort"
                      aria-label={words.sortBy(labelOf(column, names))}
                      onClick={() => setSearch({ sort: nextSort(column, search.sort) }, { replace: true })}
                    >
                      {labelOf(column, names)}
                      {unitMark(column, language) && <span className="unit"> {unitMark(column, language)}</span>}
                      <span aria-hidden="true" className="arrow">
                        {column.name === sortName ? (isDown ? '↓' : '↑') : ''}
                      </span>
                    </UnstyledButton>
                    <Meaning column={column} label={labelOf(column, names)} />
                  </span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((seen) => (
              <tr key={seen.id} data-gone={seen.isGone || undefined}>
                {columns.map((column, index) => (
                  <Cell
                    key={column.name}
                    {...{ report, column, seen, zone, writing, most, isFirst: index === 0 }}
                    onOpen={onOpen}
                  />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Scrolled>
      {shown.length < sorted.length && (
        <Button variant="default" size="xs" mt="xs" onClick={() => setSearch({ all: '1' }, { replace: true })}>
          {words.more} ({writing.number(sorted.length - shown.length)})
        </Button>
      )}
    </div>
  );
}

/** A color stands beside its word; lists of a row have pictures of their own. */
const isShown = ({ kind }: Column) => kind !== 'color';

/** Whether a column is a number that is read as one. */
export const isAmount = (column: Column): boolean =>
  !column.code &&
  !isId(column) &&
  (column.unit !== null || column.kind === 'integer' || column.kind === 'number' || column.kind === 'decimal');

function unitMark({ unit }: Column, language: string): string | undefined {
  if (unit === 'percent') return '%';
  if (unit === 'seconds') return language === 'vi' ? 'g:ph:gi' : 'h:mm:ss';
  return undefined;
}

interface CellProps {
  report: Report;
  column: Column;
  seen: SeenRow;
  zone: string;
  writing: Writing;
  most: ReadonlyMap<string, number>;
  isFirst: boolean;
  onOpen: OnOpen | undefined;
}

function Cell({ report, column, seen, zone, writing, most, isFirst, onOpen }: CellProps) {
  const { words, names } = useSpoken();
  const { row } = seen;
  const value = row[column.name];
  const text = typeof value === 'string' ? wordOf(value, names, column) : undefined;
  const written =
    text !== undefined && !isAmount(column) ? writing.cell(column, text, zone) : writing.cell(column, value, zone);
  const color = report.columns.find(({ kind, of }) => kind === 'color' && of === column.name);
  const swatch = color ? String(row[color.name] ?? '') : '';
  const base = baseOf(column, row);
  const isThin = base !== undefined && base < thinBelow;
  const canOpen = onOpen !== undefined && Number(value) > 0 && !seen.isGone && hasRows(report, column);
  const inner = (
    <>
      {swatch !== '' && <span className="swatch" style={{ background: swatch }} aria-hidden="true" />}
      {column.tones && text !== undefined ? (
        <span className="tone" data-tone={column.tones[String(value)]}>
          {written}
        </span>
      ) : (
        written
      )}
    </>
  );
  const content = canOpen ? (
    <UnstyledButton className="number" onClick={() => onOpen(row, column)} title={words.showCalls}>
      {inner}
    </UnstyledButton>
  ) : (
    inner
  );
  const Tag = isFirst ? 'th' : 'td';
  return (
    <Tag
      {...(isFirst && { scope: 'row' })}
      data-amount={isAmount(column) || undefined}
      data-thin={isThin || undefined}
      dir={isAmount(column) ? undefined : 'auto'}
    >
      {content}
      {isThin && (
        <span className="thin" title={words.thinAbout}>
          {words.thin(writing.number(base))}
        </span>
      )}
      <Change column={column} seen={seen} zone={zone} />
      {isCount(column) && <Bar value={figureOf(row, column.name) ?? 0} most={most.get(column.name) ?? 0} />}
    </Tag>
  );
}

/** Whether the API lists what a figure counts. */
export const hasRows = ({ behind }: Report, { name }: Column): boolean => behind.figures.includes(name);

function toMost(columns: readonly Column[], rows: readonly SeenRow[]): ReadonlyMap<string, number> {
  return new Map(
    columns.filter(isCount).map(({ name }) => [name, Math.max(0, ...rows.map(({ row }) => figureOf(row, name) ?? 0))]),
  );
}

/** Whether a row has a text in any of its words. */
function toFilter(columns: readonly Column[], text: string): (seen: SeenRow) => boolean {
  const wanted = fold(text);
  if (wanted === '') return () => true;
  const names = columns.filter((column) => !isAmount(column)).map(({ name }) => name);
  return ({ row }) => names.some((name) => fold(String(row[name] ?? '')).includes(wanted));
}

/** A sorting as the address has it: `dials`, or `-dials` for the largest first. */
function readSort(text: string | undefined): [name: string | undefined, isDown: boolean] {
  if (!text) return [undefined, false];
  return text.startsWith('-') ? [text.slice(1), true] : [text, false];
}

/** Numbers begin with the largest, names with the first; the third time it is as the report has it. */
function nextSort(column: Column, sort: string | undefined): string | undefined {
  const first = isAmount(column) ? `-${column.name}` : column.name;
  const second = isAmount(column) ? column.name : `-${column.name}`;
  if (sort === first) return second;
  return sort === second ? undefined : first;
}

function toSorted(rows: SeenRow[], columns: readonly Column[], sort: string | undefined): SeenRow[] {
  const [name, isDown] = readSort(sort);
  const column = columns.find((one) => one.name === name);
  if (!column) return rows;
  const sign = isDown ? -1 : 1;
  const order = isAmount(column)
    ? (one: SeenRow, other: SeenRow) =>
        sign * ((figureOf(one.row, column.name) ?? -1) - (figureOf(other.row, column.name) ?? -1))
    : (one: SeenRow, other: SeenRow) =>
        sign * String(one.row[column.name] ?? '').localeCompare(String(other.row[column.name] ?? ''));
  return rows.toSorted(order);
}
