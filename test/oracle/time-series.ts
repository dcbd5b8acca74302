import { callsBehind } from './plain/behind.ts';
import { count, group, isAnswer, isConversion, isDial, total } from './plain/calls.ts';
import { bucketLabel, parameter, type Question, type Windowed, windowed } from './plain/questions.ts';
import { byBytes, MINUTE } from './plain/values.ts';

/** Every label that an instant of the window has. Offsets are whole quarters of an hour, so labels change on those. */
function labelsOfWindow({ from, to, zone }: Windowed, unit: string): Set<string> {
  const quarter = 15 * MINUTE;
  const labels = new Set([bucketLabel(from, zone, unit)]);
  for (let at = Math.ceil(from / quarter) * quarter; at < to; at += quarter) labels.add(bucketLabel(at, zone, unit));
  return labels;
}

/** The `data` of the report. */
export default function timeSeries(question: Question): unknown {
  const asked = windowed(question);
  const { params, dials, zone } = asked;
  const unit = parameter(params, 'group_by') ?? 'day';
  const buckets = group(dials, (call) => bucketLabel(call.at, zone, unit));
  const labels = new Set(buckets.keys());
  if (parameter(params, 'fill') === 'zero') for (const label of labelsOfWindow(asked, unit)) labels.add(label);
  return [...labels].sort(byBytes).map((bucket) => {
    const own = buckets.get(bucket) ?? [];
    return {
      bucket,
      dials: own.length,
      answers: count(own, isAnswer),
      talk_sec: total(own, (call) => call.talk),
      conversions: count(own, isConversion),
    };
  });
}

/** What its figures count. */
export const behind = callsBehind(
  { dials: isDial, answers: isAnswer, conversions: isConversion },
  (call, { bucket }, { zone, params }) => bucketLabel(call.at, zone, parameter(params, 'group_by') ?? 'day') === bucket,
);
