import { callsBehind, isOfPart, type PickBehind } from './plain/behind.ts';
import { count, group, isAnswer, isDial, isRejected, isShorterThan, total } from './plain/calls.ts';
import {
  average,
  compare,
  decimal,
  type Fraction,
  fixed,
  fraction,
  percent,
  times,
  wilsonUpper,
} from './plain/fractions.ts';
import { bucketLabel, dayStart, isAsked, local, passes, type Question, windowed } from './plain/questions.ts';
import type { Call } from './plain/tenant.ts';
import { byBytes, DAY } from './plain/values.ts';
import type { Thresholds } from './plain/world.ts';

interface Reason {
  code: string;
  value: number;
  limit: number;
  sample: number;
}

interface Verdict {
  status: string;
  reasons: Reason[];
}

/** What the rules see of one caller ID: its dials in the window, before it, and today; null for a cap it has not. */
interface Health {
  dials: Call[];
  earlier: Call[];
  today: number;
  cap: number | null;
}

const HUNDRED = fraction(100);

/** A percentage as written, as a share of one. */
const share = (percentage: string) => times(decimal(percentage), fraction(1, 100));

function judge({ dials, earlier, today, cap }: Health, thresholds: Thresholds): Verdict {
  const sample = dials.length;
  const { minDials } = thresholds;
  if (sample < minDials) {
    return { status: 'no_data', reasons: [{ code: 'too_few_dials', value: sample, limit: minDials, sample }] };
  }
  const upper = wilsonUpper(count(dials, isAnswer), sample);
  const rejected = fraction(count(dials, isRejected), sample);
  const short = fraction(count(dials, isShorterThan(thresholds.meaningfulSec)), sample);
  const earlierAsr =
    earlier.length < thresholds.baselineMinDials ? null : fraction(count(earlier, isAnswer), earlier.length);

  const inPercent = (ratio: Fraction) => Number(fixed(times(ratio, HUNDRED), 2));
  const reason = (code: string, value: Fraction, limit: Fraction) => ({
    code,
    value: inPercent(value),
    limit: inPercent(limit),
    sample,
  });

  const suspected: Reason[] = [];
  if (earlierAsr !== null) {
    const half = times(earlierAsr, share(thresholds.blockBelowBaseline));
    if (compare(upper, half) < 0) suspected.push(reason('asr_collapsed', upper, half));
  }
  const floor = share(thresholds.blockBelowAsr);
  if (compare(upper, floor) < 0) suspected.push(reason('asr_floor', upper, floor));
  const high = share(thresholds.blockRejected);
  if (compare(rejected, high) >= 0) suspected.push(reason('rejected_high', rejected, high));
  if (suspected.length > 0) return { status: 'suspected_block', reasons: suspected };

  const warning: Reason[] = [];
  if (earlierAsr !== null) {
    const most = times(earlierAsr, share(thresholds.warnBelowBaseline));
    if (compare(upper, most) < 0) warning.push(reason('asr_dropped', upper, most));
  }
  const many = share(thresholds.warnShortCalls);
  if (compare(short, many) > 0) warning.push(reason('short_calls', short, many));
  const raised = share(thresholds.warnRejected);
  if (compare(rejected, raised) >= 0) warning.push(reason('rejected_raised', rejected, raised));
  if (cap !== null && today >= cap) {
    warning.push({ code: 'daily_cap_reached', value: today, limit: cap, sample: today });
  }
  return { status: warning.length > 0 ? 'warning' : 'healthy', reasons: warning };
}

/** What a caller ID did on each local day on which it dialed. */
function trendOf(own: Call[], zone: string): unknown {
  return [...group(own, (call) => bucketLabel(call.at, zone, 'day'))]
    .sort(([a], [b]) => byBytes(a, b))
    .map(([day, ofDay]) => {
      const answers = count(ofDay, isAnswer);
      return { day, dials: ofDay.length, answers, asr_pct: Number(percent(answers, ofDay.length, 1)) };
    });
}

/** The `data` of the report. */
export default function callerIdHealth(question: Question): unknown {
  const { tenant, filters, now, zone, from, dials, thresholds, params } = windowed(question);
  const today = local(now, zone).toPlainDate();
  const midnight = dayStart(today, zone);
  const nextMidnight = dayStart(today.add({ days: 1 }), zone);
  const byCid = (calls: Call[]) => group(calls.filter(isDial), (call) => call.cid);
  const dialsToday = byCid(tenant.calls.filter((call) => call.at >= midnight && call.at < nextMidnight));
  const dialsEarlier = byCid(
    tenant.calls.filter(
      (call) => call.at >= from - thresholds.baselineDays * DAY && call.at < from && passes(call, filters),
    ),
  );
  const dialsNow = byCid(dials);
  return [...new Set([...tenant.callerIds.keys(), ...dialsNow.keys()])]
    .map((cid) => ({ cid, own: dialsNow.get(cid) ?? [] }))
    .sort((a, b) => b.own.length - a.own.length || byBytes(a.cid, b.cid))
    .map(({ cid, own }) => {
      const registered = tenant.callerIds.get(cid);
      const answers = count(own, isAnswer);
      const short = count(own, isShorterThan(thresholds.meaningfulSec));
      const callsToday = dialsToday.get(cid)?.length ?? 0;
      const verdict = judge(
        {
          dials: own,
          earlier: dialsEarlier.get(cid) ?? [],
          today: callsToday,
          cap: registered?.dailyCap ?? null,
        },
        thresholds,
      );
      return {
        cid,
        display_name: registered?.displayName ?? null,
        carrier: registered?.carrier ?? 'other',
        cli_type: registered?.cliType ?? 'fixed_02x',
        pool_status: registered?.poolStatus ?? 'active',
        cooldown_until: registered?.cooldownUntil ?? null,
        daily_cap: registered?.dailyCap ?? 200,
        total_calls: own.length,
        answered_calls: answers,
        asr_pct: Number(percent(answers, own.length, 1)),
        acd_sec: Number(
          average(
            total(own, (call) => call.talk),
            answers,
            0,
          ),
        ),
        short_calls: short,
        short_call_ratio_pct: Number(percent(short, own.length, 1)),
        rejected_calls: count(own, isRejected),
        health_status: verdict.status,
        health_calls_today: callsToday,
        health_reasons: verdict.reasons,
        ...(isAsked(params, 'trend') && { trend: trendOf(own, zone) }),
      };
    });
}

/** What its figures count. */
export const behind: PickBehind = (question, figure, part) => {
  const { tenant, now, zone, thresholds } = question;
  if (figure.column !== 'health_calls_today') {
    const columns = {
      total_calls: isDial,
      answered_calls: isAnswer,
      short_calls: isShorterThan(thresholds.meaningfulSec),
      rejected_calls: isRejected,
    };
    return callsBehind(columns, (call, { cid }) => call.cid === cid)(question, figure, part);
  }
  // Whatever the window and the filters.
  const today = local(now, zone).toPlainDate();
  return tenant.calls.filter(
    (call) =>
      isDial(call) &&
      call.cid === figure.key.cid &&
      local(call.at, zone).toPlainDate().equals(today) &&
      isOfPart(call, part),
  );
};
