/** The part of a sync that brings in the small tables: campaigns, teams, agents and dispositions. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { TableName } from '../../../tables.ts';
import { openSpool } from '../../spool.ts';
import { addIngested } from '../../tally.ts';
import { toAgent } from '../calls.ts';
import { toDisposition } from '../statuses.ts';
import type { Syncing } from './syncing.ts';

/** The small tables as they were read. */
export interface SmallTables {
  campaigns: readonly { id: string; name: string | null; active: string | null }[];
  users: readonly { user: string; name: string | null; team: string | null }[];
  userGroups: readonly { team: string; name: string | null }[];
}

/** Brings campaigns, user groups, users and statuses in, each table when it has changed. */
export async function syncTables(syncing: Syncing, { campaigns, users, userGroups }: SmallTables): Promise<void> {
  const { ids, statuses, options } = syncing;
  const people = users.filter(({ user }) => toAgent(user));
  const teams = people.flatMap(({ team }) => team?.trim() || []);
  await ids.know(
    'campaign',
    campaigns.map((row) => row.id),
  );
  await ids.know('team', [...userGroups.map((row) => row.team), ...teams]);
  await ids.know(
    'agent',
    people.map((row) => row.user),
  );
  await ingestTable(
    syncing,
    'campaigns',
    campaigns.map(({ id, name, active }) => ({
      campaign_id: ids.of('campaign', id),
      name: name?.trim() || id,
      // A campaign that is switched off may be switched on again.
      status: active === 'N' ? 'paused' : 'active',
      ...options.campaigns,
    })),
  );
  await ingestTable(
    syncing,
    'teams',
    userGroups.map(({ team, name }) => ({
      team_id: ids.of('team', team),
      name: name?.trim() || team,
    })),
  );
  await ingestTable(
    syncing,
    'agents',
    people.map(({ user, name, team }) => ({
      agent_id: ids.of('agent', user),
      name: name?.trim() || user,
      username: user,
      team_id: ids.of('team', team?.trim() || undefined),
    })),
  );
  await ingestTable(syncing, 'dispositions', statuses.all.map(toDisposition));
}

async function ingestTable(
  { target, state, tally, options }: Syncing,
  table: TableName,
  rows: readonly object[],
): Promise<void> {
  const digest = createHash('sha256').update(JSON.stringify(rows)).digest('base64url').slice(0, 22);
  // Sent again only when it has changed here: what people set on our side stays until then.
  if (rows.length === 0 || state.tables[table] === digest) return;
  const spool = await openSpool(join(options.directory, `${table}.ndjson`));
  try {
    for (const row of rows) await spool.add(row);
    await spool.flush();
    addIngested(tally.ingested, await target.ingest(table, spool.path));
    state.tables[table] = digest;
  } finally {
    await spool.close();
  }
}
