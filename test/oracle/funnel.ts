import { isAnswer, isConversion, isDial, isDisposed, isTalked } from './plain/calls.ts';
import { leadsInWindow, leadsWith } from './plain/leads.ts';
import { type Question, windowed } from './plain/questions.ts';

/** The `data` of the report. */
export default function funnel(question: Question): unknown {
  const leads = leadsInWindow(windowed(question));
  return [
    { stage: 'Total leads', count: leads.length },
    { stage: 'Dialed', count: leadsWith(leads, isDial) },
    { stage: 'Connected', count: leadsWith(leads, isAnswer) },
    { stage: 'Talked > 30s', count: leadsWith(leads, isTalked) },
    { stage: 'Disposed', count: leadsWith(leads, isDisposed) },
    { stage: 'Converted', count: leadsWith(leads, isConversion) },
  ];
}
