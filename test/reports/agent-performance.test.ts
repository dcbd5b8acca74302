import { expect, test } from 'vitest';
import { agent, call, callsOf, openWorld } from '../world.ts';

const { ingest, ask } = openWorld();
const performance = (params = {}) => ask('agent-performance', params);

test('one row for each agent with a dial, the busiest first', async () => {
  await ingest('agents', [
    agent({ agent_id: 3, name: 'Nguyễn Văn A', username: 'agent01' }),
    agent({ agent_id: 4, name: 'Trần Thị B', username: 'agent02' }),
    agent({ agent_id: 5, name: 'Idle' }),
  ]);
  await ingest('calls', [
    call({ agent_id: 4, talk_sec: 100, hold_sec: 10, wrap_sec: 11, is_conversion: true }),
    call({ agent_id: 4, talk_sec: 60 }),
    call({ agent_id: 4, outcome: 'busy' }),
    call({ agent_id: 3, talk_sec: 20 }),
    call({ agent_id: 5, outcome: 'blocked' }),
  ]);
  expect(await performance()).toEqual([
    {
      agent_id: 4,
      name: 'Trần Thị B',
      username: 'agent02',
      dials: 3,
      answers: 2,
      avg_aht_sec: 91, // (121 + 60) / 2 = 90.5, half up
      conversions: 1,
      conv_rate: 50, // of answers, not of dials
    },
    {
      agent_id: 3,
      name: 'Nguyễn Văn A',
      username: 'agent01',
      dials: 1,
      answers: 1,
      avg_aht_sec: 20,
      conversions: 0,
      conv_rate: 0,
    },
  ]);
});

test('an agent that only calls name is Agent N, without a username, until the row arrives', async () => {
  await ingest('calls', [call({ agent_id: 25 })]);
  expect(await performance()).toMatchObject([{ agent_id: 25, name: 'Agent 25', username: '' }]);
  await ingest('agents', [agent({ agent_id: 25, name: 'Lê C', username: 'c' })]);
  expect(await performance()).toMatchObject([{ name: 'Lê C', username: 'c' }]);
});

test('an abandoned call is an answer, but nobody handled it', async () => {
  await ingest('calls', [
    call({ agent_id: 1, talk_sec: 30, wrap_sec: 10 }),
    call({ agent_id: 1, outcome: 'abandoned', talk_sec: 500, wrap_sec: 500 }),
  ]);
  expect(await performance()).toMatchObject([{ dials: 2, answers: 2, avg_aht_sec: 40 }]);
});

test('dials without an agent are nobody\u2019s: with them, the rows sum to the dashboard', async () => {
  await ingest('calls', [
    ...callsOf(3, { agent_id: 1 }),
    ...callsOf(2, { agent_id: 2 }),
    ...callsOf(4, { outcome: 'no_answer', agent_id: null }),
  ]);
  const rows = await performance();
  expect(rows.map(({ agent_id, dials }) => [agent_id, dials])).toEqual([
    [1, 3],
    [2, 2],
  ]);
  expect(await ask('dashboard')).toMatchObject({ total_dials: 3 + 2 + 4 });
});

test('agents with as many dials sort by their id', async () => {
  await ingest('calls', [call({ agent_id: 30 }), call({ agent_id: 4 }), call({ agent_id: 200 })]);
  expect((await performance()).map(({ agent_id }) => agent_id)).toEqual([4, 30, 200]);
});

test('the conversion rate is of answers and is never above 100', async () => {
  await ingest('calls', [
    ...callsOf(3, { agent_id: 1, outcome: 'no_answer', is_conversion: true }),
    call({ agent_id: 1 }),
    call({ agent_id: 2, outcome: 'no_answer', is_conversion: true }),
  ]);
  expect(await performance()).toMatchObject([
    { agent_id: 1, conversions: 3, answers: 1, conv_rate: 100 },
    { agent_id: 2, conversions: 1, answers: 0, conv_rate: 0 },
  ]);
});

test('a team filter shows what was dialed for the team', async () => {
  await ingest('agents', [agent({ agent_id: 1, team_id: 10 }), agent({ agent_id: 2, team_id: 20 })]);
  await ingest('calls', [call({ agent_id: 1 }), call({ agent_id: 1, team_id: 20 }), call({ agent_id: 2 })]);
  const rows = await performance({ team_id: '20' });
  expect(rows.map(({ agent_id, dials }) => [agent_id, dials])).toEqual([
    [1, 1],
    [2, 1],
  ]);
});
