import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { SyncOptions } from '../../../src/dialers/vicidial/database/syncing.ts';
import { sql } from '../../../src/sql.ts';
import { mariadbMissing } from '../mariadb.ts';
import { fillFloor, insert, makeFloor, phoneOf, wallClock } from './floor.ts';
import {
  grantAsDocumented,
  idsOf,
  openAsReader,
  openVicidialSite,
  type Place,
  syncInto,
  type VicidialSite,
} from './vicidial-site.ts';

vi.setConfig({ testTimeout: 900_000, hookTimeout: 900_000 });

const missing = mariadbMissing();
const hour = 3600;
/** The beginning of an hour of this morning or yesterday, in seconds. */
const ten = Math.floor(Date.now() / 1000 / hour) * hour - 5 * hour;

type SourceRow = Record<string, unknown>;

describe.skipIf(missing)(`calls that go on in in-groups${missing ? `: ${missing}` : ''}`, () => {
  let at: VicidialSite;
  let here: Place = { tenant: 0, database: '' };
  let closecallid = 0;

  beforeAll(async () => {
    at = await openVicidialSite();
  });
  afterAll(() => at?.close());
  beforeEach(async () => {
    here = { tenant: here.tenant + 1, database: `handed${here.tenant + 1}` };
    await fillFloor(at.db.root, here.database, makeFloor([{ from: 0, to: 0, calls: 0 }], 1, 0));
    await grantAsDocumented(at.db.root, here);
    await at.db.root.query(`USE ${here.database}; SET SESSION sql_mode = ''`);
  });

  const sync = async (options: Partial<SyncOptions> = {}) =>
    syncInto(at, here, { source: await openAsReader(at, here), options });

  const timesOf = (start: number, length: number) => ({
    call_date: wallClock(start * 1000),
    start_epoch: start,
    end_epoch: start + length,
    length_in_sec: length,
  });
  const dial = (start: number, length: number, row: SourceRow = {}) =>
    insert(at.db.root, 'vicidial_log', [
      {
        uniqueid: `${start}.1`,
        lead_id: 7,
        campaign_id: 'TELE',
        status: 'XFER',
        user: '1001',
        phone_number: phoneOf(7),
        ...timesOf(start, length),
        ...row,
      },
    ]);
  const leg = (start: number, length: number, row: SourceRow = {}) =>
    insert(at.db.root, 'vicidial_closer_log', [
      {
        closecallid: ++closecallid,
        uniqueid: `${start}.9`,
        lead_id: 7,
        campaign_id: 'CLOSERS',
        status: 'SALE',
        user: 'wang',
        queue_seconds: 10,
        ...timesOf(start, length),
        ...row,
      },
    ]);
  const agentRow = (row: SourceRow) =>
    insert(at.db.root, 'vicidial_agent_log', [
      { lead_id: 7, event_time: wallClock(ten * 1000), talk_sec: 0, dead_sec: 0, dispo_sec: 0, ...row },
    ]);

  /** The calls as they are kept, with the names of their agents. */
  async function calls() {
    const agents = new Map([...(await idsOf(at.site, here.tenant, 'agent'))].map(([name, id]) => [id, name]));
    const rows = await at.site.store.query<Record<string, string | number>>(
      sql`SELECT call_id, agent_id, outcome, talk_sec, wrap_sec, disposition_code FROM calls FINAL
        WHERE tenant_id = {tenant:UInt64} ORDER BY started_at`.bind({ tenant: here.tenant }),
    );
    return rows.map(({ agent_id, talk_sec, wrap_sec, ...row }) => ({
      ...row,
      agent: agents.get(Number(agent_id)),
      seconds: [Number(talk_sec), Number(wrap_sec)],
    }));
  }

  test('a closer\u2019s sale is the dial\u2019s: seconds add up, without the wait where only the in-group\u2019s log knows them', async () => {
    await dial(ten, 60);
    await agentRow({ user: '1001', uniqueid: `${ten}.1`, talk_sec: 60, dispo_sec: 5 });
    await leg(ten + 90, 200);
    const { tally } = await sync();
    expect(tally).toMatchObject({ read: 1, joined: 1, inbound: 0 });
    const sale = { call_id: `${ten}.1`, outcome: 'answered', disposition_code: 'SALE' };
    expect(await calls()).toEqual([{ ...sale, agent: '1001', seconds: [250, 5] }]);
    await agentRow({ user: 'WANG', uniqueid: `${ten + 90}.9`, talk_sec: 180, dead_sec: 500, dispo_sec: 7 });
    await sync({ credit: 'closer' });
    expect(await calls()).toEqual([{ ...sale, agent: 'wang', seconds: [60, 192] }]);
  });

  test('a dial of one hour, two in-groups of the next, and their customers\u2019 own calls beside them', async () => {
    await dial(ten - 60, 50);
    // An end that is none, and a call of the same customer an hour later.
    await dial(ten - 70, 50, { uniqueid: 'broken.1', lead_id: 9, status: 'NI', end_epoch: 4_294_967_295 });
    await leg(ten + 3600, 20, { lead_id: 9 });
    await leg(ten + 40, 100, { status: 'XFER', user: 'obrien' });
    await leg(ten + 200, 100);
    // A minute and a second after the end of what went before: the customer called again.
    await leg(ten + 361, 100);
    // Nobody dialed this one; and this one began before the dial.
    await leg(ten + 100, 100, { lead_id: 8 });
    await leg(ten - 61, 20);
    const { tally } = await sync();
    expect(tally).toMatchObject({ read: 2, joined: 2, inbound: 4 });
    expect(await calls()).toMatchObject([
      { disposition_code: 'NI' },
      { agent: '1001', disposition_code: 'SALE', seconds: [180, 0] },
    ]);
    // However often, and however little is read at once.
    expect((await sync({ rowsAtOnce: 1 })).tally).toMatchObject({ unchanged: 2, joined: 2, inbound: 4 });
  });

  test('calls of customers are counted where nothing was dialed before them, or at all', async () => {
    await leg(ten - 30 * hour, 20, { lead_id: 9 });
    expect((await sync()).tally).toMatchObject({ read: 0, joined: 0, inbound: 1 });
    await dial(ten, 10);
    await leg(ten - 50 * hour, 20, { lead_id: 8, call_date: '0000-00-00 00:00:00' });
    expect((await sync()).tally).toMatchObject({ read: 1, joined: 0, inbound: 2 });
  });

  test('a call that nobody took is abandoned when the customer gave up in the queue, whatever its status says', async () => {
    await dial(ten, 15, { user: 'VDAD', status: 'XFER' });
    await leg(ten + 15, 20, { user: 'VDCL', status: 'DROP' });
    await sync();
    expect(await calls()).toMatchObject([{ outcome: 'abandoned', disposition_code: 'DROP', seconds: [0, 0] }]);
  });

  test('the channel tells more than the clock: a customer may wait for long, and two dials be close', async () => {
    await dial(ten, 10, { uniqueid: 'a.1' });
    await dial(ten + 30, 10, { uniqueid: 'b.1', status: 'NA', user: 'VDAD' });
    await leg(ten + 900, 100, { uniqueid: 'a.1', lead_id: 0 });
    await leg(ten + 45, 50, { uniqueid: 'x.1', status: 'NI' });
    // The same number of another server's channel.
    await leg(ten + 950, 60, { uniqueid: 'a.1', lead_id: 9 });
    expect((await sync()).tally).toMatchObject({ joined: 2, inbound: 1 });
    expect(await calls()).toMatchObject([
      { call_id: 'a.1', disposition_code: 'SALE', agent: '1001' },
      { call_id: 'b.1', disposition_code: 'NI', agent: 'wang', outcome: 'answered' },
    ]);
  });

  test('no row of an in-group is of two calls, though their hours are read apart', async () => {
    await dial(ten - 60, 30, { uniqueid: 'a.1' });
    await leg(ten - 30, 600, { uniqueid: 'a.1', status: 'NI' });
    await dial(ten + 100, 10, { uniqueid: 'b.1' });
    // It names no lead, and holds the second dial open, which is the latest before what comes next.
    await leg(ten + 110, 450, { uniqueid: 'b.1', lead_id: 0, status: 'XFER' });
    await leg(ten + 590, 60);
    expect((await sync()).tally).toMatchObject({ read: 2, joined: 3, inbound: 0 });
    expect(await calls()).toMatchObject([
      { call_id: 'a.1', disposition_code: 'NI' },
      { call_id: 'b.1', disposition_code: 'SALE' },
    ]);
  });

  test('an agent who takes a call up again has each row of the agent log once', async () => {
    await dial(ten, 60);
    await agentRow({ user: '1001', uniqueid: `${ten}.1`, talk_sec: 60, dispo_sec: 5 });
    await agentRow({ user: '1001', uniqueid: `${ten}.1`, talk_sec: 40, dead_sec: 10, dispo_sec: 6 });
    await leg(ten + 70, 50, { user: '1001', uniqueid: `${ten}.1` });
    await leg(ten + 130, 80, { user: 'wang', uniqueid: `${ten}.1` });
    await sync();
    expect(await calls()).toMatchObject([{ agent: '1001', seconds: [60 + 30 + 70, 5 + 16] }]);
  });

  test('a call whose in-group is still on waits, and goes in when it is over', async () => {
    const now = Math.floor(Date.now() / 1000);
    await dial(now - 600, 60);
    expect((await sync()).tally).toMatchObject({ written: 1, running: 0 });
    expect(await calls()).toMatchObject([{ disposition_code: 'XFER' }]);
    await leg(now - 530, 0, { status: 'QUEUE', user: 'VDCL', end_epoch: 0 });
    expect((await sync()).tally).toMatchObject({ running: 1, joined: 0, inbound: 0 });
    await at.db.root.query(`UPDATE vicidial_closer_log SET status = 'INCALL', user = 'wang'`);
    expect((await sync()).tally).toMatchObject({ running: 1, joined: 0, inbound: 0 });
    expect(await calls()).toMatchObject([{ disposition_code: 'XFER' }]);
    await at.db.root.query(`UPDATE vicidial_closer_log SET status = 'SALE', length_in_sec = 100`);
    expect((await sync()).tally).toMatchObject({ written: 1, running: 0, joined: 1 });
    expect(await calls()).toMatchObject([{ disposition_code: 'SALE', seconds: [90, 0] }]);
  });

  test('a drop in the in-group is the call\u2019s end, and no drop where an agent had the dial', async () => {
    const drop = (uniqueid: string, drop_date = wallClock(ten * 1000)) =>
      insert(at.db.root, 'vicidial_drop_log', [
        { uniqueid, server_ip: 'x', drop_date, lead_id: 7, campaign_id: 'TELE', status: 'DROP' },
      ]);
    await dial(ten, 60);
    await leg(ten + 60, 30, { uniqueid: `${ten}.1`, status: 'DROP', user: 'VDCL' });
    await drop(`${ten}.1`);
    await dial(ten + 1000, 5, { status: 'DROP', user: 'VDAD' });
    await leg(ten + 1005, 90, { uniqueid: `${ten + 1000}.1`, status: 'NI' });
    await drop(`${ten + 1000}.1`);
    await dial(ten + 3000, 5, { status: 'NI', user: 'VDAD' });
    await drop(`${ten + 3000}.1`, '0000-00-00 00:00:00');
    await dial(ten + 2000, 5, { status: 'XFER', user: 'VDAD' });
    await leg(ten + 2005, 90, { uniqueid: `${ten + 2000}.1`, status: 'DROP', user: 'VDCL' });
    await drop(`${ten + 2000}.1`);
    await sync();
    expect(await calls()).toMatchObject([
      { outcome: 'answered', disposition_code: 'DROP', agent: '1001' },
      { outcome: 'answered', disposition_code: 'NI', agent: 'wang' },
      { outcome: 'abandoned', disposition_code: 'DROP' },
      { outcome: 'abandoned', disposition_code: 'NI' },
    ]);
  });

  test('without the grant it goes on, and says what is lost', async () => {
    await dial(ten, 60);
    await leg(ten + 60, 90);
    await at.db.root.query(`REVOKE SELECT ON vicidial_closer_log FROM 'reader${here.tenant}'@'%'`);
    const { notes, tally } = await sync();
    expect(notes).toEqual([
      expect.stringMatching(/^vicidial_closer_log can't be read: .*sales.*inbound calls are not counted\.$/),
    ]);
    expect(tally).toMatchObject({ joined: 0, inbound: 0, written: 1 });
    expect(await calls()).toMatchObject([{ disposition_code: 'XFER' }]);
  });

  test('rows without a date are read by their epoch, once; with neither they are counted and left out', async () => {
    const zero = '0000-00-00 00:00:00';
    await dial(ten, 60, { call_date: zero, uniqueid: 'zero.1', status: 'NI' });
    await dial(ten + 100, 60, { call_date: null, uniqueid: 'null.1', status: 'NI' });
    await dial(ten - 20 * 86_400, 60, { call_date: zero, uniqueid: 'old.1', status: 'NI' });
    await dial(ten, 60, { call_date: zero, start_epoch: 0, uniqueid: 'never.1' });
    await dial(ten, 60, { call_date: zero, start_epoch: null, uniqueid: 'never.2' });
    await leg(ten + 161, 50, { call_date: zero });
    await leg(ten + 5000, 50, { call_date: zero });
    const first = await sync();
    expect(first.tally).toMatchObject({ read: 3, written: 3, timeless: 2, joined: 1, inbound: 1 });
    expect([...first.tally.ingested.values()].every(({ refused }) => refused === 0)).toBe(true);
    expect(first.counted.reduce((sum, { rows }) => sum + rows, 0)).toBe(3);
    expect(await calls()).toMatchObject([
      { call_id: 'old.1' },
      { call_id: 'zero.1' },
      { call_id: 'null.1', disposition_code: 'SALE' },
    ]);
    // What is settled is not read again; what may change is.
    expect((await sync()).tally).toMatchObject({ read: 2, unchanged: 2, written: 0, timeless: 2 });
    await at.db.root.query(`UPDATE vicidial_log SET status = 'SALE' WHERE uniqueid = 'zero.1'`);
    expect((await sync()).tally).toMatchObject({ written: 2 });
    expect(await calls()).toMatchObject([{}, { call_id: 'zero.1', disposition_code: 'SALE' }, {}]);
    // Somebody mends the date: the same call.
    await at.db.root.query(`UPDATE vicidial_log SET call_date = ? WHERE uniqueid = 'zero.1'`, [wallClock(ten * 1000)]);
    await sync();
    expect(await calls()).toHaveLength(3);
    expect((await sync({ since: wallClock((ten + 3600) * 1000), again: true })).tally).toMatchObject({ read: 0 });
  });

  test('a date with a day or a month of 0 is none: its epoch counts, and nothing stops', async () => {
    await dial(ten, 60, { call_date: '2024-11-00 05:00:00', uniqueid: 'day.1', status: 'NI' });
    await dial(ten + 100, 60, { call_date: '2024-00-00 00:00:00', start_epoch: 0, uniqueid: 'month.1', status: 'NI' });
    await leg(ten + 100, 20, { call_date: '2024-11-00 05:00:00' });
    await leg(ten + 900, 20, { call_date: '2024-11-00 05:00:00' });
    await dial(ten + 300, 60, { status: 'SALE' });
    const { tally } = await sync();
    expect(tally).toMatchObject({ read: 2, written: 2, timeless: 1, joined: 1, inbound: 1 });
    expect(await calls()).toMatchObject([
      { call_id: 'day.1', disposition_code: 'SALE', agent: '1001' },
      { call_id: `${ten + 300}.1`, disposition_code: 'SALE' },
    ]);
  });

  test('a row of month 0 that stands before all others is read, too', async () => {
    await dial(ten, 60, { call_date: '2024-00-20 09:00:00', uniqueid: 'month.1', status: 'NI' });
    await dial(ten + 300, 60, { status: 'SALE' });
    expect((await sync()).tally).toMatchObject({ read: 2, written: 2, timeless: 0 });
    expect(await calls()).toMatchObject([{ call_id: 'month.1' }, { call_id: `${ten + 300}.1` }]);
  });

  test('leads without an entry date have that of their first dial, and are left out until there is one', async () => {
    const leads = () =>
      at.site.store.query(
        sql`SELECT lead_id, toUnixTimestamp(created_at) AS created FROM leads FINAL WHERE tenant_id = {tenant:UInt64} ORDER BY lead_id`.bind(
          { tenant: here.tenant },
        ),
      );
    await insert(at.db.root, 'vicidial_list', [
      { lead_id: 7, entry_date: null, list_id: 101 },
      { lead_id: 8, entry_date: '0000-00-00 00:00:00', list_id: 101 },
      { lead_id: 9, entry_date: wallClock(ten * 1000), list_id: 101 },
    ]);
    await dial(ten + 100, 60);
    const june = Date.parse('2024-06-01T14:00:00Z') / 1000;
    await dial(june, 60, { start_epoch: 0 });
    const first = await sync();
    expect(first.tally).toMatchObject({ leadsDatedByDial: 1, leadsUndated: 1 });
    expect(first.tally.ingested.get('leads')).toMatchObject({ taken_in: 2, refused: 0 });
    expect(await leads()).toMatchObject([
      { lead_id: 7, created: june },
      { lead_id: 9, created: ten },
    ]);
    expect((await sync()).tally.ingested.has('leads')).toBe(false);
    await dial(ten + 300, 60, { lead_id: 8, uniqueid: 'eight.1' });
    expect((await sync()).tally).toMatchObject({ leadsDatedByDial: 2, leadsUndated: 0 });
    expect(await leads()).toMatchObject([{ lead_id: 7 }, { lead_id: 8, created: ten + 300 }, { lead_id: 9 }]);
    // The log is archived: the date stays.
    await at.db.root.query('INSERT INTO vicidial_log_archive SELECT * FROM vicidial_log; DELETE FROM vicidial_log');
    await sync();
    expect(await leads()).toMatchObject([{ created: june }, { created: ten + 300 }, { created: ten }]);
  });
});
