import { known, leadsBehind, withDial } from './plain/behind.ts';
import { isAnswer, isConversion, isDial, isDisposed, isTalked } from './plain/calls.ts';
import { type LeadStory, leadsInWindow, leadsWith } from './plain/leads.ts';
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

const stages: Record<string, (lead: LeadStory) => boolean> = {
  'Total leads': () => true,
  Dialed: withDial(isDial),
  Connected: withDial(isAnswer),
  'Talked > 30s': withDial(isTalked),
  Disposed: withDial(isDisposed),
  Converted: withDial(isConversion),
};

/** What its figures count. */
export const behind = leadsBehind((lead, { key }) => known(stages, String(key.stage))(lead));
