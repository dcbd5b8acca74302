/** Which of our numbers do people still answer, which seem blocked or worn out, and what makes us think so? */
import { healthOf } from '../engine/caller-id-health.ts';
import {
  choice,
  code,
  integer,
  number,
  optionalInstant,
  optionalText,
  per,
  reasons,
  shareOf,
  text,
} from '../engine/columns.ts';
import { toLocal } from '../engine/local-time.ts';
import * as metrics from '../engine/metrics.ts';
import { yesOrNo } from '../engine/params.ts';
import { defineReport } from '../engine/report.ts';
import { dayMs, dayOf } from '../engine/time.ts';
import { type Sql, sql, sqlText as textOf, toIso, sqlInteger as whole } from '../sql.ts';
import { tables } from '../tables.ts';

const { carrier, cli_type, pool_status, daily_cap } = tables.caller_ids.columns;
const healthTones = { healthy: 'good', warning: 'warning', suspected_block: 'bad', no_data: 'neutral' } as const;

export default defineReport({
  name: 'caller-id-health',
  title: 'Caller-ID health',
  about: 'Which caller IDs still get through, which are worn out or blocked, and why.',
  params: { trend: yesOrNo('1: each row has its `trend`, day by day, too (JSON alone)') },
  key: ['cid'],
  columns: {
    cid: code('Caller ID', 'Caller-ID number'),
    display_name: optionalText('Name', 'Internal name'),
    carrier: choice('Carrier', 'Telco', carrier.choices),
    cli_type: choice('Type', 'Number type', cli_type.choices),
    pool_status: choice('Pool status', 'State in the rotation pool', pool_status.choices),
    cooldown_until: optionalInstant('Cooldown until', 'When the cooldown ends'),
    daily_cap: integer('Daily cap', 'Calls a day that it may make', 'calls', { better: 'neither', is_standing: true }),
    total_calls: integer('Dials', 'Dials from this caller ID', 'calls', { figure: 'dials', better: 'neither' }),
    answered_calls: integer('Answers', 'Dials that a person picked up', 'calls', { figure: 'answers', better: 'more' }),
    asr_pct: number('ASR', 'Answer-seizure ratio: answered_calls / total_calls x 100', 1, 'percent', {
      figure: 'answer_rate_pct',
      better: 'more',
      ratio: shareOf('answered_calls', 'total_calls'),
    }),
    acd_sec: integer('ACD', 'Average call duration: talk time / answers', 'seconds', {
      figure: 'acd_sec',
      better: 'neither',
      ratio: per('talk_sec', 'answered_calls'),
    }),
    short_calls: integer('Short calls', 'Conversations below the threshold of a meaningful one', 'calls', {
      figure: 'short_calls',
      better: 'less',
    }),
    short_call_ratio_pct: number('Short-call ratio', 'short_calls / total_calls x 100', 1, 'percent', {
      figure: 'short_call_ratio_pct',
      better: 'less',
      ratio: shareOf('short_calls', 'total_calls'),
    }),
    rejected_calls: integer('Rejected', 'Dials refused by the callee or the network', 'calls', {
      figure: 'rejected',
      better: 'less',
    }),
    health_status: {
      ...choice('Health', 'What the rules say', Object.keys(healthTones), healthTones),
      idle: 'no_data',
    },
    health_calls_today: integer(
      'Dials today',
      'All dials from it since local midnight, whatever the filters',
      'calls',
      { figure: 'dials', better: 'neither', is_standing: true },
    ),
    health_reasons: reasons('Reasons', 'The rules that decided the status: code, value, limit, sample'),
  },
  hidden: { talk_sec: integer('Talk time', 'Agent and customer in conversation', 'seconds', { figure: 'talk_sec' }) },
  parts: {
    trend: {
      title: 'Trend',
      about: 'the days of the window on which it dialed, in order',
      key: ['day'],
      columns: {
        day: text('Day', 'Local date, YYYY-MM-DD'),
        dials: integer('Dials', 'Dials from this caller ID', 'calls', { figure: 'dials', better: 'neither' }),
        answers: integer('Answers', 'Dials that a person picked up', 'calls', { figure: 'answers', better: 'more' }),
        asr_pct: number('ASR', 'answers / dials x 100', 1, 'percent', {
          figure: 'answer_rate_pct',
          better: 'more',
          ratio: shareOf('answers', 'dials'),
        }),
      },
    },
  },
  counts: {
    of: 'calls',
    by: () => ({ cid: sql`toString(calls.cid)` }),
    but: { health_calls_today: { of: 'today' } },
  },
  wider: {
    earlier: {
      of: 'calls',
      why: 'A caller ID is compared with what it did in the days before the window.',
      span: ({ window, settings }) => ({
        from: window.from - settings.health.baseline_days * dayMs,
        to: window.from,
      }),
      filters: 'asked',
    },
    today: {
      of: 'calls',
      why: 'Its daily cap is used up by all that it dials today, whatever the window and for whichever campaign.',
      span: ({ now, timezone }) => dayOf(now, timezone),
      filters: 'none',
    },
  },
  sample: {
    rows: 12,
    row: (row) => ({ cid: `02${String(87_300_000 + row * 1117).padStart(9, '0')}` }),
  },
  sql: ({ calls, callerIds, earlier, today }, { window, timezone, settings, params }, { by }) => {
    const { held, status, why } = healthOf(settings.health, {
      dials: sql`counted.dials`,
      answers: sql`counted.answers`,
      shortCalls: sql`counted.short_calls`,
      rejected: sql`counted.rejected`,
      baselineDials: sql`earlier.dials`,
      baselineAnswers: sql`earlier.answers`,
      dialsToday: sql`today.dials`,
      dailyCap: sql`if(known.cid = '', 0, known.daily_cap)`,
    });
    return sql`
      WITH ${held} AS held
      SELECT
        toString(listed.cid) AS cid,
        if(known.display_name = '', NULL, known.display_name) AS display_name,
        if(known.cid = '', ${textOf(carrier.default)}, toString(known.carrier)) AS carrier,
        if(known.cid = '', ${textOf(cli_type.default)}, toString(known.cli_type)) AS cli_type,
        if(known.cid = '', ${textOf(pool_status.default)}, toString(known.pool_status)) AS pool_status,
        ${toIso(sql`known.cooldown_until`)} AS cooldown_until,
        if(known.cid = '', ${whole(Number(daily_cap.default))}, known.daily_cap) AS daily_cap,
        counted.dials AS total_calls,
        counted.answers AS answered_calls,
        ${metrics.answerRatePct(1, { part: sql`counted.answers`, of: sql`counted.dials` })} AS asr_pct,
        counted.acd_sec AS acd_sec,
        counted.short_calls AS short_calls,
        ${metrics.shortCallPct(1, { part: sql`counted.short_calls`, of: sql`counted.dials` })} AS short_call_ratio_pct,
        counted.rejected AS rejected_calls,
        ${status} AS health_status,
        today.dials AS health_calls_today,
        ${why} AS health_reasons,
        counted.talk_sec AS talk_sec${params.trend ? sql`, daily.trend AS trend` : sql``}
      FROM (
        SELECT caller_ids.cid AS cid FROM ${callerIds} AS caller_ids
        UNION DISTINCT
        SELECT ${by.cid} FROM ${calls} AS calls WHERE calls.is_dial AND calls.cid != ''
      ) AS listed
      LEFT JOIN ${callerIds} AS known ON known.cid = listed.cid
      LEFT JOIN (
        SELECT ${by.cid} AS cid, ${metrics.dials} AS dials, ${metrics.answers} AS answers, ${metrics.acdSec} AS acd_sec, ${metrics.talkSec} AS talk_sec,
          ${metrics.shortCalls} AS short_calls, ${metrics.rejected} AS rejected
        FROM ${calls} AS calls GROUP BY cid
      ) AS counted ON counted.cid = listed.cid
      LEFT JOIN (
        SELECT ${by.cid} AS cid, ${metrics.dials} AS dials, ${metrics.answers} AS answers
        FROM ${earlier} AS calls GROUP BY cid
      ) AS earlier ON earlier.cid = listed.cid
      LEFT JOIN (
        SELECT ${by.cid} AS cid, ${metrics.dials} AS dials
        FROM ${today} AS calls GROUP BY cid
      ) AS today ON today.cid = listed.cid
      ${params.trend ? sql`LEFT JOIN (${toTrend(calls, by.cid, toLocal(sql`calls.started_at`, timezone, window))}) AS daily ON daily.cid = listed.cid` : sql``}
      ORDER BY total_calls DESC, cid`;
  },
});

/** Of each caller ID, the days on which it dialed. */
function toTrend(calls: Sql, cid: Sql, local: Sql): Sql {
  return sql`
    SELECT days.cid AS cid, CAST(arraySort(groupArray((days.day, days.dials, days.answers, days.asr_pct))),
      'Array(Tuple(day String, dials UInt64, answers UInt64, asr_pct Float64))') AS trend
    FROM (
      SELECT ${cid} AS cid, toString(toDate(${local})) AS day, ${metrics.dials} AS dials,
        ${metrics.answers} AS answers, ${metrics.answerRatePct(1)} AS asr_pct
      FROM ${calls} AS calls WHERE calls.is_dial GROUP BY cid, day
    ) AS days GROUP BY days.cid`;
}
