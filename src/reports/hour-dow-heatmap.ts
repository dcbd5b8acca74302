/** At which hours of which weekdays do people pick up? */
import { integer, number, shareOf, upTo } from '../engine/columns.ts';
import { toLocal } from '../engine/local-time.ts';
import * as metrics from '../engine/metrics.ts';
import { defineReport } from '../engine/report.ts';
import { sql } from '../sql.ts';

export default defineReport({
  name: 'hour-dow-heatmap',
  title: 'Hour x weekday heatmap',
  about: 'When people pick up: 7 days x 24 hours, in the time zone asked for.',
  key: ['day_of_week', 'hour'],
  columns: {
    day_of_week: upTo(6, integer('Weekday', '0 = Sunday ... 6 = Saturday')),
    hour: upTo(23, integer('Hour', 'Hour of the day, 0-23')),
    dials: integer('Dials', 'Dial attempts in the slot', 'calls', { figure: 'dials', better: 'neither' }),
    answered: integer('Answered', 'Dials that a person picked up', 'calls', { figure: 'answers', better: 'more' }),
    answer_rate_pct: number('Answer rate', 'answered / dials x 100', 1, 'percent', {
      figure: 'answer_rate_pct',
      better: 'more',
      ratio: shareOf('answered', 'dials'),
    }),
  },
  counts: {
    of: 'calls',
    by: ({ timezone, window }) => {
      const local = toLocal(sql`calls.started_at`, timezone, window);
      return { day_of_week: sql`toDayOfWeek(${local}, 2)`, hour: sql`toHour(${local})` };
    },
  },
  times: { kind: 'slots', weekday: 'day_of_week', hour: 'hour' },
  picture: {
    kind: 'grid',
    down: {
      column: 'day_of_week',
      labels: ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'],
    },
    across: { column: 'hour', labels: Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, '0')) },
    value: 'answer_rate_pct',
    without: 'a dial',
    note: 'Empty: no dial in that hour. Few dials make a rate that chance made.',
  },
  sample: { rows: 7 * 24, row: (row) => ({ day_of_week: Math.floor(row / 24), hour: row % 24 }) },
  sql: ({ calls }, _, { by }) => sql`
    SELECT
      intDiv(slot.number, 24) AS day_of_week,
      slot.number % 24 AS hour,
      counted.dials AS dials,
      counted.answered AS answered,
      counted.answer_rate_pct AS answer_rate_pct
    FROM numbers(168) AS slot
    LEFT JOIN (
      SELECT
        toUInt64(${by.day_of_week} * 24 + ${by.hour}) AS number,
        ${metrics.dials} AS dials,
        ${metrics.answers} AS answered,
        ${metrics.answerRatePct(1)} AS answer_rate_pct
      FROM ${calls} AS calls GROUP BY number
    ) AS counted ON counted.number = slot.number
    ORDER BY day_of_week, hour`,
});
