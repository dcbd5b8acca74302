import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { toSyncReport } from '../../../src/cli/show/vicidial-report.ts';
import type { SyncResult } from '../../../src/dialers/vicidial/database/sync.ts';
import type { SyncOptions } from '../../../src/dialers/vicidial/database/syncing.ts';
import type { Row, Sending, Table } from '../../oracle/plain/world.ts';
import { mariadbMissing } from '../mariadb.ts';
import { insert } from './floor.ts';
import { fillLatin1, makeLatin1Floor } from './latin1-floor.ts';
import { plainSync, type SourceTables, toText } from './plain-sync.ts';
import {
  expectReports,
  grantAsDocumented,
  idsOf,
  openAsReader,
  openVicidialSite,
  syncInto,
  type VicidialSite,
} from './vicidial-site.ts';

vi.setConfig({ testTimeout: 900_000, hookTimeout: 900_000 });

const missing = mariadbMissing();
const hour = 3_600_000;
const now = Math.floor(Date.now() / 1000) * 1000;
const windows = [
  { date_from: new Date(now - 80 * hour).toISOString(), date_to: new Date(now).toISOString(), timezone: 'UTC' },
  {
    date_from: new Date(now - 30 * hour).toISOString(),
    date_to: new Date(now - 10 * hour).toISOString(),
    timezone: 'Asia/Ho_Chi_Minh',
  },
];

