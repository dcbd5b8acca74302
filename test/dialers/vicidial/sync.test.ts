import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { RowDataPacket } from 'mysql2/promise';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { toSyncReport } from '../../../src/cli/show/vicidial-report.ts';
import { openVicidial, type VicidialDatabase } from '../../../src/dialers/vicidial/database/source.ts';
import { sourceTables } from '../../../src/dialers/vicidial/database/source-tables.ts';
import type { SyncOptions } from '../../../src/dialers/vicidial/database/syncing.ts';
import type { Row, Sending, Table } from '../../oracle/plain/world.ts';
import { mariadbMissing } from '../mariadb.ts';
import {
  campaigns,
  type Floor,
  fillFloor,
  groups,
  insert,
  makeFloor,
  phoneOf,
  users,
  wallClock,
  zone,
} from './floor.ts';
import { systemStatuses } from './schema.ts';
import {
  expectReports,
  grantAsDocumented as grantIn,
  idsOf as idsIn,
  openAsReader,
  openVicidialSite,
  syncInto,
  type VicidialSite,
} from './vicidial-site.ts';

vi.setConfig({ testTimeout: 900_000, hookTimeout: 900_000 });

const missing = mariadbMissing();
const hour = 3_600_000;
const now = Math.floor(Date.now() / 1000) * 1000;
// The night of 2024-11-03 has the hour after one twice in New York; on 2025-03-09 the hour after two is not there.
const autumn = { from: Date.parse('2024-11-02T12:00:00Z'), to: Date.parse('2024-11-04T12:00:00Z'), calls: 400 };
const spring = { from: Date.parse('2025-03-09T00:00:00Z'), to: Date.parse('2025-03-10T00:00:00Z'), calls: 150 };
const lately = { from: now - 60 * hour, to: now - hour, calls: 300 };

/** The statuses as dispositions, by hand. */
const categories: Record<string, string[]> = {
  contact: ['SALE', 'NI', 'XFER'],
  callback: ['CALLBK'],
  remove: ['DNC', 'DNCL'],
};

