/** The demo's clock and calendar: its tenant and zone, opening hours, holidays, and how busy each part of a day is. */
import type { Random } from './random.ts';

/** A local calendar day, as days since 1970-01-01. */
export type Day = number;
/** A calendar month, as months since year 0. */
export type Month = number;

/** The tenant that the demo fills. */
export const demoTenant = { tenant_id: 9, name: 'Demo', timezone: 'Asia/Ho_Chi_Minh' };

/** Milliseconds in a minute, an hour and a day. */
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

// Viet Nam has kept UTC+7 without daylight saving since 1975.
const OFFSET = 7 * HOUR;

/** The hours in which a call may be dialed, in local milliseconds of the day. */
export const ALLOWED = { from: 8 * HOUR, to: 17 * HOUR };

/** The first day of the lunar year: the floor rests from two days before to five days after. */
const LUNAR_NEW_YEAR = ['2025-01-29', '2026-02-17', '2027-02-06', '2028-01-26', '2029-02-13', '2030-02-02'].map(
  (date) => Date.parse(date) / DAY,
);
const HOLIDAYS = new Set(['01-01', '04-30', '05-01', '09-02']);

/** The local day on which an instant falls. */
export function calendarDay(instant: number): Day {
  return Math.floor((instant + OFFSET) / DAY);
}

/** The instant of a local time. */
export function instantOf(day: Day, timeOfDay: number): number {
  return day * DAY + timeOfDay - OFFSET;
}

/** A day as YYYY-MM-DD. */
export function calendarDate(day: Day): string {
  return new Date(day * DAY).toISOString().slice(0, 10);
}

/** 0 = Sunday ... 6 = Saturday. */
export function weekdayOf(day: Day): number {
  return (day + 4) % 7;
}

/** The month of a day. */
export function monthOf(day: Day): Month {
  const date = new Date(day * DAY);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

/** The day with that number in a month. */
export function dayIn(month: Month, date: number): Day {
  return Date.UTC(Math.floor(month / 12), month % 12, date) / DAY;
}

/** A month as MM/YYYY. */
export function monthLabel(month: Month): string {
  return `${String((month % 12) + 1).padStart(2, '0')}/${Math.floor(month / 12)}`;
}

const closings = new Map<Day, number>();

/** When the floor closes on that day (it opens at eight), or 0 when it stays closed. */
export function closingOf(day: Day): number {
  let closing = closings.get(day);
  if (closing === undefined) {
    const weekday = weekdayOf(day);
    const isHoliday =
      HOLIDAYS.has(calendarDate(day).slice(5)) || LUNAR_NEW_YEAR.some((first) => day >= first - 2 && day <= first + 5);
    closing = weekday === 0 || isHoliday ? 0 : weekday === 6 ? 12 * HOUR : ALLOWED.to;
    closings.set(day, closing);
  }
  return closing;
}

/** The working day on which something due on that day is done; what a closed day leaves is spread over the next ones. */
export function workingDay(due: Day, random: Random): Day {
  let day = due;
  while (closingOf(day) === 0 || (weekdayOf(day) === 6 && random.chance(0.5)))
    day += closingOf(day + 1) === 0 ? 1 : 1 + Math.floor(5 * random.next() ** 1.6);
  return day;
}

/** How busy the floor is, by half hours from eight on. */
const PROFILE = [0.7, 1, 1.15, 1.2, 1.2, 1.15, 1.1, 0.9, 0.34, 0.3, 0.7, 0.95, 1.1, 1.15, 1.15, 1.05, 0.95, 0.7];

/** The half hour after opening in which a local time lies. */
export function slotOf(timeOfDay: number): number {
  return Math.floor((timeOfDay - ALLOWED.from) / (30 * MINUTE));
}

/** That time, or the hour after for most of what would fall into the lunch break. */
export function pastLunch(timeOfDay: number, random: Random): number {
  const isLunch = timeOfDay >= 12 * HOUR && timeOfDay < 13 * HOUR;
  return isLunch && random.chance(0.6) ? timeOfDay + HOUR : timeOfDay;
}

/** A likely time for a call on a working day. */
export function callingTime(day: Day, random: Random): number {
  const slots = slotOf(closingOf(day));
  for (;;) {
    const slot = random.integer(0, slots - 1);
    if (random.next() * 1.2 < PROFILE[slot]!) return ALLOWED.from + Math.floor((slot + random.next()) * 30 * MINUTE);
  }
}