describe.skipIf(missing)(`a VICIdial of latin1 with in-groups${missing ? `: ${missing}` : ''}`, () => {
  let at: VicidialSite;
  let tenant = 0;

  beforeAll(async () => {
    at = await openVicidialSite();
  });
  afterAll(() => at?.close());

  /** A new VICIdial with these rows, and how it is synced. */
  async function place(tables: SourceTables) {
    tenant++;
    const own = { tenant, database: `latin1_${tenant}` };
    await fillLatin1(at.db.root, own.database, tables);
    await grantAsDocumented(at.db.root, own);
    const sync = async (options: Partial<SyncOptions> = {}): Promise<SyncResult> =>
      syncInto(at, own, { source: await openAsReader(at, own), options });
    return { ...own, sync };
  }

  /** What a plain computation over the source's rows makes of them. */
  async function truthOf(tables: SourceTables, of: number, credit: 'dialer' | 'closer' = 'dialer'): Promise<Sending[]> {
    const { calls, leads } = plainSync(tables, credit);
    const given = await Promise.all(['campaign', 'agent', 'team'].map((kind) => idsOf(at.site, of, kind)));
    const idOf = (kind: 0 | 1 | 2, name: string | null) =>
      name === null ? null : [...given[kind]!].find(([known]) => known.toLowerCase() === name.toLowerCase())![1];
    const sendings = (table: Table, rows: Row[]): Sending[] =>
      rows.map((row) => ({ tenant_id: of, table, row, taken_in_at: '2026-01-01T00:00:00Z' }));
    const contacts = ['SALE', 'NI', 'XFER'];
    return [
      ...sendings(
        'campaigns',
        tables.vicidial_campaigns!.map((row) => ({
          campaign_id: idOf(0, toText(row.campaign_id)),
          name: toText(row.campaign_name),
          status: 'active',
        })),
      ),
      ...sendings(
        'teams',
        tables.vicidial_user_groups!.map((row) => ({
          team_id: idOf(2, toText(row.user_group)),
          name: toText(row.group_name),
        })),
      ),
      ...sendings(
        'agents',
        tables.vicidial_users!.map((row) => ({
          agent_id: idOf(1, toText(row.user)),
          name: toText(row.full_name),
          username: toText(row.user),
          team_id: idOf(2, toText(row.user_group)),
        })),
      ),
      ...sendings('dispositions', [
        ...tables.vicidial_statuses!.map((row) => ({
          code: toText(row.status),
          label: toText(row.status_name),
          category: contacts.includes(toText(row.status)) ? 'contact' : 'no_contact',
          is_conversion: toText(row.status) === 'SALE',
        })),
        { code: 'INT', label: 'Đồng ý', category: 'contact', is_conversion: true },
      ]),
      ...sendings(
        'leads',
        leads.map(({ campaign, isByDial: _, ...row }) => ({ ...row, campaign_id: idOf(0, campaign) })),
      ),
      ...sendings(
        'calls',
        calls.map(({ campaign, agent, team, ...row }) => ({
          ...row,
          campaign_id: idOf(0, campaign),
          agent_id: idOf(1, agent),
          team_id: idOf(2, team),
        })),
      ),
    ];
  }

  test.each([
    [1, 'dialer'],
    [2, 'closer'],
    [3, 'dialer'],
  ] as const)(
    'seed %i, credit to the %s: every report equals a plain computation over the source\u2019s rows',
    async (seed, credit) => {
      const tables = makeLatin1Floor({ now, dials: 600, seed });
      const { sync, tenant: own } = await place(tables);
      const result = await sync({ credit });
      const plain = plainSync(tables, credit);
      expect(plain.joined).toBeGreaterThan(100);
      expect(plain.inbound).toBeGreaterThan(30);
      const byDial = plain.leads.filter(({ isByDial }) => isByDial).length;
      const undated = tables.vicidial_list!.length - plain.leads.length;
      expect(undated).toBeGreaterThan(0);
      const { tally } = result;
      expect(tally).toMatchObject({
        read: plain.calls.length,
        joined: plain.joined,
        inbound: plain.inbound,
        leadsDatedByDial: byDial,
        leadsUndated: undated,
      });
      expect([...tally.ingested.values()].map(({ refused }) => refused)).toEqual(Array(6).fill(0));
      await expectReports(at, { tenant: own, sendings: await truthOf(tables, own, credit) }, { windows, now });
      const report = toSyncReport(result, undefined);
      expect(report).toContain(`in-groups: ${plain.joined} rows went on with a dial, and are part of its call`);
      expect(report).toContain(`inbound: ${plain.inbound} calls that customers made, left out`);
      expect(report).toContain(`leads: ${byDial} had no entry date and were dated by their first dial`);
      expect(report).toContain(`leads: ${undated} have no entry date and no dial: left out until they are dialed`);
      const again = await sync({ credit });
      expect(again.tally).toMatchObject({
        unchanged: plain.calls.length,
        written: 0,
        joined: plain.joined,
        inbound: plain.inbound,
      });
      expect(again.tally.ingested.size).toBe(0);
    },
  );

  test('rows that come later, of dials of long before, come in as if they had always been there', async () => {
    const tables = makeLatin1Floor({ now, dials: 400, seed: 5 });
    const later: SourceTables = {};
    const first: SourceTables = { ...tables };
    for (const table of ['vicidial_closer_log', 'vicidial_agent_log']) {
      first[table] = tables[table]!.filter((_, index) => index % 3 > 0);
      later[table] = tables[table]!.filter((_, index) => index % 3 === 0);
    }
    const { sync, database, tenant: own } = await place(first);
    await sync();
    await expectReports(at, { tenant: own, sendings: await truthOf(first, own) }, { windows, now });
    for (const [table, rows] of Object.entries(later)) await insert(at.db.root, `${database}.${table}`, rows);
    const { tally } = await sync();
    const plain = plainSync(tables, 'dialer');
    expect(tally).toMatchObject({ joined: plain.joined, inbound: plain.inbound });
    await expectReports(at, { tenant: own, sendings: await truthOf(tables, own) }, { windows, now });
  });

  test('what was moved to the archives is joined with what was not', async () => {
    const tables = makeLatin1Floor({ now, dials: 300, seed: 7 });
    const live: SourceTables = { ...tables };
    const moved: SourceTables = {};
    for (const table of ['vicidial_log', 'vicidial_closer_log', 'vicidial_agent_log']) {
      live[table] = tables[table]!.filter((_, index) => index % 2 > 0);
      moved[`${table}_archive`] = tables[table]!.filter((_, index) => index % 2 === 0);
    }
    const { sync, database, tenant: own } = await place(live);
    for (const [table, rows] of Object.entries(moved)) await insert(at.db.root, `${database}.${table}`, rows);
    const { tally } = await sync({ archive: true });
    const plain = plainSync(tables, 'dialer');
    expect(tally).toMatchObject({ read: plain.calls.length, joined: plain.joined, inbound: plain.inbound });
    await expectReports(at, { tenant: own, sendings: await truthOf(tables, own) }, { windows, now });
  });
});
