/** Parts of a log by time: the conditions that find their rows in SQL, and the dating of rows without a date. */
import { openLocalTime, toWallClock } from '../../local-time.ts';
import { firstEpoch, isEpoch, type Timed } from '../start.ts';

/** A part of a log: from a wall clock on, and before another. */
export interface Period {
  from: string;
  end: string;
}

// A date of before 1971 is none.
const firstDate = '1971-01-01 00:00:00';

/** SQL of rows `t` of a log that have no date: an index has them before all others. */
export const isUndated = (column: string): string => `(t.${column} IS NULL OR t.${column} < '${firstDate}')`;
/** SQL of rows without a date whose epoch lies between two values. */
export const isOfEpochs = `${isUndated('call_date')} AND t.start_epoch >= ? AND t.start_epoch < ?`;
/** SQL of rows within a period, by date or by epoch: for the four values that `boundsOf` gives. */
export const isWithin = `(t.call_date >= ? AND t.call_date < ? OR ${isOfEpochs})`;
/** SQL of rows of a period whose date or epoch is of it, for the same values: where another column finds the rows. */
export const isOf = '(t.call_date >= ? AND t.call_date < ? OR t.start_epoch >= ? AND t.start_epoch < ?)';
/** SQL of rows that nothing dates, for the epoch from which one is of the future. */
export const isTimeless = `${isUndated('call_date')} AND (t.start_epoch IS NULL OR t.start_epoch < ${firstEpoch} OR t.start_epoch >= ?)`;

/** Dates rows of logs whose wall clocks are of a zone. */
export interface LogClock {
  toEpoch(local: string): number;
  boundsOf(period: Period): [from: string, end: string, fromEpoch: number, endEpoch: number];
  /** A row, with the wall clock of its epoch when it has no date. */
  date<Row extends Timed>(row: Row): Row & { call_date: string };
}

/** Opens the clock of a zone. */
export function openLogClock(zone: string): LogClock {
  const readLocal = openLocalTime(zone);
  const toEpoch = (local: string) => Math.max(firstEpoch, Math.floor((readLocal(local) ?? 0) / 1000));
  return {
    toEpoch,
    boundsOf: ({ from, end }) => [from, end, toEpoch(from), toEpoch(end)],
    date(row) {
      const { call_date, start_epoch } = row;
      const date =
        readLocal(call_date) !== undefined || !isEpoch(start_epoch)
          ? (call_date ?? '')
          : toWallClock(start_epoch * 1000, zone);
      return { ...row, call_date: date };
    },
  };
}
