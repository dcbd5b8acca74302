import { integer, join, Sql, sql, text } from '../sql.ts';
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
  value: Sql;
  limit: Sql;
  sample: Sql;
}

// The 97.5 % quantile of the normal distribution: two-sided 95 %.
const z = new Sql('1.959963984540054', {});

/** Upper bound of the 95 % Wilson score interval of a share (E. B. Wilson, 1927), 0 to 1. */
export function wilsonUpper(part: Sql, whole: Sql): Sql {
  const p = sql`((${part}) / (${whole}))`;
  return sql`((${p} + ${z} * ${z} / (2 * (${whole})) + ${z} * sqrt((${p} * (1 - ${p}) + ${z} * ${z} / (4 * (${whole}))) / (${whole})))
    / (1 + ${z} * ${z} / (${whole})))`;
}

/** The health of a caller ID: its status, and the rules of that status which hold. Rules compare unrounded values. */
export function healthOf(rules: HealthRules, figures: HealthFigures): { status: Sql; why: Sql } {
  const { dials, answers, shortCalls, rejected, baselineDials, baselineAnswers, dialsToday, dailyCap } = figures;
  const upper = wilsonUpper(answers, dials);
  const hasBaseline = sql`${baselineDials} >= ${integer(rules.baseline_min_dials)}`;
  const share = (percent: number) => new Sql(String(percent / 100), {});
  const ofBaseline = (percent: number) => sql`(${share(percent)} * ${baselineAnswers} / ${baselineDials})`;
  const belowBaseline = (code: string, percent: number): Rule => ({
    code,
    holds: sql`(${hasBaseline} AND ${upper} < ${ofBaseline(percent)})`,
    value: sql`100 * ${upper}`,
    limit: sql`100 * ${ofBaseline(percent)}`,
    sample: dials,
  });
  const ofDials = (code: string, part: Sql, compare: Sql, percent: number): Rule => ({
    code,
    holds: sql`(100 * (${part}) ${compare} ${new Sql(String(percent), {})} * (${dials}))`,
    value: sql`100 * (${part}) / (${dials})`,
    limit: new Sql(String(percent), {}),
    sample: dials,
  });
  const levels: Record<'no_data' | 'suspected_block' | 'warning', Rule[]> = {
    no_data: [
      {
        code: 'too_few_dials',
        holds: sql`(${dials} < ${integer(rules.min_dials)})`,
        value: dials,
        limit: integer(rules.min_dials),
        sample: dials,
      },
    ],
    suspected_block: [
      belowBaseline('asr_collapsed', rules.block_below_baseline_pct),
      {
        code: 'asr_floor',
        holds: sql`(${upper} < ${share(rules.block_below_asr_pct)})`,
        value: sql`100 * ${upper}`,
        limit: new Sql(String(rules.block_below_asr_pct), {}),
        sample: dials,
      },
      ofDials('rejected_high', rejected, sql`>=`, rules.block_rejected_pct),
    ],
    warning: [
      belowBaseline('asr_dropped', rules.warn_below_baseline_pct),
      ofDials('short_calls', shortCalls, sql`>`, rules.warn_short_calls_pct),
      ofDials('rejected_raised', rejected, sql`>=`, rules.warn_rejected_pct),
      {
        code: 'daily_cap_reached',
        holds: sql`(${dailyCap} > 0 AND ${dialsToday} >= ${dailyCap})`,
        value: dialsToday,
        limit: dailyCap,
        sample: dialsToday,
      },
    ],
  };
  const branches = Object.entries(levels).map(([status, level]) => ({
    status: text(status),
    holds: sql`(${join(
      level.map((rule) => rule.holds),
      sql` OR `,
    )})`,
    why: sql`arrayMap(rule -> rule.2, arrayFilter(rule -> rule.1, [${join(level.map(toReason), sql`, `)}]))`,
  }));
  const none = sql`CAST([], 'Array(Tuple(code String, value Float64, limit Float64, sample UInt64))')`;
  return {
    status: sql`multiIf(${join(
      branches.map(({ holds, status }) => sql`${holds}, ${status}`),
      sql`, `,
    )}, 'healthy')`,
    why: sql`multiIf(${join(
      branches.map(({ holds, why }) => sql`${holds}, ${why}`),
      sql`, `,
    )}, ${none})`,
  };
}

function toReason({ code, holds, value, limit, sample }: Rule): Sql {
  const rounded = (x: Sql) => sql`ifNull(floor(toFloat64(${x}) * 100 + 0.5) / 100, 0)`;
  return sql`(ifNull(${holds}, false), CAST((${text(code)}, ${rounded(value)}, ${rounded(limit)}, toUInt64(${sample})),
    'Tuple(code String, value Float64, limit Float64, sample UInt64)'))`;
}
