import { callsBehind } from './plain/behind.ts';
import { count, group, isAnswer, isDial } from './plain/calls.ts';
import { percent } from './plain/fractions.ts';
import { local, type Question, windowed } from './plain/questions.ts';

/** The `data` of the report. */
export default function hourDowHeatmap(question: Question): unknown {
  const { dials, zone } = windowed(question);
  const slots = group(dials, (call) => {
    const at = local(call.at, zone);
    return (at.dayOfWeek % 7) * 24 + at.hour; // ISO's Sunday is 7
  });
  return Array.from({ length: 7 * 24 }, (_, slot) => {
    const own = slots.get(slot) ?? [];
    const answered = count(own, isAnswer);
    return {
      day_of_week: Math.floor(slot / 24),
      hour: slot % 24,
      dials: own.length,
      answered,
      answer_rate_pct: Number(percent(answered, own.length, 1)),
    };
  });
}

/** What its figures count. */
export const behind = callsBehind({ dials: isDial, answered: isAnswer }, (call, { day_of_week, hour }, { zone }) => {
  const at = local(call.at, zone);
  return at.dayOfWeek % 7 === day_of_week && at.hour === hour;
});
