/** Rows of two windows side by side: which belong together, what each figure was in the other window, and how it changed. */
import {
  changeOf,
  comparedColumns,
  idleVerdicts,
  isBetter,
  namingColumns,
  type Occurrences,
  zeroOf,
} from './change.ts';
import type { Report } from './report.ts';
import { type ComparedQuestion, rowPlaces } from './row-places.ts';

type Row = Readonly<Record<string, unknown>>;

/** A row of the answer, or one that the other window alone has, beside what it was there. */
export interface ComparedRow {
  /** The columns that tell it from all other rows. */
  key: Row;
  /** Its figures in the other window; of a bucket its name there as well, where that is another. */
  previous: Row;
  change: Readonly<Record<string, number | null>>;
  better: Readonly<Record<string, boolean | null>>;
  /** What a row that the other window alone has is called. */
  named?: Row;
}

/** The rows of two windows, with their hidden columns. */
export interface RowsOfBoth {
  /** The rows of the answer. */
  data: readonly Row[];
  /** The rows of the part of its window that is compared. */
  current: readonly Row[];
  /** The rows of the other window. */
  other: readonly Row[];
}

/** What came of a comparison. */
export interface ComparedRows {
  /** Each row of the answer, and behind them the rows that the other window alone has. */
  compared: ComparedRow[];
  /** These as the answer would show them: nothing of what they were. */
  gone: Row[];
}

/** Each row of an answer beside what it was in the other window, and behind them the rows that the other window alone has. */
export function compareRows(question: ComparedQuestion, { data, current, other }: RowsOfBoth): ComparedRows {
  const { report } = question;
  const places = rowPlaces(question);
  const [zeroes, zeroesThere] = [toZeroes(report, current), toZeroes(report, other)];
  const figures = comparedColumns(report.columns);
  const now = new Map(current.map((row) => [places.here(row), row]));
  const then = new Map(other.map((row) => [places.there(row), row]));
  const compare = (place: string, key: Row, occurrences: Occurrences | undefined): ComparedRow => {
    const present = now.get(place) ?? zeroes;
    const past = then.get(place) ?? zeroesThere;
    const changes = figures.map((figure) => {
      const change = occurrences ? changeOf(figure, present, past, occurrences) : null;
      return { name: figure[0], change, better: isBetter(figure[1].better, change) };
    });
    return {
      key,
      previous: {
        ...(occurrences && places.nameThere(place, key)),
        ...Object.fromEntries(figures.map(([name]) => [name, past[name]])),
      },
      change: Object.fromEntries(changes.map(({ name, change }) => [name, change])),
      better: Object.fromEntries(changes.map(({ name, better }) => [name, better])),
    };
  };
  const rows = data.map((row) => compare(places.here(row), pick(row, report.key), places.occurrences(row)));
  const known = new Set(data.map(places.here));
  const onlyThere = other.filter((row) => !known.has(places.there(row)));
  const naming = namingColumns(report);
  const zeroed = {
    ...pick(
      zeroes,
      figures.map(([name]) => name),
    ),
    ...idleVerdicts(report.columns),
  };
  return {
    compared: [
      ...rows,
      ...onlyThere.map((row) => ({
        ...compare(places.there(row), places.keyHere(row), places.occurrencesThere(row)),
        named: pick(row, naming),
      })),
    ],
    gone: onlyThere.map((row) => ({ ...pick(row, Object.keys(report.columns)), ...places.keyHere(row), ...zeroed })),
  };
}

/** A row of nothing beside these: what they have together is its whole as well. */
function toZeroes({ columns, hidden }: Report, rows: readonly Row[]): Row {
  const figures = Object.entries({ ...columns, ...hidden }).map(([name, column]) => [name, zeroOf(column)]);
  const wholes = comparedColumns(columns).flatMap(([, { ratio }]) =>
    ratio?.of_all && rows[0] ? [[ratio.of, rows[0][ratio.of]]] : [],
  );
  return Object.fromEntries([...figures, ...wholes]);
}

const pick = (row: Row, names: readonly string[]): Row => Object.fromEntries(names.map((name) => [name, row[name]]));