describe.skipIf(missing)(`a VICIdial on MariaDB${missing ? `: ${missing}` : ''}`, () => {
  let at: VicidialSite;
  let { db, site, directory } = {} as VicidialSite;
  let tenant = 0;
  let database = '';

  beforeAll(async () => {
    at = await openVicidialSite();
    ({ db, site, directory } = at);
  });
  afterAll(() => at?.close());
  beforeEach(() => {
    tenant++;
    database = `asterisk${tenant}`;
  });

  const grantAsDocumented = () => grantIn(db.root, { tenant, database });
  const open = () => openAsReader(at, { tenant, database });
  const sync = async (options: Partial<SyncOptions> = {}, source?: VicidialDatabase, token?: string) =>
    syncInto(at, { tenant, database }, { source: source ?? (await open()), token, options });
  const idsOf = (kind: string) => idsIn(site, tenant, kind);

  /** Everything that was made up, in our columns. */
  async function truthOf({ calls, leads }: Floor): Promise<Sending[]> {
    const [campaign, agent, team] = await Promise.all([idsOf('campaign'), idsOf('agent'), idsOf('team')]);
    const at = (table: Table, rows: Row[]): Sending[] =>
      rows.map((row) => ({ tenant_id: tenant, table, row, taken_in_at: '2026-01-01T00:00:00Z' }));
    return [
      ...at(
        'campaigns',
        campaigns.map(({ id, name, active }) => ({
          campaign_id: campaign.get(id)!,
          name,
          status: active === 'Y' ? 'active' : 'paused',
        })),
      ),
      ...at(
        'teams',
        groups.map(({ id, name }) => ({ team_id: team.get(id)!, name })),
      ),
      ...at(
        'agents',
        users.map(({ id, name, team: of }) => ({
          agent_id: agent.get(id)!,
          name,
          username: id,
          team_id: team.get(of)!,
        })),
      ),
      ...at('dispositions', [
        ...systemStatuses.map(([code, label]) => ({
          code,
          label,
          category: Object.keys(categories).find((name) => categories[name]?.includes(code)) ?? 'no_contact',
          is_conversion: code === 'SALE',
        })),
        { code: 'INT', label: 'Interested', category: 'contact', is_conversion: true },
      ]),
      ...at(
        'leads',
        leads.map(({ campaign: of, ...row }) => ({ ...row, campaign_id: campaign.get(of)! })),
      ),
      ...at(
        'calls',
        calls.map(({ campaign: of, agent: who, team: group, ...row }) => ({
          ...row,
          campaign_id: campaign.get(of)!,
          agent_id: who ? agent.get(who)! : null,
          team_id: group ? team.get(group)! : null,
        })),
      ),
    ];
  }

  /** Every report over every span is what a plain computation makes of the truth. */
  async function expectTruth(floor: Floor): Promise<void> {
    const sendings = await truthOf(floor);
    const windows = [
      { date_from: '2024-11-01', date_to: '2024-11-05', timezone: zone },
      { date_from: '2024-11-03', date_to: '2024-11-03', timezone: 'Asia/Ho_Chi_Minh' },
      { date_from: '2025-03-08', date_to: '2025-03-10', timezone: zone },
      { date_from: new Date(now - 80 * hour).toISOString(), date_to: new Date(now).toISOString(), timezone: 'UTC' },
    ];
    await expectReports(at, { tenant, sendings }, { windows, now });
  }

  test('every report equals a plain computation over what the call centre did', async () => {
    const floor = makeFloor([autumn, spring, lately]);
    await fillFloor(db.root, database, floor);
    await grantAsDocumented();
    const { tally, counted, zoneDoubts, notes } = await sync();
    expect(tally).toMatchObject({ read: 850, written: 850, running: 0, unchanged: 0, leads: 300 });
    expect([...tally.ingested.values()].map(({ refused }) => refused)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(counted.reduce((sum, { rows }) => sum + rows, 0)).toBe(850);
    expect(notes).toEqual([]);
    expect(zoneDoubts.rows).toBeLessThan(zoneDoubts.of / 10);
    await expectTruth(floor);

    const again = await sync();
    expect(again.tally.ingested.size).toBe(0);
    // Only what may still change was read again.
    expect(again.tally).toMatchObject({ read: 300, unchanged: 300, written: 0 });
    await expectTruth(floor);
  });

  test('late changes come in: a new status, a late drop, more talk, a lead of another list', async () => {
    const floor = makeFloor([autumn, lately], 11);
    await fillFloor(db.root, database, floor);
    await grantAsDocumented();
    await sync();
    const late = floor.calls.slice(400);
    const change = async (status: string, sql: string, truth: Row) => {
      const call = late.find((one) => one.disposition_code === status && one.talk_sec !== 0)!;
      await db.root.query(sql, [call.call_id]);
      Object.assign(call, truth);
    };
    await db.root.query(`USE ${database}`);
    await change('NI', `UPDATE vicidial_log SET status = 'SALE' WHERE uniqueid = ?`, { disposition_code: 'SALE' });
    await change('CALLBK', 'UPDATE vicidial_agent_log SET talk_sec = 300, dead_sec = 7 WHERE uniqueid = ?', {
      talk_sec: 293,
      wrap_sec: 27,
    });
    const dropped = late.find((one) => one.disposition_code === 'LRERR')!;
    await insert(db.root, 'vicidial_drop_log', [
      {
        uniqueid: dropped.call_id,
        server_ip: '10.0.0.1',
        drop_date: wallClock(Date.parse(String(dropped.started_at))),
        lead_id: dropped.lead_id,
        campaign_id: 'TELE',
        status: 'DROP',
      },
    ]);
    dropped.outcome = 'abandoned';
    const added: Record<string, unknown> = {
      ...floor.tables.vicidial_log!.at(-1)!,
      uniqueid: 'late.1',
      call_date: wallClock(now - hour / 2),
      start_epoch: (now - hour / 2) / 1000,
      status: 'NA',
      user: 'VDAD',
      user_group: null,
    };
    await insert(db.root, 'vicidial_log', [added]);
    floor.calls.push({
      call_id: 'late.1',
      campaign: String(added.campaign_id),
      lead_id: Number(added.lead_id),
      agent: null,
      team: null,
      cid: null,
      started_at: new Date(now - hour / 2).toISOString(),
      outcome: 'no_answer',
      talk_sec: 0,
      wrap_sec: 0,
      disposition_code: 'NA',
    });
    await db.root.query('UPDATE vicidial_list SET list_id = 102 WHERE lead_id = 1');
    floor.leads[0]!.campaign = 'RENEW';
    const { tally } = await sync();
    expect(tally.written).toBeLessThan(100);
    await expectTruth(floor);
  });

  test('archives give the history; a row in both counts once, as the live table has it', async () => {
    const floor = makeFloor([autumn, lately], 5);
    await fillFloor(db.root, database, floor);
    await grantAsDocumented();
    await sync();
    await db.root.query(`USE ${database}`);
    const until = '2024-12-01';
    for (const [table, time] of [
      ['vicidial_log', 'call_date'],
      ['vicidial_log_extended', 'call_date'],
      ['vicidial_agent_log', 'event_time'],
      ['vicidial_carrier_log', 'call_date'],
      ['vicidial_dial_log', 'call_date'],
      ['vicidial_dial_cid_log', 'call_date'],
      ['vicidial_drop_log', 'drop_date'],
    ]) {
      await db.root.query(`INSERT INTO ${table}_archive SELECT * FROM ${table} WHERE ${time} < '${until}'`);
      // The archiver was stopped in the middle: what is in both has gone stale in one.
      await db.root.query(`DELETE FROM ${table} WHERE ${time} < '2024-11-03 12:00:00'`);
    }
    await db.root.query(
      `UPDATE vicidial_log_archive SET status = 'NI', user = '1001' WHERE call_date >= '2024-11-03 12:00:00'`,
    );
    tenant++;
    const grown = tenant;
    const source = async () => openVicidial(`mysql://reader${grown - 1}:PASSWORD@127.0.0.1:${db.port}/${database}`);
    const live = await sync({}, await source());
    expect(live.tally.read).toBeLessThan(700);
    const whole = await sync({ archive: true }, await source());
    expect(whole.tally.read).toBe(700);
    await expectTruth(floor);
  });

  test('a call that is still on goes in when it has ended; one that never ended counts as what is known', async () => {
    const floor = makeFloor([{ ...autumn, calls: 36 }]);
    await fillFloor(db.root, database, floor);
    await grantAsDocumented();
    await db.root.query(`USE ${database}`);
    const at = (ms: number) => ({
      call_date: wallClock(ms),
      start_epoch: ms / 1000,
      campaign_id: 'TELE',
      lead_id: 2,
      list_id: 101,
      user: '1001',
    });
    await insert(db.root, 'vicidial_log', [
      { uniqueid: 'on.1', status: 'INCALL', ...at(now - 60_000) },
      { uniqueid: 'stuck.1', status: 'QUEUE', ...at(now - 50 * hour) },
    ]);
    const first = await sync();
    expect(first.tally).toMatchObject({ read: 38, running: 1 });
    await db.root.query(`UPDATE vicidial_log SET status = 'NI' WHERE uniqueid = 'on.1'`);
    const common = { campaign: 'TELE', lead_id: 2, agent: '1001', team: null, cid: null, talk_sec: 0, wrap_sec: 0 };
    floor.calls.push(
      {
        ...common,
        call_id: 'on.1',
        started_at: new Date(now - 60_000).toISOString(),
        outcome: 'answered',
        disposition_code: 'NI',
      },
      {
        ...common,
        call_id: 'stuck.1',
        started_at: new Date(now - 50 * hour).toISOString(),
        outcome: 'failed',
        disposition_code: 'QUEUE',
      },
    );
    expect((await sync()).tally).toMatchObject({ running: 0 });
    await expectTruth(floor);
  });

  test('a sync begins where it is told, and reads again as many days as it is told', async () => {
    await fillFloor(db.root, database, makeFloor([lately]));
    await grantAsDocumented();
    const begun = now - 40 * hour;
    const first = await sync({ since: wallClock(begun), rereadDays: 1 });
    expect(first.tally.read).toBeGreaterThanOrEqual(195);
    expect(first.tally.read).toBeLessThanOrEqual(206);
    const day = await sync({ rereadDays: 1 });
    expect(day.tally).toMatchObject({ unchanged: day.tally.read, written: 0 });
    expect(day.tally.read).toBeLessThan(130);
    // A call of before yesterday is not looked at again by the one, but by the other.
    await db.root.query(
      `UPDATE ${database}.vicidial_log SET status = 'NI' WHERE call_date > ? AND status = 'NA' ORDER BY call_date LIMIT 1`,
      [wallClock(begun + 2 * hour)],
    );
    expect((await sync({ rereadDays: 1 })).tally.written).toBe(0);
    const week = await sync({ rereadDays: 7 });
    expect(week.tally.read).toBe(first.tally.read);
    expect(week.tally.outcomes.get('answered')).toBe(first.tally.outcomes.get('answered')! + 1);
  });

  test('what a tenant decides about statuses comes before their flags, a campaign\u2019s before the general', async () => {
    const floor = makeFloor([{ ...autumn, calls: 72 }]);
    await fillFloor(db.root, database, floor);
    await grantAsDocumented();
    const overrides: SyncOptions['overrides'] = new Map([
      ['pdrop', 'abandoned'],
      ['tele/na', 'machine'],
    ]);
    // From another machine, with a token that takes data in and reads nothing.
    await sync({ overrides }, undefined, await site.token('ingest', { tenant }));
    for (const call of floor.calls) {
      if (call.disposition_code === 'PDROP') call.outcome = 'abandoned';
      if (call.disposition_code === 'NA' && call.campaign === 'TELE') call.outcome = 'machine';
    }
    await expectTruth(floor);
  });

  test('rows that are no calls are refused with their reason, and a lead whose list belongs to nobody', async () => {
    await fillFloor(db.root, database, makeFloor([{ ...autumn, calls: 36 }]));
    await grantAsDocumented();
    await db.root.query(`USE ${database}`);
    await insert(db.root, 'vicidial_log', [
      {
        uniqueid: 'x.1',
        status: 'NA',
        call_date: wallClock(now - hour),
        start_epoch: 0,
        campaign_id: '',
        phone_number: phoneOf(5),
      },
    ]);
    await db.root.query(`SET SESSION sql_mode = ''`);
    await insert(db.root, 'vicidial_list', [
      { lead_id: 9001, entry_date: '2024-11-02 10:00:00', list_id: 999, phone_number: phoneOf(9001) },
      { lead_id: 9002, entry_date: '0000-00-00 00:00:00', list_id: 101, phone_number: phoneOf(9002) },
    ]);
    const result = await sync();
    const { calls, leads } = Object.fromEntries(result.tally.ingested);
    expect(calls).toMatchObject({ rows_read: 37, taken_in: 36, refused: 1 });
    expect([...calls!.refused_by.keys()].join()).toMatch(/^campaign_id: /);
    expect(leads).toMatchObject({ refused: 1 });
    expect([...leads!.refused_by.keys()].join()).toMatch(/^campaign_id: /);
    expect(result.tally.leadsUndated).toBe(1);
    const report = toSyncReport(result, undefined);
    expect(report).toMatch(/calls +37 +36 +1/);
    expect(report).toMatch(/NA +No Answer AutoDial +9 +9\n/);
    expect((await sync()).tally.ingested.size).toBe(0);
  });

  test('no number of a customer is anywhere on disk', () => {
    const numbers = [2, 5, 100, 299, 9001].map(phoneOf);
    const found = (number: string) => {
      try {
        return execFileSync('grep', ['-rl', '--binary-files=text', number, directory], { encoding: 'utf8' });
      } catch {
        return '';
      }
    };
    expect(numbers.map(found)).toEqual(numbers.map(() => ''));
  });

  test('a column that is not granted is an error before anything is written, or a note of what is lost', async () => {
    await fillFloor(db.root, database, makeFloor([{ ...lately, calls: 72 }], 13, 20));
    await grantAsDocumented();
    const reader = `'reader${tenant}'@'%'`;
    // By columns everywhere, so that one after another can be taken back.
    for (const [table, { needs, mayLack }] of Object.entries(sourceTables)) {
      if (!/statuses$/.test(table)) continue;
      await db.root.query(`REVOKE SELECT ON ${database}.${table} FROM ${reader}`);
      const columns = [...needs, ...Object.keys(mayLack)].join(', ');
      await db.root.query(`GRANT SELECT (${columns}) ON ${database}.${table} TO ${reader}`);
    }
    const [granted] = await db.root.query<RowDataPacket[]>(
      'SELECT table_name AS t, column_name AS c FROM information_schema.column_privileges WHERE grantee = ? AND table_schema = ?',
      [reader, database],
    );
    const live = granted.filter(({ t }) => !t.endsWith('_archive'));
    expect(live.length).toBeGreaterThan(60);
    const log = ['call_date', 'campaign_id', 'lead_id', 'status', 'uniqueid', 'user'];
    const flags = ['answering_machine', 'dnc', 'human_answered', 'sale', 'status'];
    const needed = [
      ...log.map((column) => `vicidial_log.${column}`),
      ...flags.map((column) => `vicidial_statuses.${column}`),
    ];
    const isNeeded = ({ t, c }: RowDataPacket) => needed.includes(`${t}.${c}`);
    const without = async ({ t, c }: RowDataPacket, look: () => Promise<void>) => {
      await db.root.query(`REVOKE SELECT (${c}) ON ${database}.${t} FROM ${reader}`);
      await look();
      await db.root.query(`GRANT SELECT (${c}) ON ${database}.${t} TO ${reader}`);
    };
    expect(live.filter(isNeeded).length).toBe(needed.length);
    for (const of of live.filter(isNeeded)) {
      await without(of, async () => {
        const told = await sync().catch(({ code, message }) => `${code} ${message}`);
        expect(told).toContain(`SOURCE_UNREADABLE The account may not read ${of.t} (${of.c})`);
        expect(told).toContain(`\nGRANT SELECT (${of.c}) ON ${database}.${of.t} TO ${reader};\n`);
      });
    }
    expect(await idsOf('campaign')).toEqual(new Map());
    for (const of of live.filter((one) => !isNeeded(one))) {
      await without(of, async () => {
        const { notes, tally } = await sync();
        expect(notes.join('\n')).toMatch(new RegExp(`^${of.t}\\b[^:]*\\b${of.c}\\b[^:]*: .+\\.$`));
        expect(tally.read).toBe(72);
      });
    }
    expect((await sync()).notes).toEqual([]);
  });

  test('every table that can be done without is named when it is not granted', async () => {
    await fillFloor(db.root, database, makeFloor([{ ...lately, calls: 36 }], 17, 20));
    await db.root.query(
      `CREATE USER 'reader${tenant}'@'%' IDENTIFIED BY 'PASSWORD';
       GRANT SELECT ON ${database}.vicidial_log TO 'reader${tenant}'@'%';
       GRANT SELECT ON ${database}.vicidial_statuses TO 'reader${tenant}'@'%'`,
    );
    const { notes, tally } = await sync();
    expect(tally.read).toBe(36);
    const docs = readFileSync(new URL('../../../docs/vicidial.md', import.meta.url), 'utf8');
    const documented = [...docs.matchAll(/ON asterisk\.(\w+) TO/g)].map(([, table]) => table);
    const optional = documented.filter((table) => !/^vicidial_(log|statuses)$/.test(table!));
    expect(notes.map((note) => note.split(' ')[0]).sort()).toEqual(optional.sort());
    // The history that was asked for can't be left out without a word.
    const told = await sync({ archive: true }).catch(({ code, message }) => `${code} ${message}`);
    expect(told).toMatch(/SOURCE_UNREADABLE .*vicidial_log_archive/);
  });

  test('a zone that fits no call is asked about before anything is written', async () => {
    await fillFloor(db.root, database, makeFloor([{ ...autumn, calls: 72 }], 19, 20));
    await grantAsDocumented();
    const told = await sync({ zone: 'Asia/Ho_Chi_Minh' }).catch(({ code, message }) => `${code} ${message}`);
    expect(told).toMatch(
      /^SOURCE_ZONE_WRONG Are VICIdial's clocks really in Asia\/Ho_Chi_Minh\? .*UTC-0[45]:00\. .*--source-timezone/,
    );
    expect(await idsOf('campaign')).toEqual(new Map());
    expect((await sync()).tally).toMatchObject({ read: 72, written: 72 });
  });

  test('an account that may not read, a wrong password and an unnamed zone say what to mend, never the password', async () => {
    await fillFloor(db.root, database, makeFloor([{ ...autumn, calls: 5 }]));
    const address = (password: string) => `mysql://reader${tenant}:${password}@127.0.0.1:${db.port}/${database}`;
    const failure = (work: Promise<unknown>) =>
      work.then(
        () => 'nothing failed',
        (error) => `${error.code} ${error.message} ${JSON.stringify(error.errors ?? '')} ${error.cause}`,
      );
    const unknown = await failure(openVicidial(address('s3cret')));
    expect(unknown).toContain('SOURCE_UNREADABLE');
    await db.root.query(
      `CREATE USER 'reader${tenant}'@'%' IDENTIFIED BY 'PASSWORD'; GRANT SELECT (status) ON ${database}.vicidial_statuses TO 'reader${tenant}'@'%'`,
    );
    const blind = await failure(open());
    expect(blind).toMatch(/may not read vicidial_log; .*docs\/vicidial\.md/s);
    const gone = await failure(openVicidial('mysql://reader:s3cret@127.0.0.1:1/asterisk'));
    expect(gone).toContain('SOURCE_UNREACHABLE');
    expect([unknown, blind, gone].join()).not.toMatch(/s3cret|PASSWORD/);
    await db.root.query(`DROP USER 'reader${tenant}'@'%'`);
    await grantAsDocumented();
    expect(await failure(sync({ zone: undefined }))).toContain('--source-timezone');
    expect(await failure(sync({ zone: 'Mars/Olympus' }))).toContain('Mars/Olympus');
  });
});
