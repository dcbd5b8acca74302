import { expect, test } from 'vitest';
import { call, lead, openWorld } from '../world.ts';

const { ingest, ask } = openWorld();
const attribution = (params = {}) => ask('lead-source-attribution', params);

test('leads by source, the largest first', async () => {
  await ingest('leads', [
    lead({ lead_id: 1, source: 'facebook' }),
    lead({ lead_id: 2, source: 'facebook' }),
    lead({ lead_id: 3, source: 'facebook' }),
    lead({ lead_id: 4, source: 'zalo' }),
  ]);
  await ingest('calls', [
    call({ lead_id: 1, is_conversion: true }),
    call({ lead_id: 2, outcome: 'busy' }),
    call({ lead_id: 4, outcome: 'abandoned' }),
  ]);
  expect(await attribution()).toEqual([
    { source: 'facebook', total_leads: 3, dialed_count: 2, contacted_count: 1, conv_count: 1, conv_rate_pct: '33.33' },
    { source: 'zalo', total_leads: 1, dialed_count: 1, contacted_count: 1, conv_count: 0, conv_rate_pct: '0.00' },
  ]);
});

test('blank, missing and unheard-of leads are (unknown)', async () => {
  await ingest('leads', [lead({ lead_id: 1, source: '' }), lead({ lead_id: 2, source: ' \u00a0' })]);
  await ingest('calls', [call({ lead_id: 3 })]);
  expect(await attribution()).toMatchObject([{ source: '(unknown)', total_leads: 3, dialed_count: 1 }]);
  await ingest('leads', [lead({ lead_id: 3, source: 'web', created_at: '2026-01-01T00:00:00Z' })]);
  expect(await attribution()).toMatchObject([
    { source: '(unknown)', total_leads: 2 },
    { source: 'web', total_leads: 1, dialed_count: 1 },
  ]);
});

test('sources are case-sensitive, and equal ones sort by their bytes', async () => {
  const sources = ['web', 'Web', 'đối tác', 'WEB'];
  await ingest(
    'leads',
    sources.map((source, index) => lead({ lead_id: index + 1, source })),
  );
  expect((await attribution()).map(({ source }) => source)).toEqual(['WEB', 'Web', 'web', 'đối tác']);
});

test('the rate is of leads and rounds half up: one of 32', async () => {
  await ingest(
    'leads',
    Array.from({ length: 32 }, (_, index) => lead({ lead_id: index + 1 })),
  );
  await ingest('calls', [call({ lead_id: 7, is_conversion: true }), call({ lead_id: 7, is_conversion: true })]);
  expect(await attribution()).toMatchObject([{ total_leads: 32, conv_count: 1, conv_rate_pct: '3.13' }]);
});

test('its sums are the funnel\u2019s stages, with every filter', async () => {
  await ingest('leads', [
    lead({ lead_id: 1, source: 'a' }),
    lead({ lead_id: 2, source: 'b', campaign_id: 2 }),
    lead({ lead_id: 3, source: 'b', created_at: '2026-05-01T00:00:00Z' }),
    lead({ lead_id: 4 }),
  ]);
  await ingest('calls', [
    call({ lead_id: 1, agent_id: 1 }),
    call({ lead_id: 2, agent_id: 2, is_conversion: true }),
    call({ lead_id: 3, agent_id: 2, campaign_id: 2 }),
    call({ lead_id: 9, agent_id: 1, outcome: 'rejected' }),
  ]);
  for (const filter of [{}, { campaign_id: '1' }, { campaign_id: '2' }, { agent_ids: '2' }]) {
    const rows = await attribution(filter);
    const sum = (column: string) => rows.reduce((total, row) => total + Number(row[column]), 0);
    const stages = new Map((await ask('funnel', filter)).map(({ stage, count }) => [stage, count]));
    expect([sum('total_leads'), sum('dialed_count'), sum('contacted_count'), sum('conv_count')]).toEqual([
      stages.get('Total leads'),
      stages.get('Dialed'),
      stages.get('Connected'),
      stages.get('Converted'),
    ]);
  }
});

test('a lead that moves to another source takes its calls along', async () => {
  await ingest('leads', [lead({ lead_id: 1, source: 'web' })]);
  await ingest('calls', [call({ lead_id: 1 })]);
  await ingest('leads', [lead({ lead_id: 1, source: 'partner' })]);
  expect(await attribution()).toMatchObject([{ source: 'partner', total_leads: 1, contacted_count: 1 }]);
});
