/** Leads of a window, with their dials there. */
import { count, group } from './calls.ts';
import type { Windowed } from './questions.ts';
import type { Call } from './tenant.ts';

/** One lead in the window, with its dials in the window within the filters. */
export interface LeadStory {
  id: number;
  source: string;
  dials: Call[];
}

export function leadsInWindow({ tenant, filters, from, to, dials }: Windowed): LeadStory[] {
  const dialed = group(dials, (call) => call.lead);
  const ids = new Set(dialed.keys());
  if (filters.team === null && filters.agents === null) {
    for (const [id, lead] of tenant.leads) {
      const created = lead.createdAt >= from && lead.createdAt < to;
      if (created && (filters.campaign === null || lead.campaign === filters.campaign)) ids.add(id);
    }
  }
  return [...ids].map((id) => ({
    id,
    source: tenant.leads.get(id)?.source ?? '(unknown)',
    dials: dialed.get(id) ?? [],
  }));
}

/** Of these leads, those with a dial of that kind. */
export function leadsWith(leads: LeadStory[], kind: (call: Call) => boolean): number {
  return count(leads, (lead) => lead.dials.some(kind));
}
