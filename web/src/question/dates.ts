/** Calendar dates as texts, `2026-11-25`: no instants, and so no zones, until the server reads them. */

// One for each zone: making one takes longer than all of its use.
const clocks = new Map<string, Intl.DateTimeFormat>();

/** The date of a zone at an instant. */
export function dateIn(zone: string, ms: number): string {
  // Swedes write dates as ISO 8601 does.
  const clock = clocks.get(zone) ?? new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short' });
  clocks.set(zone, clock);
  return clock.format(ms);
}

const dayMs = 86_400_000;
const toMs = (date: string) => Date.parse(`${date}T00:00:00Z`);
const toDate = (ms: number) => new Date(ms).toISOString().slice(0, 10);

/** The date so many days later. */
export const addDays = (date: string, days: number): string => toDate(toMs(date) + days * dayMs);

/** How many days two dates have, both counted. */
export const daysBetween = (from: string, to: string): number => Math.round((toMs(to) - toMs(from)) / dayMs) + 1;

/** 0 = Sunday ... 6 = Saturday. */
export const weekdayOf = (date: string): number => new Date(toMs(date)).getUTCDay();

/** The Monday of a date's week. */
export const mondayOf = (date: string): string => addDays(date, -((weekdayOf(date) + 6) % 7));

/** The first date of a date's month, so many months later. */
export function monthOf(date: string, later = 0): string {
  const [year = 0, month = 1] = date.split('-').map(Number);
  return toDate(Date.UTC(year, month - 1 + later, 1));
}

/** Whether a text is a date that there is. */
export const isDate = (text: string): boolean =>
  /^(19|2\d)\d\d-\d\d-\d\d$/.test(text) && !Number.isNaN(toMs(text)) && toDate(toMs(text)) === text;
