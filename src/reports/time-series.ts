/** How do calls, answers, talk time and conversions change from day to day, week to week or hour to hour? */
import { integer, text } from '../engine/columns.ts';
import { toLocal } from '../engine/local-time.ts';
import * as metrics from '../engine/metrics.ts';
import { oneOf } from '../engine/params.ts';
import { defineReport } from '../engine/report.ts';
import { type Sql, sql } from '../sql.ts';

/** What a call belongs to by its local time, as numbers that are quick to group by. */
const slots = {
  day: (local: Sql) => sql`(toDate(${local}), 0)`,
  week: (local: Sql) => sql`(toMonday(toDate(${local})), 0)`,
  hour: (local: Sql) => sql`(toDate(${local}), toHour(${local}))`,
};

/** A slot as the contract writes it. */
const labels = {
  day: (slot: Sql) => sql`toString(${slot}.1)`,
  week: (slot: Sql) => sql`formatDateTime(${slot}.1, '%G-W%V')`,
  hour: (slot: Sql) => sql`concat(toString(${slot}.1), ' ', leftPad(toString(${slot}.2), 2, '0'), ':00:00')`,
};

type Unit = keyof typeof slots;
const unitOf = ({ group_by }: { group_by?: Unit | undefined }) => group_by ?? 'day';

// Every label that exists in a window covers one of these instants: its first, its last, or a quarter of an hour between.
const quarters = (from: number, to: number) =>
  sql`
  SELECT fromUnixTimestamp64Milli(arrayJoin(arrayConcat([{first:Int64}, {last:Int64}],
    range({begin:Int64}, {last:Int64}, 900000))), 'UTC') AS at`.bind({
    first: from,
    last: to - 1,
    begin: Math.ceil(from / 900_000) * 900_000,
  });

export default defineReport({
  name: 'time-series',
  title: 'Time series',
  about: 'Dials, answers, talk time and conversions by day, week or hour, in the time zone asked for.',
  params: {
    group_by: {
      ...oneOf('Length of a bucket: day (default), week (ISO 8601) or hour', ['day', 'week', 'hour']),
      default: 'day',
    },
    fill: oneOf('zero: also one row for each bucket of the window without a dial', ['zero']),
  },
  key: ['bucket'],
  columns: {
    bucket: text('Bucket', 'Local time: YYYY-MM-DD, YYYY-Www (ISO 8601) or YYYY-MM-DD HH:00:00'),
    dials: integer('Dials', 'Dial attempts in the bucket', 'calls', { figure: 'dials', better: 'neither' }),
    answers: integer('Answers', 'Dials that a person picked up', 'calls', { figure: 'answers', better: 'more' }),
    talk_sec: integer('Talk time', 'Agent and customer in conversation', 'seconds', {
      figure: 'talk_sec',
      better: 'neither',
    }),
    conversions: integer('Conversions', 'Dials that converted', 'calls', { figure: 'conversions', better: 'more' }),
  },
  counts: {
    of: 'calls',
    only: sql`calls.is_dial`,
    by: ({ timezone, window, params }) => {
      const unit = unitOf(params);
      return { bucket: labels[unit](slots[unit](toLocal(sql`calls.started_at`, timezone, window))) };
    },
  },
  times: { kind: 'series', column: 'bucket', unit: unitOf },
  picture: { kind: 'line', along: 'bucket', values: ['dials', 'answers', 'conversions'] },
  sample: {
    rows: 12,
    row: (row) => ({ bucket: new Date(Date.UTC(2026, 5, 1 + row)).toISOString().slice(0, 10) }),
  },
  sql: ({ calls }, { timezone, window, params }, { only }) => {
    const unit = unitOf(params);
    const slotOf = (instant: Sql) => slots[unit](toLocal(instant, timezone, window));
    const quiet = sql`SELECT DISTINCT ${slotOf(sql`quarters.at`)} AS slot, toUInt64(0) AS dials, toUInt64(0) AS answers,
        toUInt64(0) AS talk_sec, toUInt64(0) AS conversions FROM (${quarters(window.from, window.to)}) AS quarters`;
    const busy = sql`SELECT ${slotOf(sql`calls.started_at`)} AS slot, ${metrics.dials} AS dials,
        ${metrics.answers} AS answers, ${metrics.talkSec} AS talk_sec, ${metrics.conversions} AS conversions
      FROM ${calls} AS calls WHERE ${only} GROUP BY slot`;
    return sql`
      SELECT
        ${labels[unit](sql`slot`)} AS bucket,
        sum(buckets.dials) AS dials,
        sum(buckets.answers) AS answers,
        sum(buckets.talk_sec) AS talk_sec,
        sum(buckets.conversions) AS conversions
      FROM (${busy} ${params.fill === 'zero' ? sql`UNION ALL ${quiet}` : sql``}) AS buckets
      GROUP BY slot
      ORDER BY slot`;
  },
});
