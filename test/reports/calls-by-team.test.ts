import { expect, test } from 'vitest';
import { agent, call, callsOf, openWorld } from '../world.ts';

const { ingest, ask } = openWorld();
const byTeam = (params = {}) => ask('calls-by-team', params);

test('one row for each team with a dial, the busiest first; calls of no team have one, too', async () => {
  await ingest('teams', [
    { team_id: 1, name: 'Đội Sen Vàng' },
    { team_id: 2, name: 'North' },
    { team_id: 3, name: 'Idle' },
  ]);
  await ingest('calls', [
    call({ team_id: 1, is_conversion: true }),
    call({ team_id: 1, outcome: 'abandoned' }),
    call({ team_id: 1, outcome: 'busy' }),
    call({ team_id: 2, outcome: 'no_answer' }),
    call({ team_id: 2, outcome: 'answered' }),
    call({ team_id: 3, outcome: 'blocked' }),
    call({ outcome: 'machine' }),
  ]);
  expect(await byTeam()).toEqual([
    { team_id: 1, team: 'Đội Sen Vàng', dials: 3, answers: 2, answer_rate_pct: 66.67, conversions: 1 },
    { team_id: 2, team: 'North', dials: 2, answers: 1, answer_rate_pct: 50, conversions: 0 },
    { team_id: 0, team: '(no team)', dials: 1, answers: 0, answer_rate_pct: 0, conversions: 0 },
  ]);
});

test('a call that names no team is of the team that its agent has now', async () => {
  await ingest('agents', [agent({ agent_id: 1, team_id: 7 }), agent({ agent_id: 2 })]);
  await ingest('calls', [
    ...callsOf(2, { agent_id: 1 }),
    call({ agent_id: 1, team_id: 8 }),
    ...callsOf(3, { agent_id: 2 }),
  ]);
  expect(await byTeam()).toMatchObject([
    { team_id: 0, dials: 3 },
    { team_id: 7, team: 'Team 7', dials: 2 },
    { team_id: 8, team: 'Team 8', dials: 1 },
  ]);
  await ingest('agents', [agent({ agent_id: 1, team_id: 8 })]);
  expect(await byTeam()).toMatchObject([
    { team_id: 0, dials: 3 },
    { team_id: 8, dials: 3 },
  ]);
});

test('the rows sum to the dashboard, and a filter by team leaves that row alone', async () => {
  await ingest('agents', [agent({ agent_id: 1, team_id: 7 })]);
  await ingest('calls', [
    ...callsOf(3, { agent_id: 1, is_conversion: true }),
    ...callsOf(2, { team_id: 8, outcome: 'abandoned' }),
    call({ outcome: 'rejected' }),
    call({ outcome: 'blocked', team_id: 7 }),
  ]);
  const rows = await byTeam();
  const sum = (column: string) => rows.reduce((all, row) => all + Number(row[column]), 0);
  const dashboard = await ask<Record<string, number>>('dashboard');
  expect([sum('dials'), sum('answers'), sum('conversions')]).toEqual([
    dashboard.total_dials,
    dashboard.total_answers,
    dashboard.conversions,
  ]);
  expect(await byTeam({ team_id: '7' })).toEqual(rows.filter((row) => row.team_id === 7));
});

test('nothing happened: an empty list', async () => {
  expect(await byTeam()).toEqual([]);
});
