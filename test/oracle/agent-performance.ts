import { callsBehind } from './plain/behind.ts';
import { averageHandleTime, count, group, isAnswer, isConversion, isDial } from './plain/calls.ts';
import { percent } from './plain/fractions.ts';
import { type Question, windowed } from './plain/questions.ts';

/** The `data` of the report. */
export default function agentPerformance(question: Question): unknown {
  const { dials, tenant } = windowed(question);
  return [...group(dials, (call) => call.agent)]
    .sort(([a, ofA], [b, ofB]) => ofB.length - ofA.length || a - b)
    .map(([id, own]) => {
      const agent = tenant.agents.get(id);
      const answers = count(own, isAnswer);
      const conversions = count(own, isConversion);
      return {
        agent_id: id,
        name: agent?.name ?? `Agent ${id}`,
        username: agent?.username ?? '',
        dials: own.length,
        answers,
        avg_aht_sec: averageHandleTime(own),
        conversions,
        conv_rate: Number(percent(conversions, answers, 2)),
      };
    });
}

/** What its figures count. */
export const behind = callsBehind(
  { dials: isDial, answers: isAnswer, conversions: isConversion },
  (call, { agent_id }) => call.agent === agent_id,
);
