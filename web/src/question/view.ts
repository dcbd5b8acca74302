/** What the filter bar asks, as the address has it: a view that is sent to a colleague is the same there. */
import { type Dates, datesOf, isNamedRange, type NamedRange, readRange, writeRange } from './ranges.ts';

/** What a range is compared with, by name. */
export const comparedNames = ['previous', 'week', 'year'] as const;

/** What an address says of a question. What it does not say is as the person is used to it. */
export interface View {
  range?: string;
  campaign?: number;
  team?: number;
  agents?: readonly number[];
  zone?: string;
  /** `previous`, `week`, `year`, two dates, or `none`. */
  compare?: string;
}

/** What is asked when the address does not say. */
export interface Habits {
  range: NamedRange;
  zone: string;
}

/** A question, complete. */
export interface Question {
  range: NamedRange | Dates;
  dates: Dates;
  zone: string;
  campaign: number | undefined;
  team: number | undefined;
  agents: readonly number[];
  /** As the API takes it; undefined: with nothing. */
  compare: string | undefined;
}

const toId = (text: string | undefined): number | undefined => {
  const id = Number(text);
  return text && Number.isSafeInteger(id) && id > 0 ? id : undefined;
};

/** Reads an address: what it says wrong, it does not say. */
export function readView(search: Record<string, string | undefined>): View {
  const { range, zone, compare } = search;
  const campaign = toId(search.campaign);
  const team = toId(search.team);
  const agents = (search.agents ?? '')
    .split(',')
    .map(toId)
    .filter((id) => id !== undefined);
  return {
    ...(readRange(range) && range !== undefined && { range }),
    ...(campaign && { campaign }),
    ...(team && { team }),
    ...(agents.length > 0 && { agents }),
    ...(zone && isZone(zone) && { zone }),
    ...(compare && isCompared(compare) && { compare }),
  };
}

/** A view as the address has it. */
export function writeView({ agents, ...view }: View): Record<string, string> {
  const given = Object.entries({ ...view, ...(agents && agents.length > 0 && { agents: agents.join(',') }) });
  return Object.fromEntries(
    given.filter(([, value]) => value !== undefined).map(([name, value]) => [name, String(value)]),
  );
}

const isCompared = (text: string) =>
  text === 'none' || (comparedNames as readonly string[]).includes(text) || typeof readRange(text) === 'object';

function isZone(zone: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: zone }));
  } catch {
    return false;
  }
}

/** The question of a view, on a day. */
export function toQuestion(view: View, habits: Habits, today: (zone: string) => string): Question {
  const zone = view.zone ?? habits.zone;
  const range = readRange(view.range) ?? habits.range;
  const compare = view.compare ?? usualComparison(range);
  return {
    range,
    dates: datesOf(range, today(zone)),
    zone,
    campaign: view.campaign,
    team: view.team,
    agents: view.agents ?? [],
    compare: compare === 'none' ? undefined : compare,
  };
}

/** One day is compared with the same weekday, as call centres have weeks; longer ranges with the one before. */
export const usualComparison = (range: NamedRange | Dates): string => {
  const isDay = range === 'today' || range === 'yesterday' || (!isNamedRange(writeRange(range)) && isOneDay(range));
  return isDay ? 'week' : 'previous';
};

const isOneDay = (range: NamedRange | Dates) => typeof range === 'object' && range.from === range.to;

/** A question as every report takes it. */
export const toParams = ({ dates, zone, campaign, team, agents }: Question) => ({
  date_from: dates.from,
  date_to: dates.to,
  timezone: zone,
  campaign_id: campaign,
  team_id: team,
  agent_ids: agents,
});
