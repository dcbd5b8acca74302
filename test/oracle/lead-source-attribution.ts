import { known, leadsBehind, withDial } from './plain/behind.ts';
import { group, isAnswer, isConversion, isDial } from './plain/calls.ts';
import { percent } from './plain/fractions.ts';
import { type LeadStory, leadsInWindow, leadsWith } from './plain/leads.ts';
import { type Question, windowed } from './plain/questions.ts';
import { byBytes } from './plain/values.ts';

/** The `data` of the report. */
export default function leadSourceAttribution(question: Question): unknown {
  return [...group(leadsInWindow(windowed(question)), (lead) => lead.source)]
    .sort(([a, ofA], [b, ofB]) => ofB.length - ofA.length || byBytes(a, b))
    .map(([source, leads]) => {
      const converted = leadsWith(leads, isConversion);
      return {
        source,
        total_leads: leads.length,
        dialed_count: leadsWith(leads, isDial),
        contacted_count: leadsWith(leads, isAnswer),
        conv_count: converted,
        conv_rate_pct: percent(converted, leads.length, 2),
      };
    });
}

const columns: Record<string, (lead: LeadStory) => boolean> = {
  total_leads: () => true,
  dialed_count: withDial(isDial),
  contacted_count: withDial(isAnswer),
  conv_count: withDial(isConversion),
};

/** What its figures count. */
export const behind = leadsBehind(
  (lead, { key, column }) => lead.source === key.source && known(columns, column)(lead),
);
