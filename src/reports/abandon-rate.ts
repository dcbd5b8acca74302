/** Is a campaign within the legal limit on abandoned calls right now, how close is it, and when was it over? */
import { type AbandonTerms, isOverLimit, minuteMs, moreAllowed } from '../engine/abandon.ts';
import { historySpan, readAbandonHistory } from '../engine/abandon-history.ts';
import { choice, flag, instant, integer, number, shareOf, text } from '../engine/columns.ts';
import * as metrics from '../engine/metrics.ts';
import { count, pastInstant, yesOrNo } from '../engine/params.ts';
import { defineLiveReport, type RunQuery } from '../engine/report.ts';
import { dayMs, hourMs } from '../engine/time.ts';
import { type Sql, sql, toIso } from '../sql.ts';
import { abandonBases, campaignStatuses } from '../tables.ts';

const measured = {
  attempts_total: integer('Attempts', 'Attempts in the window: dials, or answers with basis live_answers', 'calls', {
    better: 'neither',
  }),
  attempts_abandoned: integer('Abandoned', 'Answered by a person, but no agent came on the line', 'calls', {
    figure: 'abandoned',
    better: 'less',
  }),
  abandon_rate_pct: number('Abandon rate', 'attempts_abandoned / attempts_total x 100', 2, 'percent', {
    better: 'less',
    ratio: shareOf('attempts_abandoned', 'attempts_total'),
  }),
};

export default defineLiveReport({
  name: 'abandon-rate',
  title: 'Abandon rate',
  about:
    'The legal limit, live: which share of calls was dropped on a campaign over its window, and how many more it may drop.',
  params: {
    as_of: pastInstant('The window ends here instead of now (for audits). What came in later counts all the same'),
    breaches_days: { ...count('How many days of breaches to list (default 7)', 1, 90), default: '7' },
    history: yesOrNo('1: also the rate at each hour of the 7 days before, for a chart (not in files and streams)'),
  },
  columns: {
    campaign_id: integer('Campaign id', 'Campaign'),
    ...measured,
    window_minutes: integer('Window', 'Length of the window', 'minutes', { better: 'neither', is_standing: true }),
    window_from: instant('From', 'Start of the window'),
    window_to: instant('To', 'End of the window, exclusive'),
    tenant_id: integer('Tenant id', 'Tenant'),
    campaign_name: text('Campaign', 'Campaign name'),
    campaign_status: choice('Status', 'Campaign status', campaignStatuses),
    limit_pct: number('Limit', 'Allowed abandon rate', 6, 'percent', { better: 'neither', is_standing: true }),
    breached: flag('Breached', 'Whether the unrounded rate is above the limit'),
    basis: choice('Basis', 'What attempts_total counts: dials, or calls answered live by a person', abandonBases),
    answers_total: integer('Answers', 'Dials that a person picked up', 'calls', { figure: 'answers', better: 'more' }),
    live_abandon_rate_pct: number(
      'Live abandon rate',
      'attempts_abandoned / answers_total x 100, whatever the basis',
      2,
      'percent',
      { figure: 'live_abandon_rate_pct', better: 'less', ratio: shareOf('attempts_abandoned', 'answers_total') },
    ),
    allowed_more: integer('Allowed more', 'How many more calls could be dropped without a breach', 'calls', {
      better: 'more',
    }),
  },
  span: { from: 'window_from', to: 'window_to' },
  picture: { kind: 'gauge', value: 'abandon_rate_pct', limit: 'limit_pct' },
  sample: { rows: 1, row: () => ({ campaign_id: 43, tenant_id: 1 }) },
  parts: {
    breaches: {
      title: 'Breaches',
      about: 'the worst minute over the limit of each UTC hour, the latest first',
      key: ['window_to'],
      columns: {
        window_from: instant('From', 'Start of the window'),
        window_to: instant('To', 'End of the window, exclusive'),
        ...measured,
        limit_pct: number('Limit', 'Allowed abandon rate then', 6, 'percent', { better: 'neither', is_standing: true }),
        recorded_at: instant('Recorded', 'When it was measured'),
      },
    },
    history: {
      title: 'History',
      about:
        'the same window as it ended at each full UTC hour of the last 7 days, and at `window_to`; the oldest first',
      key: ['at'],
      columns: {
        at: instant('At', 'End of the window, exclusive'),
        ...measured,
        breached: flag('Breached', 'Whether the unrounded rate is above the limit of now'),
      },
    },
  },
  counts: {
    of: 'calls',
    but: { attempts_total: { which: ({ campaign }) => metrics.countedBy(attemptsOf(campaign)) } },
  },
  window: ({ now, params, campaign }) => {
    const end = params.as_of ?? now;
    return { from: end - campaign.window_minutes * minuteMs, to: end };
  },
  wider: {
    lastWeek: {
      of: 'calls',
      why: 'The history has the windows that ended at each hour of the last 7 days, which begin before the present one does.',
      span: ({ window, campaign }) => historySpan(window.to, campaign),
      filters: 'asked',
    },
    ledger: {
      of: 'breaches',
      why: 'Breaches are listed for as many days as are asked for, however long or short the campaign\u2019s window is.',
      span: ({ window, params }) => ({ from: window.to - toDays(params) * dayMs, to: window.to }),
      filters: 'asked',
    },
  },
  async measure(query, { calls, lastWeek, ledger }, { tenantId, campaignId, campaign, window, params }) {
    const end = window.to;
    const total = attemptsOf(campaign);
    const [figures] = await query<Figures>(
      sql`SELECT ${total} AS total, ${metrics.abandoned} AS abandoned, ${metrics.answers} AS answers,
          ${metrics.abandonRatePct(2, { part: metrics.abandoned, of: total })} AS rate, ${metrics.liveAbandonRatePct(2)} AS live_rate
        FROM ${calls} AS calls`,
    );
    const { total: attempts, abandoned, answers, rate, live_rate } = figures ?? noFigures;
    const allowedMore = moreAllowed(abandoned, attempts, campaign.limit_millionths);
    return {
      end,
      current: {
        campaign_id: campaignId,
        attempts_total: attempts,
        attempts_abandoned: abandoned,
        abandon_rate_pct: rate,
        window_minutes: campaign.window_minutes,
        window_from: new Date(window.from).toISOString(),
        window_to: new Date(window.to).toISOString(),
        tenant_id: tenantId,
        campaign_name: campaign.name,
        campaign_status: campaign.status,
        limit_pct: campaign.limit_millionths / 1_000_000,
        breached: isOverLimit(abandoned, attempts, campaign.limit_millionths),
        basis: campaign.basis,
        answers_total: answers,
        live_abandon_rate_pct: live_rate,
        allowed_more: allowedMore,
      },
      ledger: await readWorst(query, ledger, end),
      ...(params.history && {
        history: await readAbandonHistory(query, lastWeek, {
          terms: campaign,
          end,
          present: { total: attempts, abandoned },
        }),
      }),
    };
  },
  show: ({ end, current, ledger, history }, params) => ({
    current,
    breaches: latestBreaches(ledger, end - toDays(params) * dayMs),
    ...(history && { history }),
  }),
});

