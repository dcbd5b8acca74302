import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { name, sql } from '../../src/sql.ts';
import type { Store } from '../../src/store/store.ts';
import { openSite, openTestStore, type SentRow, type Site } from '../http/app.ts';
import { dawn, eventsOf, isoOf, ledgerOf, minuteOf, openWatch } from './day.ts';

let held: Awaited<ReturnType<typeof openTestStore>>;
let site: Site;
let watch: ReturnType<typeof openWatch>;

beforeAll(async () => {
  held = await openTestStore();
  site = await openSite(held.store, held.directory, { now: () => watch.clock.ms });
});
beforeEach(async () => {
  watch = openWatch(held.store);
  await forget();
});
afterAll(async () => {
  await site.app.close();
  await held.close();
});

/** As if nothing had ever been taken in or measured. */
async function forget() {
  for (const table of ['calls', 'campaigns', 'breaches', 'alert_events', 'monitor_marks'])
    await held.store.command(sql`TRUNCATE TABLE ${name(table)}`);
}

let ids = 0;
/** As many calls of campaign 7 alike, in the middle of a minute of the day. */
const callsAt = (minute: number, count: number, row: SentRow = {}): SentRow[] =>
  Array.from({ length: count }, () => ({
    call_id: `c${++ids}`,
    campaign_id: 7,
    started_at: new Date(minuteOf(minute, 30)).toISOString(),
    outcome: 'answered',
    ...row,
  }));
const dropsAt = (minute: number, count: number) => callsAt(minute, count, { outcome: 'abandoned' });
const spaced = (minute: number) => isoOf(minute).replace('T', ' ').replace('Z', '');

/** Lets the clock come to each minute in turn, as a server that runs would see it. */
async function pass(monitor: { measureDue(): Promise<void> }, from: number, to: number) {
  for (let minute = from; minute <= to; minute++) {
    watch.clock.ms = minuteOf(minute, 1);
    await monitor.measureDue();
  }
}

describe('a campaign that drops too many calls', () => {
  beforeEach(async () => {
    await site.ingest('campaigns', [{ campaign_id: 7, name: 'Spring', abandon_window_minutes: 20 }]);
  });

  test('is in the ledger minute by minute, and an alert opens and closes once', async () => {
    const monitor = watch.open();
    // 100 dials and 3 drops: at the limit. A fourth one at minute 5, and its minute leaves the window at minute 26.
    await site.ingest('calls', [...callsAt(0, 97), ...dropsAt(0, 3), ...callsAt(22, 200)]);
    await pass(monitor, 1, 4);
    expect(await ledgerOf(held.store)).toEqual([]);
    expect(await eventsOf(held.store)).toEqual([{ kind: 'abandon.nearing', subject: '7', minute: spaced(1) }]);
    await site.ingest('calls', dropsAt(4, 1));
    await pass(monitor, 5, 30);
    const ledger = await ledgerOf(held.store);
    // Over from minute 5 to 20; then the first hundred leave, and 1 of 1 is over too, until 200 more dials come in.
    expect(ledger.map(({ minute }) => minute)).toEqual(Array.from({ length: 18 }, (_, index) => spaced(5 + index)));
    expect(ledger[0]).toMatchObject({ total: 101, abandoned: 4 });
    expect(ledger.at(-1)).toMatchObject({ total: 1, abandoned: 1 });
    expect(await eventsOf(held.store)).toEqual([
      { kind: 'abandon.nearing', subject: '7', minute: spaced(1) },
      { kind: 'abandon.breached', subject: '7', minute: spaced(5) },
      // From minute 21 on there is one attempt, which is no alert; the fifth such minute closes it.
      { kind: 'abandon.recovered', subject: '7', minute: spaced(25) },
      { kind: 'abandon.calm', subject: '7', minute: spaced(30) },
    ]);
    const alerts = (await site.get('/api/telesales/alerts', await site.token('admin'))).json().data;
    expect(alerts).toMatchObject([
      { event: 'abandon.recovered', at: isoOf(25) },
      {
        event: 'abandon.breached',
        at: isoOf(5),
        data: { campaign_name: 'Spring', attempts_total: 101, attempts_abandoned: 4, abandon_rate_pct: 3.96 },
      },
      { event: 'abandon.nearing', at: isoOf(1), data: { abandon_rate_pct: 3, limit_pct: 3 } },
    ]);
  });

  test('and that dropped one of its first calls is in the ledger, but no alarm', async () => {
    const monitor = watch.open();
    await site.ingest('calls', [...callsAt(0, 98), ...dropsAt(0, 1)]);
    await site.ingest('calls', dropsAt(1, 3), 2);
    await pass(monitor, 1, 3);
    expect(await eventsOf(held.store)).toEqual([]);
    expect(await ledgerOf(held.store)).toEqual([]);
    expect((await ledgerOf(held.store, 2)).map(({ minute }) => minute)).toEqual([spaced(2), spaced(3)]);
    expect(await eventsOf(held.store, 2)).toEqual([]);
  });

  test('what a minute said is never rewritten, and a correction counts from then on', async () => {
    const monitor = watch.open();
    const dropped = dropsAt(0, 1);
    await site.ingest('calls', [...callsAt(0, 9), ...dropped]);
    await pass(monitor, 1, 2);
    await site.ingest('calls', [{ ...dropped[0], outcome: 'answered' }]);
    await pass(monitor, 3, 4);
    // Measured again from the start, as after a clock that was set back by hours.
    watch.clock.ms = dawn - 3_600_000;
    await monitor.measureDue();
    await pass(monitor, 0, 5);
    const ledger = await ledgerOf(held.store);
    expect(ledger.map(({ minute, recorded }) => [minute, recorded.slice(0, 19)])).toEqual([
      [spaced(1), '2026-06-01 08:01:01'],
      [spaced(2), '2026-06-01 08:02:01'],
    ]);
    expect(monitor.counts.clockSteps).toBe(1);
    expect(watch.said.map(({ message }) => message)).toContainEqual(expect.stringContaining('the clock went back'));
  });

  test('a paused campaign is not measured; one without a call counts as at its limit', async () => {
    await site.ingest('campaigns', [{ campaign_id: 8, name: 'Paused', status: 'paused' }]);
    const monitor = watch.open();
    await site.ingest('calls', [
      ...callsAt(0, 120, { outcome: 'abandoned' }),
      ...callsAt(0, 120, { outcome: 'abandoned', campaign_id: 8 }),
    ]);
    await pass(monitor, 1, 26);
    expect([...new Set((await ledgerOf(held.store)).map(({ campaign }) => campaign))]).toEqual([7]);
    expect((await eventsOf(held.store)).map(({ kind, minute }) => [kind, minute])).toEqual([
      ['abandon.breached', spaced(1)],
      ['abandon.recovered', spaced(25)],
    ]);
  });
});

