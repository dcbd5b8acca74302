/** The window and the filters that reports share as parameters, and the rules for how long a window may be. */
import type { Temporal } from 'temporal-polyfill';
import type { ParamFault } from '../faults.ts';
import { type ComparedWith, type ComparedWord, comparedWith, id, ids, moment, someOf, zone } from './params.ts';
import type { Window } from './scope.ts';
import { dateOf, dayMs, daysBetween, type Moment, startOfDay, startOfMoment } from './time.ts';

/** The longest window that a report answers for. */
export const maxWindowDays = 90;

/** The parameters of a window. */
export const windowParams = {
  date_from: {
    ...moment('Start: an instant (UTC without an offset), or a date, which is that whole day in `timezone`'),
    required: true as const,
    example: '2026-06-01',
  },
  date_to: {
    ...moment(`End, exclusive; a date includes that whole day. At most ${maxWindowDays} days after the start`),
    required: true as const,
    example: '2026-06-10',
  },
};

/** The parameters that narrow a report, and the zone that it groups by. */
export const filterParams = {
  campaign_id: id('Only this campaign'),
  team_id: id('Only this team'),
  agent_ids: ids('Only these agents'),
  timezone: zone('Days and hours are those of this zone (TZDB name)'),
};

/** What an answer may have beside its data. */
export const besideNames = ['about'] as const;
/** One of them. */
export type BesideName = (typeof besideNames)[number];

/** The parameters that ask for what stands beside the data. */
export const besideParams = {
  with: someOf('about: also what the answer is made of: window, filters, how fresh and how whole it is', besideNames),
};

/** The parameters that ask for another window beside the answer's own. */
export const compareParams = {
  compare: comparedWith(
    'Also what figures were in another window, and their changes: previous, week (as many whole weeks earlier as it needs), year (52 weeks) or FROM..TO',
  ),
};

/** Another window, as a question names it. */
export type Compare = { kind: ComparedWord } | { kind: 'given'; window: Window };

/** The other window that is asked for in a zone. Faults go to `faults`: a window of its own is held to the same rules as any. */
export function toCompare(
  asked: ComparedWith | undefined,
  timeZone: string,
  faults: ParamFault[],
): Compare | undefined {
  if (asked?.kind !== 'given') return asked;
  const field = 'compare';
  const found: ParamFault[] = [];
  const window = toWindow(asked.from, asked.to, timeZone, found);
  for (const { id } of found)
    faults.push(
      id === 'not_after' ? { id: 'ends_not_after', field } : { id: 'ends_too_long', field, days: maxWindowDays },
    );
  return window && { kind: 'given', window };
}

/**
 * The window that two moments mean in a zone. Faults go to `faults`: the end must be after the start, and at most
 * `maxDays` later (calendar days when either is a date).
 */
export function toWindow(
  from: Moment | undefined,
  to: Moment | undefined,
  timeZone: string,
  faults: ParamFault[],
  {
    maxDays = maxWindowDays,
    fields = ['date_from', 'date_to'],
  }: { maxDays?: number; fields?: [from: string, to: string] } = {},
): Window | undefined {
  if (!from || !to) return undefined;
  const [fromField, toField] = fields;
  const window = { from: startOfMoment(from, timeZone), to: toEnd(to, timeZone) };
  if (window.to <= window.from) {
    faults.push({ id: 'not_after', field: toField, other: fromField });
    return undefined;
  }
  const isTooLong =
    from.kind === 'instant' && to.kind === 'instant'
      ? window.to - window.from > maxDays * dayMs
      : daysBetween(dateOfMoment(from, timeZone), dateOfMoment(to, timeZone)) > maxDays;
  if (isTooLong) {
    faults.push({ id: 'span_too_long', field: toField, other: fromField, days: maxDays });
    return undefined;
  }
  return window;
}

function toEnd(moment: Moment, timeZone: string): number {
  return moment.kind === 'instant' ? moment.ms : startOfDay(moment.date.add({ days: 1 }), timeZone);
}

function dateOfMoment(moment: Moment, timeZone: string): Temporal.PlainDate {
  return moment.kind === 'date' ? moment.date : dateOf(moment.ms, timeZone);
}