/** What counts as an attempt, by a campaign's terms. */
const attemptsOf = ({ basis }: Pick<AbandonTerms, 'basis'>) => (basis === 'attempts' ? metrics.dials : metrics.answers);

const toDays = ({ breaches_days }: { breaches_days?: number | undefined }) => breaches_days ?? 7;

interface Figures {
  total: number;
  abandoned: number;
  answers: number;
  rate: number;
  live_rate: number;
}

const noFigures: Figures = { total: 0, abandoned: 0, answers: 0, rate: 0, live_rate: 0 };

type Breach = {
  window_from: string;
  window_to: string;
  attempts_total: number;
  attempts_abandoned: number;
  abandon_rate_pct: number;
  limit_pct: number;
  recorded_at: string;
};

/**
 * The ledger's last days before an instant, newest first: of each part of a UTC hour the minute with the highest rate, the
 * earliest on ties. An hour has two parts, before and after that instant's place in it, so that the last days of any number
 * begin between two parts.
 */
function readWorst(query: RunQuery, breaches: Sql, end: number): Promise<Breach[]> {
  const worst = sql`
    SELECT ${toIso(sql`breaches.window_from`)} AS window_from, ${toIso(sql`breaches.window_to`)} AS window_to,
      breaches.attempts_total AS attempts_total, breaches.attempts_abandoned AS attempts_abandoned,
      ${metrics.abandonRatePct(2, { part: sql`breaches.attempts_abandoned`, of: sql`breaches.attempts_total` })} AS abandon_rate_pct,
      toFloat64(breaches.limit_pct) AS limit_pct, ${toIso(sql`breaches.recorded_at`)} AS recorded_at
    FROM ${breaches} AS breaches
    ORDER BY breaches.attempts_abandoned / breaches.attempts_total DESC, breaches.window_to
    LIMIT 1 BY toStartOfHour(breaches.window_to), toUnixTimestamp64Milli(breaches.window_to) % {hour:Int64} > {until:Int64} % {hour:Int64}`.bind(
    { until: end, hour: hourMs },
  );
  return query<Breach>(sql`SELECT * FROM (${worst}) ORDER BY window_to DESC`);
}

/** The breaches after an instant: of each UTC hour the highest rate, the earliest on ties. */
function latestBreaches(worst: readonly Breach[], after: number): Breach[] {
  const byHour = new Map<number, Breach>();
  for (const breach of worst) {
    const at = Date.parse(breach.window_to);
    if (at <= after) break;
    const hour = Math.floor(at / hourMs);
    const later = byHour.get(hour);
    if (!later || !isHigher(later, breach)) byHour.set(hour, breach);
  }
  return [...byHour.values()];
}

/** Whether one rate is above another, as the engine compares them. */
const isHigher = (one: Breach, other: Breach) =>
  one.attempts_abandoned / one.attempts_total > other.attempts_abandoned / other.attempts_total;
