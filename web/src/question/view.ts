/** What the filter bar asks, as the address has it: a view that is sent to a colleague is the same there. */
import { type Dates, datesOf, type NamedRange, readRange } from './ranges.ts';

/** What a range is compared with, by name. */
export const comparedNames = ['previous', 'week', 'year'] as const;

/** What an address says of a question, in the order in which it says it. */
export const viewNames = ['range', 'campaign', 'team', 'agents', 'zone', 'compare'] as const;
/** One of them. */
export type ViewName = (typeof viewNames)[number];

/** What an address says of a question. What it does not say is as usual, and the same for everybody of a tenant. */
export interface View {
  /** Days by a name stay relative: `7d` are the last seven, whenever the address is opened. */
  range?: string;
  campaign?: number;
  team?: number;
  agents?: readonly number[];
  zone?: string;
  /** `previous`, `week`, `year`, two dates, or `none`. */
  compare?: string;
}

/** The range that is shown when the address has none. */
export const usualRange: NamedRange = '7d';

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

type Search = Readonly<Record<string, string | undefined>>;

const toId = (text: string): number | undefined => {
  const id = Number(text);
  return /^\d+$/.test(text) && Number.isSafeInteger(id) && id > 0 ? id : undefined;
};

const readers: { [Name in ViewName]: (text: string) => NonNullable<View[Name]> | undefined } = {
  range: (text) => (readRange(text) === undefined ? undefined : text),
  campaign: toId,
  team: toId,
  agents: (text) => {
    const ids = text.split(',').map(toId);
    return ids.includes(undefined) ? undefined : [...new Set(ids as number[])];
  },
  zone: (text) => (isZone(text) ? text : undefined),
  compare: (text) => (isCompared(text) ? text : undefined),
};

/** Reads an address: what it says wrong, it does not say. */
export function readView(search: Search): View {
  const read = viewNames.map((name) => [name, search[name] ? readers[name](search[name]) : undefined] as const);
  return Object.fromEntries(read.filter(([, value]) => value !== undefined));
}

/** Whose part of a tenant somebody sees; null: all of it. */
export interface OwnPart {
  team_id: number | null;
  agent_id: number | null;
}

/** What somebody who sees a part of the tenant may not filter by: their part is what it is. */
export const fixedOf = ({ team_id, agent_id }: OwnPart): readonly ViewName[] =>
  agent_id !== null ? ['team', 'agents'] : team_id !== null ? ['team'] : [];

/** A view as somebody may ask it: a colleague who sees more may have sent it. */
export const withinPart = (view: View, part: OwnPart): View =>
  fixedOf(part).reduce((before, name) => changed(before, name, undefined), view);

/** What an address says of a question in a way that means nothing. */
export const unreadOf = (search: Search): ViewName[] =>
  viewNames.filter((name) => search[name] && readers[name](search[name]) === undefined);

/** A view as the address has it: without what is usual anyway. */
export function writeView({ agents = [], ...view }: View, usualZone: string): Partial<Record<ViewName, string>> {
  const compareByItself = usualComparison(readRange(view.range) ?? usualRange);
  const usual: View = { range: usualRange, zone: usualZone, compare: compareByItself };
  const given = Object.entries({ ...view, agents: agents.join(',') || undefined });
  return Object.fromEntries(
    given
      .filter(([name, value]) => value !== undefined && value !== usual[name as ViewName])
      .map(([name, value]) => [name, String(value)]),
  );
}

/** A view of the same days, about everything. */
export function withoutFilters({ range, zone, compare }: View): View {
  return { ...(range && { range }), ...(zone && { zone }), ...(compare && { compare }) };
}

/** A view without one of its filters, or with another value of it. */
export function changed<Name extends ViewName>(view: View, name: Name, value: View[Name] | undefined): View {
  const { [name]: _, ...others } = view;
  return value === undefined ? others : { ...others, [name]: value };
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

/** The question of a view, on a day of its zone. */
export function toQuestion(view: View, usualZone: string, today: string): Question {
  const zone = view.zone ?? usualZone;
  const range = readRange(view.range) ?? usualRange;
  const compare = view.compare ?? usualComparison(range);
  return {
    range,
    dates: datesOf(range, today),
    zone,
    campaign: view.campaign,
    team: view.team,
    agents: view.agents ?? [],
    compare: compare === 'none' ? undefined : compare,
  };
}

/** One day is compared with the same weekday, as call centres have weeks; longer ranges with the one before. */
export function usualComparison(range: NamedRange | Dates): string {
  const isDay = typeof range === 'object' ? range.from === range.to : range === 'today' || range === 'yesterday';
  return isDay ? 'week' : 'previous';
}

/** Whether a view's own comparison is the one of two dates. */
export const givenComparison = (compare: string | undefined): Dates | undefined => {
  const read = readRange(compare);
  return typeof read === 'object' ? read : undefined;
};

/** A question as every report takes it. */
export const toParams = ({ dates, zone, campaign, team, agents }: Question) => ({
  date_from: dates.from,
  date_to: dates.to,
  timezone: zone,
  campaign_id: campaign,
  team_id: team,
  agent_ids: agents,
});