describe('missed minutes', () => {
  const story = async () => {
    await site.ingest('campaigns', [{ campaign_id: 7, name: 'Spring', abandon_window_minutes: 15 }]);
    await site.ingest('calls', [
      ...callsAt(2, 150),
      ...dropsAt(5, 8),
      ...callsAt(9, 300),
      ...dropsAt(27, 40),
      ...callsAt(28, 200),
      ...callsAt(36, 1500),
    ]);
  };
  const everything = async () => ({
    ledger: (await ledgerOf(held.store)).map(({ recorded: _, ...row }) => row),
    events: await eventsOf(held.store),
  });

  /** What the day comes to when no minute is missed: each test asks it of the same day, which is lived through once. */
  let whole: Awaited<ReturnType<typeof everything>> | undefined;
  const wholeDay = async () => {
    if (whole) return whole;
    await story();
    await pass(watch.open(), 0, 45);
    whole = await everything();
    await forget();
    return whole;
  };

  test('are made up for, with the same ledger and the same alerts, and nothing twice', async () => {
    const expected = await wholeDay();
    expect(expected.ledger.length).toBeGreaterThan(10);
    expect(expected.events.map(({ kind }) => kind)).toContain('abandon.recovered');

    // The same day, seen by servers that were down for most of it.
    await story();
    for (const minute of [0, 33]) {
      watch.clock.ms = minuteOf(minute, 5);
      await watch.open().measureDue();
    }
    const last = watch.open();
    watch.clock.ms = minuteOf(45, 5);
    await last.measureDue();
    await last.measureDue();
    expect(last.counts).toMatchObject({ minutes: 12, minutesMadeUp: 11 });
    expect(await everything()).toEqual(expected);
  });

  test.each([4, 45])('a stop between any two writes changes nothing, in steps of %i minutes', async (step) => {
    const expected = await wholeDay();
    await story();
    let [writes, stopAt] = [0, 1];
    // The store as it is; but the process ends before a write of its own, and then before one further on.
    const mortal: Store = {
      ...held.store,
      insert: async (table, rows) => {
        if (rows.length > 0 && ++writes === stopAt) throw new Error('the process ends here');
        await held.store.insert(table, rows);
      },
    };
    const others = openWatch(mortal);
    let stops = 0;
    for (let minute = 0; minute <= 45; minute += step) {
      others.clock.ms = minuteOf(minute, 2);
      // Whoever comes after it knows only what is in the store.
      while (
        await others
          .open()
          .measureDue()
          .then(
            () => false,
            () => true,
          )
      ) {
        stops++;
        stopAt = writes + 2 + (stops % 3);
      }
    }
    expect(stops).toBeGreaterThan(1);
    expect(await everything()).toEqual(expected);
  });
});

