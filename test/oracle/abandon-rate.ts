import { isOfPart, known, type PickBehind } from './plain/behind.ts';
import { count, isAbandoned, isAnswer, isDial } from './plain/calls.ts';
import { compare, decimal, fraction, percent } from './plain/fractions.ts';
import { isAsked, parameter, type Question } from './plain/questions.ts';
import { type Call, type Campaign, readCampaign, type Tenant } from './plain/tenant.ts';
import { DAY, HOUR, instant, iso, MINUTE } from './plain/values.ts';

/** The `data` of the report; no breach was ever recorded in a world. */
export default function abandonRate({ tenant, tenantId, params, now, filters, window }: Question): unknown {
  const id = filters.campaign;
  if (id === null) throw new Error('the ask lacks campaign_id');
  const campaign = tenant.campaigns.get(id) ?? readCampaign({ campaign_id: id, name: `Campaign ${id}` });
  const asOf = parameter(params, 'as_of');
  const to = window?.to ?? (asOf === null ? now : instant(asOf));
  const from = window?.from ?? to - campaign.windowMinutes * MINUTE;
  const dials = tenant.calls.filter((call) => isDial(call) && call.campaign === id && call.at >= from && call.at < to);

  const answers = count(dials, isAnswer);
  const abandoned = count(dials, isAbandoned);
  const attempts = campaign.basis === 'live_answers' ? answers : dials.length;
  const limit = decimal(campaign.limitPct);
  // 100 x (abandoned + n) <= limit x (attempts + n), both sides times the limit's denominator
  const room = limit.n * BigInt(attempts) - 100n * limit.d * BigInt(abandoned);
  const breached = room < 0n;
  return {
    current: {
      campaign_id: id,
      attempts_total: attempts,
      attempts_abandoned: abandoned,
      abandon_rate_pct: Number(percent(abandoned, attempts, 2)),
      window_minutes: campaign.windowMinutes,
      window_from: iso(from),
      window_to: iso(to),
      tenant_id: tenantId,
      campaign_name: campaign.name,
      campaign_status: campaign.status,
      limit_pct: Number(campaign.limitPct),
      breached,
      basis: campaign.basis,
      answers_total: answers,
      live_abandon_rate_pct: Number(percent(abandoned, answers, 2)),
      allowed_more: breached ? 0 : Number(room / (100n * limit.d - limit.n)),
    },
    breaches: [],
    ...(isAsked(params, 'history') && { history: historyOf(tenant, id, campaign, to) }),
  };
}

/** The rate at each full hour of the week up to an instant, and at that instant: every window counted on its own. */
function historyOf(tenant: Tenant, id: number, { windowMinutes, basis, limitPct }: Campaign, end: number): unknown {
  const instants = end % HOUR === 0 ? [] : [end];
  for (let at = end - (end % HOUR); at > end - 7 * DAY; at -= HOUR) instants.unshift(at);
  const calls = tenant.calls.filter((call) => isDial(call) && call.campaign === id);
  const limit = decimal(limitPct);
  return instants.map((at) => {
    const inside = calls.filter((call) => call.at >= at - windowMinutes * MINUTE && call.at < at);
    const attempts = basis === 'live_answers' ? count(inside, isAnswer) : inside.length;
    const abandoned = count(inside, isAbandoned);
    return {
      at: iso(at),
      attempts_total: attempts,
      attempts_abandoned: abandoned,
      abandon_rate_pct: Number(percent(abandoned, attempts, 2)),
      breached: attempts > 0 && compare(fraction(100 * abandoned, attempts), limit) > 0,
    };
  });
}

/** What its figures count. */
export const behind: PickBehind = ({ tenant, filters, params, now }, { column }, part) => {
  const id = filters.campaign;
  const { basis, windowMinutes } = tenant.campaigns.get(id ?? 0) ?? readCampaign({ name: 'of no row' });
  const asOf = parameter(params, 'as_of');
  const to = asOf === null ? now : instant(asOf);
  const columns: Record<string, (call: Call) => boolean> = {
    attempts_total: basis === 'live_answers' ? isAnswer : isDial,
    attempts_abandoned: isAbandoned,
    answers_total: isAnswer,
  };
  return tenant.calls.filter(
    (call) =>
      call.campaign === id &&
      call.at >= to - windowMinutes * MINUTE &&
      call.at < to &&
      known(columns, column)(call) &&
      isOfPart(call, part),
  );
};
