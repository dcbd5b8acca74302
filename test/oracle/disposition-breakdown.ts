import { callsBehind } from './plain/behind.ts';
import { group, isDisposed, total } from './plain/calls.ts';
import { percent } from './plain/fractions.ts';
import { type Question, windowed } from './plain/questions.ts';
import { byBytes } from './plain/values.ts';

/** The `data` of the report. */
export default function dispositionBreakdown(question: Question): unknown {
  const { dials, tenant } = windowed(question);
  const codes = [...group(dials, (call) => call.disposition)].map(([code, of]) => ({ code, count: of.length }));
  const all = total(codes, (entry) => entry.count);
  return codes
    .sort((a, b) => b.count - a.count || byBytes(a.code, b.code))
    .map((entry) => {
      const disposition = tenant.dispositions.get(entry.code);
      return {
        code: entry.code,
        label: disposition?.label ?? entry.code,
        category: disposition?.category ?? 'contact',
        color: disposition?.color ?? '#6B7280',
        count: entry.count,
        pct: percent(entry.count, all, 2),
      };
    });
}

/** What its figures count. */
export const behind = callsBehind({ count: isDisposed }, (call, { code }) => call.disposition === code);