test('caller IDs are judged each hour; one that is suspected is told once, until it is well again', async () => {
  const monitor = watch.open();
  const from = (cid: string, minute: number, count: number, outcome: string) =>
    callsAt(minute, count, { cid, outcome, campaign_id: 1 });
  await site.ingest('calls', [...from('0900000012', -50, 20, 'rejected'), ...from('0900000013', -50, 19, 'rejected')]);
  const hour = (hours: number) => spaced(hours * 60);
  const suspected = async () =>
    (await eventsOf(held.store))
      .filter(({ kind }) => kind.startsWith('caller_id'))
      .map(({ kind, subject, minute }) => [kind, subject, minute]);
  watch.clock.ms = minuteOf(1);
  await monitor.measureDue();
  expect(await suspected()).toEqual([['caller_id.suspected_block', '0900000012', hour(0)]]);
  // Judged again, and after a restart: nothing new.
  watch.clock.ms = minuteOf(60);
  await watch.open().measureDue();
  expect(await suspected()).toHaveLength(1);
  // Well again, and blocked again two days later.
  await site.ingest('calls', from('0900000012', 61, 200, 'answered'));
  watch.clock.ms = minuteOf(120);
  await monitor.measureDue();
  watch.clock.ms = minuteOf(48 * 60);
  await monitor.measureDue();
  await site.ingest('calls', from('0900000012', 48 * 60 + 1, 50, 'rejected'));
  watch.clock.ms = minuteOf(49 * 60);
  await monitor.measureDue();
  expect(await suspected()).toEqual([
    ['caller_id.suspected_block', '0900000012', hour(0)],
    ['caller_id.cleared', '0900000012', hour(2)],
    ['caller_id.suspected_block', '0900000012', hour(49)],
  ]);
});

test('the report lists the worst minute of each hour, newest first', async () => {
  await site.ingest('campaigns', [{ campaign_id: 7, name: 'Spring', abandon_window_minutes: 30 }]);
  const monitor = watch.open();
  await site.ingest('calls', [...callsAt(10, 90), ...dropsAt(10, 5), ...dropsAt(20, 5), ...dropsAt(65, 1)]);
  await pass(monitor, 5, 70);
  const admin = await site.token('admin');
  const ask = async (query = '') =>
    (await site.get(`/api/telesales/reports/abandon-rate?campaign_id=7${query}`, admin)).json().data;
  const { current, breaches } = await ask();
  expect(current.breached).toBe(true);
  expect(breaches).toEqual([
    {
      window_from: isoOf(36),
      window_to: isoOf(66),
      attempts_total: 1,
      attempts_abandoned: 1,
      abandon_rate_pct: 100,
      limit_pct: 3,
      recorded_at: new Date(minuteOf(66, 1)).toISOString(),
    },
    {
      window_from: isoOf(11),
      window_to: isoOf(41),
      attempts_total: 5,
      attempts_abandoned: 5,
      abandon_rate_pct: 100,
      limit_pct: 3,
      recorded_at: new Date(minuteOf(41, 1)).toISOString(),
    },
  ]);
  // As it was at minute 30: only what was in the ledger for the time before.
  expect((await ask(`&as_of=${isoOf(30)}`)).breaches).toMatchObject([{ window_to: isoOf(21), abandon_rate_pct: 10 }]);
  watch.clock.ms = minuteOf(8 * 24 * 60);
  expect((await ask()).breaches).toEqual([]);
  expect((await ask('&breaches_days=9')).breaches).toHaveLength(2);
});

test('a store that is away costs no minute', async () => {
  await site.ingest('calls', callsAt(0, 10, { outcome: 'abandoned' }));
  let isAway = false;
  const store: Store = {
    ...held.store,
    query: async (statement, options) => {
      if (isAway) throw new Error('connection refused');
      return held.store.query(statement, options);
    },
  };
  const away = openWatch(store);
  const monitor = away.open();
  away.clock.ms = minuteOf(1);
  await monitor.measureDue();
  isAway = true;
  away.clock.ms = minuteOf(4);
  await expect(monitor.measureDue()).rejects.toThrow('refused');
  // By itself it says so, counts it, and tries again.
  monitor.start();
  while (monitor.counts.failures === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  expect(away.said).toContainEqual({ level: 'error', message: expect.stringContaining('made up for') });
  isAway = false;
  away.clock.ms = minuteOf(6);
  await monitor.measureDue();
  await monitor.close();
  expect(away.said).toContainEqual({ level: 'info', message: 'making up missed minutes' });
  expect((await ledgerOf(held.store)).map(({ minute }) => minute)).toEqual([1, 2, 3, 4, 5, 6].map(spaced));
});
