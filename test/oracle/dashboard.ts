import { callsBehind } from './plain/behind.ts';
import { averageHandleTime, count, group, isAnswer, isConversion, isDial, total } from './plain/calls.ts';
import { average, percent } from './plain/fractions.ts';
import { type Question, windowed } from './plain/questions.ts';

/** The `data` of the report. */
export default function dashboard(question: Question): unknown {
  const { calls, dials } = windowed(question);
  const answers = count(dials, isAnswer);
  const talk = total(dials, (call) => call.talk);
  const conversions = count(dials, isConversion);
  return {
    total_dials: dials.length,
    total_answers: answers,
    answer_rate_pct: percent(answers, dials.length, 2),
    avg_talk_time_sec: average(talk, answers, 1),
    total_talk_time_sec: String(talk),
    unique_agents: group(dials, (call) => call.agent).size,
    pdpl_blocked_count: count(calls, (call) => call.blockReason === 'pdpl'),
    avg_aht_sec: averageHandleTime(dials),
    conversions,
    conv_rate: Number(percent(conversions, answers, 2)),
  };
}

/** What its figures count. */
export const behind = callsBehind(
  {
    total_dials: isDial,
    total_answers: isAnswer,
    unique_agents: (call) => isDial(call) && call.agent !== null,
    pdpl_blocked_count: (call) => call.blockReason === 'pdpl',
    conversions: isConversion,
  },
  () => true,
);
