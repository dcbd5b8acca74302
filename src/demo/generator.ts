/** A call centre’s last months, day by day: the door to the made-up rows. */
import { Floor } from './agents.ts';
import { calendarDay, DAY, type Day, demoTenant, instantOf } from './calendar.ts';
import { Pool } from './caller-ids.ts';
import { CORRECTION_DAYS, callsOf } from './calls.ts';
import { campaignRows } from './campaigns.ts';
import { dispositionRows } from './dispositions.ts';
import { type Lead, leadsOf } from './leads.ts';
import { type DialAttempt, LIFE_DAYS, lifeOf } from './life.ts';
import { type DemoRow, type GeneratedRow, iso } from './row.ts';

export { type DemoRow, demoTenant };

/** What the demo is made of. The same seed and the same calls a day give the same history, whatever `now` is. */
export interface DemoOptions {
  seed: number;
  /** About how many calls there are in the whole span. */
  calls: number;
  /** The length of the span, which ends now. */
  days: number;
  now: Date;
  /** To top up: only calls and leads that are new or changed since then. */
  from?: Date;
}

/** The options of the demo unless others are asked for. */
export const demoDefaults = { seed: 1, calls: 300_000, days: 90 };

/** The rows of a call centre's last months: the small tables, then each day's leads and calls, as they are known now. */
export function* generateDemo(options: DemoOptions): Generator<DemoRow> {
  const { seed, calls, days } = options;
  const now = options.now.getTime();
  const from = options.from?.getTime() ?? Number.NEGATIVE_INFINITY;
  const callsPerDay = calls / days;
  const firstDay = calendarDay(now - days * DAY);
  const centre = { seed, floor: new Floor(seed), pool: new Pool(seed) };
  const isNew = (updatedAt: number) => updatedAt > from && updatedAt <= now;

  yield* rowsInto('campaigns', campaignRows(firstDay, now));
  yield* rowsInto('teams', centre.floor.teamRows());
  yield* rowsInto('agents', centre.floor.agentRows(firstDay, now));
  yield* rowsInto('dispositions', dispositionRows());
  yield* rowsInto('caller_ids', centre.pool.rows(now, callsPerDay));

  const firstNew = options.from === undefined ? firstDay : Math.max(firstDay, calendarDay(from) - CORRECTION_DAYS - 1);
  const due = new Map<Day, DialAttempt[]>();
  // Calls of the first day go to leads that came in up to a lead's life before.
  for (let day = firstNew - LIFE_DAYS; day <= calendarDay(now); day += 1) {
    for (const lead of leadsOf(day, callsPerDay, seed)) {
      let isSeen = day >= firstDay;
      for (const attempt of lifeOf(lead, centre)) {
        isSeen ||= attempt.day >= firstDay;
        const waiting = due.get(attempt.day);
        if (waiting === undefined) due.set(attempt.day, [attempt]);
        else waiting.push(attempt);
      }
      const createdAt = instantOf(lead.day, lead.timeOfDay);
      if (isSeen && isNew(createdAt)) yield { table: 'leads', row: leadRow(lead, createdAt) };
    }
    if (day >= firstNew)
      for (const { row, updatedAt } of callsOf(day, due.get(day) ?? [], seed))
        if (isNew(updatedAt)) yield { table: 'calls', row };
    due.delete(day);
  }
}

function leadRow({ lead_id, campaign, source }: Lead, createdAt: number): GeneratedRow {
  const created_at = iso(createdAt);
  return { lead_id, campaign_id: campaign.campaign_id, source: source.name, created_at, updated_at: created_at };
}

function* rowsInto(table: DemoRow['table'], rows: GeneratedRow[]): Generator<DemoRow> {
  for (const row of rows) yield { table, row };
}
