import { expect, test } from 'vitest';
import { firstRunning, listAgents, listCampaigns, listTeams } from '../../src/engine/lists.ts';
import type { Sql } from '../../src/sql.ts';
import { openWorld } from '../world.ts';

const world = openWorld();
const read = (statement: Sql) =>
  world.store.query<{ name: string; campaign_id?: number; team_id?: number | null; agent_id?: number }>(statement);
const call = { started_at: '2026-06-03T09:00:00Z', outcome: 'answered' };

test('a filter bar lists what rows name, with a plain name until their own row arrives', async () => {
  await world.ingest('campaigns', [{ campaign_id: 1, name: 'Summer' }]);
  await world.ingest('teams', [{ team_id: 1, name: 'North' }]);
  await world.ingest('agents', [
    { agent_id: 1, name: 'Ana', username: 'ana', team_id: 1 },
    { agent_id: 2, name: 'Bo', team_id: 2 },
  ]);
  await world.ingest('leads', [{ lead_id: 1, campaign_id: 3, created_at: '2026-06-01' }]);
  await world.ingest('calls', [
    { ...call, call_id: 'a', campaign_id: 1, agent_id: 1 },
    { ...call, call_id: 'b', campaign_id: 2, agent_id: 1, team_id: 2 },
    { ...call, call_id: 'c', campaign_id: 2, agent_id: 7 },
    { ...call, call_id: 'd', campaign_id: 2 },
  ]);
  const all = { tenantId: world.tenantId };
  expect(await read(listCampaigns(all))).toEqual([
    { campaign_id: 2, name: 'Campaign 2', status: 'active' },
    { campaign_id: 3, name: 'Campaign 3', status: 'active' },
    { campaign_id: 1, name: 'Summer', status: 'active' },
  ]);
  expect(await read(listTeams(all))).toEqual([
    { team_id: 1, name: 'North' },
    { team_id: 2, name: 'Team 2' },
  ]);
  expect(await read(listAgents(all))).toEqual([
    { agent_id: 7, name: 'Agent 7', username: '', team_id: null },
    { agent_id: 1, name: 'Ana', username: 'ana', team_id: 1 },
    { agent_id: 2, name: 'Bo', username: '', team_id: 2 },
  ]);
  expect((await read(listAgents(all, 'AN'))).map(({ name }) => name)).toEqual(['Ana']);

  // The call b is team 2's, though its agent is in team 1 now.
  const campaigns = async (part: object) =>
    (await read(listCampaigns({ ...all, ...part }))).map(({ campaign_id }) => campaign_id);
  expect(await campaigns({ teamId: 1 })).toEqual([1]);
  expect(await campaigns({ teamId: 2 })).toEqual([2]);
  expect(await campaigns({ agentId: 1 })).toEqual([2, 1]);
  expect((await read(listAgents({ ...all, agentId: 1 }))).map(({ agent_id }) => agent_id)).toEqual([1]);
  expect((await read(listTeams({ ...all, agentId: 1 }))).map(({ team_id }) => team_id)).toEqual([1]);
});

test('a screen begins with the first campaign that runs, by name', async () => {
  const tenantId = world.tenantId + 1;
  const running = async () => (await read(firstRunning(tenantId))).map(({ campaign_id }) => campaign_id);
  expect(await running()).toEqual([]);
  await world.ingest(
    'campaigns',
    [
      { campaign_id: 1, name: 'Winter' },
      { campaign_id: 2, name: 'Autumn', status: 'completed' },
      { campaign_id: 3, name: 'Spring' },
    ],
    { tenantId },
  );
  expect(await running()).toEqual([3]);
});
