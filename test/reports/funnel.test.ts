import { expect, test } from 'vitest';
import { agent, call, lead, openWorld } from '../world.ts';

const { ingest, ask } = openWorld();
/** The six counts, in the order of the stages. */
const funnel = async (params = {}) => (await ask('funnel', params)).map(({ count }) => count);

test('six stages, each with the leads that came so far', async () => {
  await ingest(
    'leads',
    [1, 2, 3, 4, 5].map((lead_id) => lead({ lead_id })),
  );
  await ingest('calls', [
    call({ lead_id: 1, outcome: 'no_answer' }),
    call({ lead_id: 2, talk_sec: 10, disposition_code: 'callback' }),
    call({ lead_id: 3, talk_sec: 90, disposition_code: 'sale', is_conversion: true }),
    call({ lead_id: 4, outcome: 'abandoned' }),
  ]);
  expect(await ask('funnel')).toEqual([
    { stage: 'Total leads', count: 5 },
    { stage: 'Dialed', count: 4 },
    { stage: 'Connected', count: 3 },
    { stage: 'Talked > 30s', count: 1 },
    { stage: 'Disposed', count: 2 },
    { stage: 'Converted', count: 1 },
  ]);
});

test('talked means more than 30 seconds, and only where an agent talked', async () => {
  await ingest('calls', [
    call({ lead_id: 1, talk_sec: 30 }),
    call({ lead_id: 2, talk_sec: 31 }),
    call({ lead_id: 3, outcome: 'abandoned', talk_sec: 60 }),
  ]);
  expect(await funnel()).toEqual([3, 3, 3, 1, 0, 0]);
});

test('a lead is counted once, however often it was dialed; a blocked call does nothing for it', async () => {
  await ingest('leads', [lead({ lead_id: 1 }), lead({ lead_id: 2 })]);
  await ingest('calls', [
    call({ lead_id: 1, outcome: 'busy' }),
    call({ lead_id: 1 }),
    call({ lead_id: 1 }),
    call({ lead_id: 2, outcome: 'blocked', disposition_code: 'dnc', is_conversion: true }),
    call(), // no lead: not in the funnel
  ]);
  expect(await funnel()).toEqual([2, 1, 1, 1, 0, 0]);
});

test('leads of the window: created in it or dialed in it; only what happened in it counts', async () => {
  await ingest('leads', [
    lead({ lead_id: 1, created_at: '2026-05-01T00:00:00Z' }), // old, dialed now
    lead({ lead_id: 2, created_at: '2026-05-01T00:00:00Z' }), // old, quiet
    lead({ lead_id: 3, created_at: '2026-06-03T00:00:00Z' }), // new, dialed later
    lead({ lead_id: 4, created_at: '2026-06-08T00:00:00Z' }), // after the window
  ]);
  await ingest('calls', [
    call({ lead_id: 1, started_at: '2026-05-02T00:00:00Z', is_conversion: true }),
    call({ lead_id: 1, outcome: 'no_answer' }),
    call({ lead_id: 3, started_at: '2026-06-08T00:00:00Z' }),
  ]);
  expect(await funnel()).toEqual([2, 1, 0, 0, 0, 0]);
});

test('with a campaign: created in it, or dialed by it', async () => {
  await ingest('leads', [
    lead({ lead_id: 1, campaign_id: 1 }),
    lead({ lead_id: 2, campaign_id: 2 }),
    lead({ lead_id: 3, campaign_id: 2 }),
  ]);
  await ingest('calls', [
    call({ lead_id: 1, campaign_id: 2 }),
    call({ lead_id: 2, campaign_id: 1 }),
    call({ lead_id: 3, campaign_id: 2 }),
  ]);
  expect(await funnel({ campaign_id: '1' })).toEqual([2, 1, 1, 1, 0, 0]);
});

test('with an agent or a team: only the leads that they dialed', async () => {
  await ingest('agents', [agent({ agent_id: 1, team_id: 10 })]);
  await ingest('leads', [lead({ lead_id: 1 }), lead({ lead_id: 2 }), lead({ lead_id: 3 })]);
  await ingest('calls', [call({ lead_id: 1, agent_id: 1 }), call({ lead_id: 2, agent_id: 2 })]);
  expect(await funnel({ agent_ids: '1' })).toEqual([1, 1, 1, 1, 0, 0]);
  expect(await funnel({ team_id: '10' })).toEqual([1, 1, 1, 1, 0, 0]);
});

test('a lead whose creation is corrected to another month is still one lead', async () => {
  await ingest('leads', [lead({ lead_id: 1, created_at: '2026-06-01T00:00:00Z' })]);
  await ingest('leads', [lead({ lead_id: 1, created_at: '2026-05-01T00:00:00Z' })]);
  expect(await funnel()).toEqual([0, 0, 0, 0, 0, 0]);
  expect(await funnel({ date_from: '2026-05-01' })).toEqual([1, 0, 0, 0, 0, 0]);
});
