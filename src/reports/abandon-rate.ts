import { readAbandonHistory } from '../engine/abandon-history.ts';
import { choice, flag, instant, integer, number, text } from '../engine/columns.ts';
import * as metrics from '../engine/metrics.ts';
import { count, pastInstant, yesOrNo } from '../engine/params.ts';
import { defineLiveReport } from '../engine/report.ts';
import { percent } from '../engine/round.ts';
import { sql } from '../sql.ts';

const minuteMs = 60_000;

const measured = {
  attempts_total: integer('Attempts', 'Attempts in the window: dials, or answers with basis live_answers', 'calls'),
  attempts_abandoned: integer('Abandoned', 'Answered by a person, but no agent came on the line', 'calls'),
  abandon_rate_pct: number('Abandon rate', 'attempts_abandoned / attempts_total x 100', 2, 'percent'),
};

interface Campaign {
  name: string;
  status: string;
  limit_pct: number;
  window_minutes: number;
  basis: 'attempts' | 'live_answers';
  limit_millionths: number;
}

export default defineLiveReport({
  name: 'abandon-rate',
  title: 'Abandon rate',
  about:
    'The legal limit, live: which share of calls was dropped on a campaign over its window, and how many more it may drop.',
  params: {
    as_of: pastInstant('The window ends here instead of now (for audits). What came in later counts all the same'),
    breaches_days: count('How many days of breaches to list (default 7)', 1, 90),
    history: yesOrNo('1: also the rate at each hour of the 7 days before, for a chart (not in files)'),
  },
  columns: {
    campaign_id: integer('Campaign id', 'Campaign'),
    ...measured,
    window_minutes: integer('Window', 'Length of the window', 'minutes'),
    window_from: instant('From', 'Start of the window'),
    window_to: instant('To', 'End of the window, exclusive'),
    tenant_id: integer('Tenant id', 'Tenant'),
    campaign_name: text('Campaign', 'Campaign name'),
    campaign_status: choice('Status', 'Campaign status', ['draft', 'active', 'paused', 'completed']),
    limit_pct: number('Limit', 'Allowed abandon rate', 6, 'percent'),
    breached: flag('Breached', 'Whether the unrounded rate is above the limit'),
    basis: choice('Basis', 'What attempts_total counts: dials, or calls answered live by a person', [
      'attempts',
      'live_answers',
    ]),
    answers_total: integer('Answers', 'Dials that a person picked up', 'calls'),
    live_abandon_rate_pct: number(
      'Live abandon rate',
      'attempts_abandoned / answers_total x 100, whatever the basis',
      2,
      'percent',
    ),
    allowed_more: integer('Allowed more', 'How many more calls could be dropped without a breach', 'calls'),
  },
  breachColumns: {
    window_from: instant('From', 'Start of the window'),
    window_to: instant('To', 'End of the window, exclusive'),
    ...measured,
    limit_pct: number('Limit', 'Allowed abandon rate then', 6, 'percent'),
    recorded_at: instant('Recorded', 'When it was measured'),
  },
  extras: {
    history: {
      meaning:
        'the same window as it ended at each full UTC hour of the last 7 days, and at `window_to`; the oldest first',
      columns: {
        at: instant('At', 'End of the window, exclusive'),
        ...measured,
        breached: flag('Breached', 'Whether the unrounded rate is above the limit of now'),
      },
    },
  },
  async run(query, { tenantId, campaignId, now, params, open }) {
    const end = params.as_of ?? now;
    const campaigns = open({ from: end, to: end }, {}).campaigns;
    const [found] = await query<Campaign>(
      sql`SELECT known.name AS name, known.status AS status, toFloat64(known.abandon_limit_pct) AS limit_pct,
          known.abandon_window_minutes AS window_minutes, known.abandon_basis AS basis,
          toInt64(toDecimal64(known.abandon_limit_pct, 6) * 1000000) AS limit_millionths
        FROM ${campaigns} AS known WHERE known.campaign_id = {campaign:UInt64}`.bind({ campaign: campaignId }),
    );
    const campaign = found ?? unnamed(campaignId);
    const window = { from: end - campaign.window_minutes * minuteMs, to: end };
    const total = campaign.basis === 'attempts' ? metrics.dials : metrics.answers;
    const [figures] = await query<Figures>(
      sql`SELECT ${total} AS total, ${metrics.abandoned} AS abandoned, ${metrics.answers} AS answers,
          ${percent(metrics.abandoned, total, 2)} AS rate, ${percent(metrics.abandoned, metrics.answers, 2)} AS live_rate
        FROM ${open(window, { campaignId }).calls} AS calls`,
    );
    const { total: attempts, abandoned, answers, rate, live_rate } = figures ?? noFigures;
    const points = params.history
      ? await readAbandonHistory(query, {
          campaignId,
          basis: campaign.basis,
          windowMs: window.to - window.from,
          end,
          present: { total: attempts, abandoned },
          open,
        })
      : undefined;
    const allowedMore = moreAllowed(abandoned, attempts, campaign.limit_millionths);
    return {
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
        limit_pct: campaign.limit_pct,
        breached: isBreached(abandoned, attempts, campaign.limit_millionths),
        basis: campaign.basis,
        answers_total: answers,
        live_abandon_rate_pct: live_rate,
        allowed_more: allowedMore,
      },
      breaches: [],
      ...(points && {
        history: points.map((point) => ({
          ...point,
          breached: isBreached(point.attempts_abandoned, point.attempts_total, campaign.limit_millionths),
        })),
      }),
    };
  },
});

interface Figures {
  total: number;
  abandoned: number;
  answers: number;
  rate: number;
  live_rate: number;
}

const noFigures: Figures = { total: 0, abandoned: 0, answers: 0, rate: 0, live_rate: 0 };

function unnamed(campaignId: number): Campaign {
  return {
    name: `Campaign ${campaignId}`,
    status: 'active',
    limit_pct: 3,
    window_minutes: 43_200,
    basis: 'attempts',
    limit_millionths: 3_000_000,
  };
}

/** Whether abandoned / total x 100 is above the limit, in whole numbers: the limit is given in millionths of a percent. */
function isBreached(abandoned: number, total: number, limitMillionths: number): boolean {
  return BigInt(abandoned) * 100_000_000n > BigInt(limitMillionths) * BigInt(total);
}

/** The largest n >= 0 with 100 x (abandoned + n) <= limit x (total + n), 0 when breached. */
function moreAllowed(abandoned: number, total: number, limitMillionths: number): number {
  const limit = BigInt(limitMillionths);
  const room = limit * BigInt(total) - 100_000_000n * BigInt(abandoned);
  return room < 0n ? 0 : Number(room / (100_000_000n - limit));
}
