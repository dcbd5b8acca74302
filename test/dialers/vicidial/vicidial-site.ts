import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Connection } from 'mysql2/promise';
import { expect } from 'vitest';
import { openTarget } from '../../../src/cli/sync/target.ts';
import { openVicidial, type VicidialDatabase } from '../../../src/dialers/vicidial/database/source.ts';
import { type SyncResult, syncOnce } from '../../../src/dialers/vicidial/database/sync.ts';
import type { SyncOptions } from '../../../src/dialers/vicidial/database/syncing.ts';
import { reports } from '../../../src/reports/index.ts';
import { localKey, openSite, openTestStore, type Site } from '../../http/app.ts';
import { answer } from '../../oracle/plain/answer.ts';
import type { Sending } from '../../oracle/plain/world.ts';
import { endingAt, requiredOf, takesDates } from '../../questions.ts';
import { type MariaDb, startMariaDb } from '../mariadb.ts';
import { zone } from './floor.ts';

/** A database server, and a server of ours that listens. */
export interface VicidialSite {
  db: MariaDb;
  site: Site;
  directory: string;
  url: string;
  close(): Promise<void>;
}

/** A VICIdial's database, and the tenant that it is synced into. */
export interface Place {
  tenant: number;
  database: string;
}

/** Starts both. */
export async function openVicidialSite(): Promise<VicidialSite> {
  const db = await startMariaDb();
  const { store, directory, close } = await openTestStore();
  const site = await openSite(store, directory);
  await site.app.listen({ host: '127.0.0.1', port: 0 });
  return {
    db,
    site,
    directory,
    url: `http://127.0.0.1:${(site.app.server.address() as AddressInfo).port}`,
    async close() {
      await site.app.close();
      await close();
      await db.close();
    },
  };
}

/** Lets a new account read a database exactly as the docs say, archives too. */
export async function grantAsDocumented(root: Connection, { tenant, database }: Place): Promise<void> {
  const docs = readFileSync(new URL('../../../docs/vicidial.md', import.meta.url), 'utf8');
  const [, grants = ''] = /```sql\n([\s\S]*?)```/.exec(docs) ?? [];
  const toOwn = (text: string) =>
    text.replaceAll("'dialtally'@", `'reader${tenant}'@`).replaceAll('asterisk.', `${database}.`);
  await root.query(toOwn(grants));
  const logs = grants.split('\n').filter((line) => /ON asterisk\.vicidial_(\w+_log|log\w*|list) /.test(line));
  const archives = logs.map((line) => line.replace(/ON asterisk\.(\w+)/, 'ON asterisk.$1_archive'));
  await root.query(toOwn(archives.join('\n')));
}

/** Opens a database as the account that was granted. */
export const openAsReader = ({ db }: VicidialSite, { tenant, database }: Place): Promise<VicidialDatabase> =>
  openVicidial(`mysql://reader${tenant}:PASSWORD@127.0.0.1:${db.port}/${database}`);

/** One sync, through the server that holds the data directory, or with a token as from elsewhere. */
export async function syncInto(
  at: VicidialSite,
  { tenant, database }: Place,
  {
    source,
    token,
    options = {},
  }: { source: VicidialDatabase; token?: string | undefined; options?: Partial<SyncOptions> },
): Promise<SyncResult> {
  const files = mkdtempSync(join(tmpdir(), 'dialtally-sync-test-'));
  const where = token === undefined ? ('here' as const) : ('elsewhere' as const);
  const door = { url: at.url, token: token ?? localKey, where, dataDir: at.directory, close: async () => {} };
  try {
    return await syncOnce(source, openTarget(door, tenant, `vicidial ${database}`), {
      zone,
      rereadDays: 7,
      rowsAtOnce: 100_000,
      archive: false,
      again: false,
      overrides: new Map(),
      credit: 'dialer',
      campaigns: {},
      directory: files,
      ...options,
    });
  } finally {
    await source.close();
    rmSync(files, { recursive: true, force: true });
  }
}

/** The ids that were given to names. */
export async function idsOf(site: Site, tenant: number, kind: string): Promise<Map<string, number>> {
  const found = await site.get(`/api/telesales/ids?kind=${kind}&limit=10000`, localKey, {
    'dialtally-tenant': String(tenant),
  });
  return new Map(found.json().data.map(({ name, id }: { name: string; id: number }) => [name, id]));
}

/** Every report over every window is what a plain computation makes of the truth. */
export async function expectReports(
  { site }: VicidialSite,
  { tenant, sendings }: { tenant: number; sendings: Sending[] },
  { windows, now }: { windows: readonly Record<string, string>[]; now: number },
): Promise<void> {
  const asOf = new Date(now).toISOString();
  const campaigns = [...(await idsOf(site, tenant, 'campaign')).values()];
  const asks = reports.flatMap((report) => {
    const spans = takesDates(report) ? windows : campaigns.map((id) => requiredOf(report, { campaign_id: id }));
    // The server's clock goes on: what may end at an instant ends at the truth's.
    return spans.map((span) => ({ report: report.name, params: { ...span, ...endingAt(report, asOf) } }));
  });
  for (const { report, params } of asks) {
    const found = await site.get(`/api/telesales/reports/${report}?${new URLSearchParams(params)}`, localKey, {
      'dialtally-tenant': String(tenant),
    });
    expect(found.statusCode, found.body).toBe(200);
    const truth = answer({ now: asOf, sendings }, { report, tenant_id: tenant, params });
    expect(found.json().data, `${report} ${JSON.stringify(params)}`).toEqual(JSON.parse(JSON.stringify(truth)));
  }
}
