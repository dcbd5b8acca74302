import { expect, test } from 'vitest';
import { agent, call, callsOf, disposition, openWorld } from '../world.ts';

const { ingest, ask } = openWorld();
const dashboard = (params = {}) => ask<Record<string, unknown>>('dashboard', params);

test('a morning: dials, answers, talk and handle time', async () => {
  await ingest('calls', [
    call({ agent_id: 1, talk_sec: 60, hold_sec: 5, wrap_sec: 10 }),
    call({ agent_id: 1, talk_sec: 90, wrap_sec: 20 }),
    call({ agent_id: 2, talk_sec: 35, is_conversion: true }),
    call({ outcome: 'abandoned' }),
    call({ outcome: 'no_answer', agent_id: 3 }),
    call({ outcome: 'machine' }),
  ]);
  expect(await dashboard()).toEqual({
    total_dials: 6,
    total_answers: 4,
    answer_rate_pct: '66.67',
    avg_talk_time_sec: '46.3', // 185 / 4 = 46.25, half up
    total_talk_time_sec: '185',
    unique_agents: 3,
    pdpl_blocked_count: 0,
    avg_aht_sec: 73, // (75 + 110 + 35) / 3 answered calls: nobody handled the abandoned one
    conversions: 1,
    conv_rate: 25,
  });
});

test('a blocked call was never dialed, whatever else its row says', async () => {
  const blocked = { outcome: 'blocked', agent_id: 7, talk_sec: 50, disposition_code: 'sale', is_conversion: true };
  await ingest('calls', [
    call(),
    call({ ...blocked, block_reason: 'pdpl' }),
    call({ ...blocked, block_reason: 'pdpl' }),
    call({ ...blocked, block_reason: 'dnc' }),
    call(blocked),
  ]);
  expect(await dashboard()).toMatchObject({
    total_dials: 1,
    total_talk_time_sec: '60',
    unique_agents: 1,
    pdpl_blocked_count: 2,
    conversions: 0,
  });
});

test('talk, hold and wrap count only where an agent talked', async () => {
  const seconds = { talk_sec: 100, hold_sec: 100, wrap_sec: 100 };
  await ingest('calls', [
    call({ outcome: 'abandoned', ...seconds }),
    call({ outcome: 'no_answer', ...seconds }),
    call({ outcome: 'answered', talk_sec: 10, hold_sec: 0, wrap_sec: 1 }),
  ]);
  expect(await dashboard()).toMatchObject({
    total_talk_time_sec: '10',
    avg_talk_time_sec: '5.0',
    avg_aht_sec: 11,
  });
});

test('rounds half up: one of 32 is 3.125 percent, printed as 3.13', async () => {
  await ingest('calls', [
    ...callsOf(1, { started_at: '2026-06-01T09:00:00Z' }),
    ...callsOf(31, { started_at: '2026-06-01T09:00:00Z', outcome: 'busy' }),
    ...callsOf(32, { started_at: '2026-06-02T09:00:00Z' }).map((row, index) => ({
      ...row,
      is_conversion: index === 0,
    })),
  ]);
  const monday = { date_from: '2026-06-01', date_to: '2026-06-01' };
  const tuesday = { date_from: '2026-06-02', date_to: '2026-06-02' };
  expect(await dashboard(monday)).toMatchObject({ total_dials: 32, answer_rate_pct: '3.13' });
  expect(await dashboard(tuesday)).toMatchObject({ total_answers: 32, conv_rate: 3.13 });
});

test('a call sent again replaces the one before; an older update does not, however late it comes', async () => {
  const one = call({ outcome: 'no_answer', updated_at: '2026-06-01T10:00:00Z' });
  const corrected = { ...one, outcome: 'answered', talk_sec: 40, updated_at: '2026-06-01T11:00:00Z' };
  await ingest('calls', [one]);
  await ingest('calls', [corrected]);
  const now = await dashboard();
  expect(now).toMatchObject({ total_dials: 1, total_answers: 1, total_talk_time_sec: '40' });
  await ingest('calls', [one]);
  expect(await dashboard()).toEqual(now);
});

test('a conversion is what the call says, else what its disposition says now', async () => {
  await ingest('calls', [
    call({ disposition_code: 'sale' }),
    call({ disposition_code: 'sale', is_conversion: false }),
    call({ disposition_code: 'later', is_conversion: true }),
    call({ disposition_code: 'unheard-of' }),
  ]);
  expect(await dashboard()).toMatchObject({ conversions: 1 });
  await ingest('dispositions', [disposition({ code: 'sale', is_conversion: true })]);
  expect(await dashboard()).toMatchObject({ conversions: 2, conv_rate: 50 });
  await ingest('dispositions', [disposition({ code: 'sale', is_conversion: false })]);
  expect(await dashboard()).toMatchObject({ conversions: 1 });
});

test('the window is half-open, and a date is the whole day of the zone', async () => {
  await ingest('calls', [
    call({ started_at: '2026-06-01T16:59:59.999Z' }), // 23:59 on June 1st in Ho Chi Minh City
    call({ started_at: '2026-06-01T17:00:00Z' }), // 00:00 on June 2nd there
    call({ started_at: '2026-06-02T16:59:59.999Z' }),
    call({ started_at: '2026-06-02T17:00:00Z' }),
  ]);
  const second = { date_from: '2026-06-02', date_to: '2026-06-02' };
  expect(await dashboard({ ...second, timezone: 'Asia/Ho_Chi_Minh' })).toMatchObject({ total_dials: 2 });
  expect(await dashboard(second)).toMatchObject({ total_dials: 2 });
  const instants = { date_from: '2026-06-01T16:59:59.999Z', date_to: '2026-06-02T16:59:59.999Z' };
  expect(await dashboard(instants)).toMatchObject({ total_dials: 2 });
});

test('filters combine; the team of a call is its own, else the one its agent has now', async () => {
  await ingest('agents', [agent({ agent_id: 1, team_id: 10 }), agent({ agent_id: 2, team_id: 20 })]);
  await ingest('calls', [
    call({ agent_id: 1 }),
    call({ agent_id: 1, team_id: 20 }),
    call({ agent_id: 2 }),
    call({ agent_id: 2, campaign_id: 2 }),
    call({ outcome: 'no_answer', team_id: 20 }),
  ]);
  expect(await dashboard({ team_id: '20' })).toMatchObject({ total_dials: 4 });
  expect(await dashboard({ team_id: '20', campaign_id: '1' })).toMatchObject({ total_dials: 3 });
  expect(await dashboard({ team_id: '20', campaign_id: '1', 'agent_ids[]': ['1', '3'] })).toMatchObject({
    total_dials: 1,
  });
  await ingest('agents', [agent({ agent_id: 1, team_id: 20 })]);
  expect(await dashboard({ team_id: '20' })).toMatchObject({ total_dials: 5 });
});

test('nothing happened: zeroes, and no tenant sees the calls of another', async () => {
  await ingest('calls', [call()], { tenantId: 1_000_000 });
  expect(await dashboard()).toEqual({
    total_dials: 0,
    total_answers: 0,
    answer_rate_pct: '0.00',
    avg_talk_time_sec: '0.0',
    total_talk_time_sec: '0',
    unique_agents: 0,
    pdpl_blocked_count: 0,
    avg_aht_sec: 0,
    conversions: 0,
    conv_rate: 0,
  });
});
