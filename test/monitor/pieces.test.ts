import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { QueryOverLimit } from '../../src/errors.ts';
import { name, sql } from '../../src/sql.ts';
import type { Store } from '../../src/store/store.ts';
import { openSite, openTestStore, type SentRow, type Site } from '../http/app.ts';
import { dawn, eventsOf, ledgerOf, minuteOf, openWatch } from './day.ts';

let held: Awaited<ReturnType<typeof openTestStore>>;
let site: Site;
let clock = dawn;
const quick = 1;
const troubled = 2;

beforeAll(async () => {
  held = await openTestStore();
  site = await openSite(held.store, held.directory, { now: () => clock });
});
afterAll(async () => {
  await site.app.close();
  await held.close();
});
beforeEach(async () => {
  for (const table of ['calls', 'breaches', 'alert_events', 'monitor_marks', 'monitor_lags'])
    await held.store.command(sql`TRUNCATE TABLE ${name(table)}`);
});

let ids = 0;
/** A day with alerts that open and close, in several campaigns of two tenants. */
async function story() {
  const at = (minute: number, count: number, campaign_id: number, outcome: string): SentRow[] =>
    Array.from({ length: count }, () => {
      const started_at = new Date(minuteOf(minute, 30)).toISOString();
      return { call_id: `c${++ids}`, campaign_id, started_at, outcome };
    });
  for (const tenant of [quick, troubled]) {
    const campaigns = [4, 5].map((id) => ({ campaign_id: id, name: 'Spring', abandon_window_minutes: 5 }));
    await site.ingest('campaigns', campaigns, tenant);
    const calls = [4, 5].flatMap((id) => [
      ...at(1, 150, id, 'answered'),
      ...at(2, 4 + id, id, 'abandoned'),
      ...at(id, 60, id, 'answered'),
    ]);
    await site.ingest('calls', calls, tenant);
  }
}

const everything = async (tenant: number) => ({
  ledger: (await ledgerOf(held.store, tenant)).map(({ recorded: _, ...row }) => row),
  // Of several campaigns in one minute, whichever is found first.
  events: (await eventsOf(held.store, tenant))
    .map(({ minute, subject, kind }) => `${subject} ${minute} ${kind}`)
    .sort(),
});

/** Lets the clock come to some minutes, as a server on this store would see it. */
async function pass(store: Store, minutes: readonly number[]) {
  const watch = openWatch(store);
  const monitor = watch.open();
  for (const minute of minutes) {
    clock = watch.clock.ms = minuteOf(minute, 2);
    await monitor.measureDue();
  }
  return { ...watch, monitor };
}
const minutes = Array.from({ length: 15 }, (_, index) => index);

/** What the day comes to, minute by minute: both tests ask it of the same day. */
let whole: Awaited<ReturnType<typeof everything>>[];

beforeAll(async () => {
  await story();
  await pass(held.store, minutes);
  whole = [await everything(quick), await everything(troubled)];
  expect(whole[0]?.ledger.length).toBeGreaterThan(8);
  expect(whole[1]?.events.join()).toContain('abandon.recovered');
});

/** The store as it is, but for what `fails` says of the reading of minutes. */
const troubling = (fails: (read: { text: string; tenant: unknown }) => Error | undefined): Store => ({
  ...held.store,
  async *stream<Row>(statement: Parameters<Store['stream']>[0], options: Parameters<Store['stream']>[1]) {
    const error =
      statement.text.includes('AS moves') && fails({ text: statement.text, tenant: statement.params.tenant });
    if (error) throw error;
    yield* held.store.stream<Row>(statement, options);
  },
});

test('a piece that needs too much memory is cut, and nothing changes', async () => {
  await story();
  const cause = Object.assign(new Error('Memory limit exceeded'), { code: 241 });
  // No query may ask for more than a quarter of the campaigns.
  const tight = troubling(({ text }) =>
    text.includes('campaign_id % ') && !text.includes(' % 2 =') ? undefined : new QueryOverLimit('memory', { cause }),
  );
  const { monitor } = await pass(tight, [0, 7, 14]);
  expect([await everything(quick), await everything(troubled)]).toEqual(whole);
  expect(monitor.counts).toMatchObject({ failures: 0 });
});

test('a tenant that can\u2019t be measured for a while stops no other, and misses no minute', async () => {
  await story();
  let isAway = false;
  const store = troubling(({ tenant }) => (isAway && tenant === troubled ? new Error('a damaged part') : undefined));
  await pass(store, minutes.slice(0, 4));
  isAway = true;
  const { said, monitor } = await pass(store, minutes.slice(4, 9));
  expect(monitor.counts).toMatchObject({ lagging: 1, failures: 0 });
  expect(said).toContainEqual({ level: 'warn', message: expect.stringContaining('a tenant can') });
  // Another server takes over, and finds it mended.
  isAway = false;
  const last = await pass(store, minutes.slice(9));
  expect([await everything(quick), await everything(troubled)]).toEqual(whole);
  expect(last.monitor.counts.lagging).toBe(0);
});
