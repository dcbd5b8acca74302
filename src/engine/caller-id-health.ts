/** The rules that tell a healthy caller ID from a worn or blocked one, as SQL with exact comparisons. */
import { bound, join, type Sql, sql, sqlInteger, sqlText } from '../sql.ts';
import { percent, percentOfShare, ratio } from './round.ts';
import type { HealthRules } from './settings.ts';

/** What the rules of spec section 4 look at, as SQL over whole numbers. `dailyCap` is 0 where there is none. */
export interface HealthFigures {
  dials: Sql;
  answers: Sql;
  shortCalls: Sql;
  rejected: Sql;
  baselineDials: Sql;
  baselineAnswers: Sql;
  dialsToday: Sql;
  dailyCap: Sql;
}

interface Rule {
  code: string;
  holds: Sql;
  /** Rounded half up to 2 decimals, as the limit is. */
  value: Sql;
  limit: Sql;
  sample: Sql;
}

// The 97.5 % quantile of the normal distribution: two-sided 95 %. Its square, without the decimal point, has 30 decimals.
const z = sql`1.959963984540054`;
const zSquared = sql`toInt256('3841458820694125035121930322916')`;
const zSquaredUnit = sql`toInt256('1000000000000000000000000000000')`;

/** Upper bound of the 95 % Wilson score interval of a share (E. B. Wilson, 1927), in percent with 2 decimals. */
function wilsonUpperPct(part: Sql, whole: Sql): Sql {
  const p = sql`((${part}) / (${whole}))`;
  const upper = sql`((${p} + ${z} * ${z} / (2 * (${whole})) + ${z} * sqrt((${p} * (1 - ${p}) + ${z} * ${z} / (4 * (${whole}))) / (${whole})))
    / (1 + ${z} * ${z} / (${whole})))`;
  return percentOfShare(upper, 2);
}

/**
 * Whether that bound is below a limit of x / y, in whole numbers: a bound of exactly 100 % is not below 100 %, whatever
 * a square root in floats says. The bound is the greater root of (u - p)² = z² u (1 - u) / n, so a limit is above it when
 * it is above p and the left side is greater there. Multiplied by (n y)², that is free of division.
 */
function isWilsonUpperBelow(part: Sql, whole: Sql, { x, y }: { x: Sql; y: Sql }): Sql {
  const big = (count: Sql) => sql`toInt256(${count})`;
  const [a, n, limit, unit] = [part, whole, x, y].map(big) as [Sql, Sql, Sql, Sql];
  const distance = sql`(${limit} * ${n} - ${a} * ${unit})`;
  return sql`(${distance} > 0 AND ${distance} * ${distance} * ${zSquaredUnit} > ${zSquared} * ${n} * ${limit} * (${unit} - ${limit}))`;
}

/**
 * The health of a caller ID: its status, and the rules of that status which hold, both out of all rules that hold, which
 * are to be a column `held` of the same SELECT (`WITH ... AS held`). Rules compare unrounded values.
 */
export function healthOf(rules: HealthRules, figures: HealthFigures): { held: Sql; status: Sql; why: Sql } {
  const { dials, answers, shortCalls, rejected, baselineDials, baselineAnswers, dialsToday, dailyCap } = figures;
  const upper = wilsonUpperPct(answers, dials);
  const rule = (name: keyof HealthRules, value = rules[name]) => bound(`rule_${name}`, 'UInt64', value);
  // Hundredths of a percent: whole numbers, and ten thousand of them are all.
  const share = (name: keyof HealthRules) => rule(name, Math.round(rules[name] * 100));
  const hasBaseline = sql`${baselineDials} >= ${rule('baseline_min_dials')}`;
  const belowBaseline = (code: string, name: keyof HealthRules): Rule => {
    const x = sql`(${share(name)} * ${baselineAnswers})`;
    return {
      code,
      holds: sql`(${hasBaseline} AND ${isWilsonUpperBelow(answers, dials, { x, y: sql`(10000 * ${baselineDials})` })})`,
      value: upper,
      limit: ratio(x, sql`100 * ${baselineDials}`, 2),
      sample: dials,
    };
  };
  const ofDials = (code: string, part: Sql, compare: Sql, name: keyof HealthRules): Rule => ({
    code,
    holds: sql`(10000 * (${part}) ${compare} ${share(name)} * (${dials}))`,
    value: percent(part, dials, 2),
    limit: sql`(${share(name)} / 100)`,
    sample: dials,
  });
  const levels: Record<'no_data' | 'suspected_block' | 'warning', Rule[]> = {
    no_data: [
      {
        code: 'too_few_dials',
        holds: sql`(${dials} < ${rule('min_dials')})`,
        value: dials,
        limit: rule('min_dials'),
        sample: dials,
      },
    ],
    suspected_block: [
      belowBaseline('asr_collapsed', 'block_below_baseline_pct'),
      {
        code: 'asr_floor',
        holds: isWilsonUpperBelow(answers, dials, { x: share('block_below_asr_pct'), y: sql`10000` }),
        value: upper,
        limit: sql`(${share('block_below_asr_pct')} / 100)`,
        sample: dials,
      },
      ofDials('rejected_high', rejected, sql`>=`, 'block_rejected_pct'),
    ],
    warning: [
      belowBaseline('asr_dropped', 'warn_below_baseline_pct'),
      ofDials('short_calls', shortCalls, sql`>`, 'warn_short_calls_pct'),
      ofDials('rejected_raised', rejected, sql`>=`, 'warn_rejected_pct'),
      {
        code: 'daily_cap_reached',
        holds: sql`(${dailyCap} > 0 AND ${dialsToday} >= ${dailyCap})`,
        value: dialsToday,
        limit: dailyCap,
        sample: dialsToday,
      },
    ],
  };
  const statuses = Object.keys(levels).map((status) => sqlText(status));
  const reasons = Object.values(levels).flatMap((level, index) => level.map((one) => toReason(one, index + 1)));
  return {
    held: sql`arrayFilter(rule -> rule.holds, [${join(reasons, sql`, `)}])`,
    status: sql`if(empty(held), 'healthy', [${join(statuses, sql`, `)}][held[1].level])`,
    why: sql`arrayMap(rule -> rule.reason, arrayFilter(rule -> rule.level = held[1].level, held))`,
  };
}

function toReason({ code, holds, value, limit, sample }: Rule, level: number): Sql {
  return sql`CAST((toBool(${holds}), ${sqlInteger(level)}, (${sqlText(code)}, ${value}, ${limit}, ${sample})), 'Tuple(holds Bool, level UInt8,
    reason Tuple(code String, value Float64, limit Float64, sample UInt64))')`;
}
