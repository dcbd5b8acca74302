/** What is asked: windows, filters and local time, the plain way. */
import { Temporal } from 'temporal-polyfill';
import { isDial } from './calls.ts';
import type { Call, Tenant } from './tenant.ts';
import { DATE, instant, wholeNumber } from './values.ts';
import type { Ask, Thresholds } from './world.ts';

interface Filters {
  campaign: number | null;
  team: number | null;
  agents: Set<number> | null;
}

/** An ask, read: whose tables, and what narrows them. */
export interface Question {
  tenant: Tenant;
  tenantId: number;
  params: Ask['params'];
  now: number;
  zone: string;
  filters: Filters;
  thresholds: Thresholds;
  /** Another window than the one that is asked for. */
  window?: { from: number; to: number };
}

/** A question with its half-open window [from, to) and the calls of that window that the filters leave. */
export interface Windowed extends Question {
  from: number;
  to: number;
  calls: Call[];
  dials: Call[];
}

/** A parameter's text, or null when it is missing or empty. */
export function parameter(params: Ask['params'], name: string): string | null {
  const value = params[name];
  const single = Array.isArray(value) ? value[0] : value;
  return single === undefined || single === '' ? null : single;
}

function requiredParameter(params: Ask['params'], name: string): string {
  const value = parameter(params, name);
  if (value === null) throw new Error(`the ask lacks ${name}`);
  return value;
}

/** The filters of an ask; null is none. */
export function readFilters(params: Ask['params']): Filters {
  const campaign = parameter(params, 'campaign_id');
  const team = parameter(params, 'team_id');
  const agents = Object.entries(params)
    .filter(([name]) => /^agent_ids(\[\d*\])?$/.test(name))
    .flatMap(([, value]) => value)
    .flatMap((value) => value.split(','))
    .filter((value) => value !== '')
    .map(wholeNumber);
  return {
    campaign: campaign === null ? null : wholeNumber(campaign),
    team: team === null ? null : wholeNumber(team),
    agents: agents.length === 0 ? null : new Set(agents),
  };
}

/** Whether the filters leave a call. */
export function passes(call: Call, { campaign, team, agents }: Filters): boolean {
  return (
    (campaign === null || call.campaign === campaign) &&
    (team === null || call.team === team) &&
    (agents === null || (call.agent !== null && agents.has(call.agent)))
  );
}

/** The first instant of a calendar date in a zone, in epoch milliseconds. */
export function dayStart(date: Temporal.PlainDate, zone: string): number {
  return date.toZonedDateTime(zone).epochMilliseconds;
}

/** An instant as a clock of the zone shows it. */
export function local(ms: number, zone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone);
}

/** The question with its window. */
export function windowed(question: Question): Windowed {
  const { params, zone, tenant, filters } = question;
  const { from, to } =
    question.window ?? readSpan(requiredParameter(params, 'date_from'), requiredParameter(params, 'date_to'), zone);
  if (to <= from) throw new Error('the window is empty');
  const calls = tenant.calls.filter((call) => call.at >= from && call.at < to && passes(call, filters));
  return { ...question, from, to, calls, dials: calls.filter(isDial) };
}

/** The span that two texts mean in a zone: a date at its end is in it. */
export function readSpan(first: string, last: string, zone: string): { from: number; to: number } {
  return {
    from: DATE.test(first) ? dayStart(Temporal.PlainDate.from(first), zone) : instant(first),
    to: DATE.test(last) ? dayStart(Temporal.PlainDate.from(last).add({ days: 1 }), zone) : instant(last),
  };
}

/** Whether a yes-or-no parameter says yes. */
export function isAsked(params: Ask['params'], name: string): boolean {
  return ['1', 'true'].includes(parameter(params, name) ?? '');
}

/** The local day, ISO week or hour of an instant. */
export function bucketLabel(ms: number, zone: string, unit: string): string {
  const at = local(ms, zone);
  const twoDigits = (value: number | undefined) => String(value).padStart(2, '0');
  switch (unit) {
    case 'day':
      return at.toPlainDate().toString();
    case 'week':
      return `${at.yearOfWeek}-W${twoDigits(at.weekOfYear)}`;
    case 'hour':
      return `${at.toPlainDate().toString()} ${twoDigits(at.hour)}:00:00`;
    default:
      throw new Error(`no such group_by: ${unit}`);
  }
}
