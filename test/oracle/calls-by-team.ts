import { callsBehind } from './plain/behind.ts';
import { count, group, isAnswer, isConversion, isDial } from './plain/calls.ts';
import { percent } from './plain/fractions.ts';
import { type Question, windowed } from './plain/questions.ts';

/** The `data` of the report. */
export default function callsByTeam(question: Question): unknown {
  const { dials, tenant } = windowed(question);
  return [...group(dials, (call) => call.team ?? 0)]
    .sort(([a, ofA], [b, ofB]) => ofB.length - ofA.length || a - b)
    .map(([id, own]) => {
      const answers = count(own, isAnswer);
      return {
        team_id: id,
        team: id === 0 ? '(no team)' : (tenant.teams.get(id) ?? `Team ${id}`),
        dials: own.length,
        answers,
        answer_rate_pct: Number(percent(answers, own.length, 2)),
        conversions: count(own, isConversion),
      };
    });
}

/** What its figures count. */
export const behind = callsBehind(
  { dials: isDial, answers: isAnswer, conversions: isConversion },
  (call, { team_id }) => (call.team ?? 0) === team_id,
);
