import { expect, test } from 'vitest';
import { InvalidParams, NotFound } from '../../src/errors.ts';
import { call, callsOf, campaign, openWorld } from '../world.ts';

const { ingest, ask } = openWorld();

type Current = Record<string, unknown>;
const abandonRate = (params = {}, options = {}) =>
  ask<{ current: Current; breaches: unknown[] }>('abandon-rate', { campaign_id: '1', ...params }, options);
const current = async (params = {}, options = {}) => (await abandonRate(params, options)).current;

/** So many dials of the campaign within its window: answered, abandoned, and the rest not answered. */
const campaignCalls = (answered: number, abandoned: number, unanswered: number) => [
  ...callsOf(answered, { outcome: 'answered' }),
  ...callsOf(abandoned, { outcome: 'abandoned' }),
  ...callsOf(unanswered, { outcome: 'no_answer' }),
];

test('a campaign as it stands now', async () => {
  await ingest('campaigns', [campaign({ campaign_id: 1, name: 'Outbound Q3', status: 'paused' })]);
  await ingest('calls', [
    ...campaignCalls(97, 2, 101),
    ...callsOf(5, { outcome: 'blocked' }),
    call({ campaign_id: 2 }),
  ]);
  expect(await abandonRate()).toEqual({
    current: {
      campaign_id: 1,
      attempts_total: 200,
      attempts_abandoned: 2,
      abandon_rate_pct: 1,
      window_minutes: 43_200,
      window_from: '2026-05-11T12:00:00.000Z',
      window_to: '2026-06-10T12:00:00.000Z',
      tenant_id: expect.any(Number),
      campaign_name: 'Outbound Q3',
      campaign_status: 'paused',
      limit_pct: 3,
      breached: false,
      basis: 'attempts',
      answers_total: 99,
      live_abandon_rate_pct: 2.02,
      allowed_more: 4, // 100 x (2 + 4) <= 3 x (200 + 4), and 100 x (2 + 5) is more than 3 x (200 + 5)
    },
    breaches: [],
  });
});

test('exactly at the limit is no breach, and leaves no room; one more is', async () => {
  await ingest('calls', campaignCalls(0, 3, 97));
  expect(await current()).toMatchObject({ abandon_rate_pct: 3, breached: false, allowed_more: 0 });
  await ingest('calls', callsOf(1, { outcome: 'abandoned' }));
  expect(await current()).toMatchObject({ abandon_rate_pct: 3.96, breached: true, allowed_more: 0 });
});

test('the unrounded rate is compared: a third is above 33.33 percent', async () => {
  await ingest('campaigns', [campaign({ campaign_id: 1, abandon_limit_pct: '33.33' })]);
  await ingest('calls', campaignCalls(2, 1, 0));
  expect(await current()).toMatchObject({ abandon_rate_pct: 33.33, limit_pct: 33.33, breached: true, allowed_more: 0 });
  await ingest('campaigns', [campaign({ campaign_id: 1, abandon_limit_pct: '33.333334' })]);
  expect(await current()).toMatchObject({ abandon_rate_pct: 33.33, limit_pct: 33.333334, breached: false });
});

test('the basis says what the rate is a share of: the same calls, lawful of dials and not of answers', async () => {
  await ingest('calls', campaignCalls(28, 2, 70));
  expect(await current()).toMatchObject({
    basis: 'attempts',
    attempts_total: 100,
    abandon_rate_pct: 2,
    breached: false,
  });
  await ingest('campaigns', [campaign({ campaign_id: 1, abandon_basis: 'live_answers' })]);
  expect(await current()).toMatchObject({
    basis: 'live_answers',
    attempts_total: 30,
    attempts_abandoned: 2,
    abandon_rate_pct: 6.67,
    live_abandon_rate_pct: 6.67,
    answers_total: 30,
    breached: true,
    allowed_more: 0,
  });
});

test('the window is half-open and as long as the campaign says', async () => {
  await ingest('campaigns', [campaign({ campaign_id: 1, abandon_window_minutes: 60 })]);
  await ingest('calls', [
    call({ started_at: '2026-06-10T10:59:59.999Z' }),
    call({ started_at: '2026-06-10T11:00:00Z', outcome: 'abandoned' }),
    call({ started_at: '2026-06-10T11:59:59.999Z' }),
    call({ started_at: '2026-06-10T12:00:00Z' }),
  ]);
  expect(await current()).toMatchObject({
    attempts_total: 2,
    attempts_abandoned: 1,
    window_minutes: 60,
    window_from: '2026-06-10T11:00:00.000Z',
  });
});

test('as_of moves the window, not the knowledge: a later correction counts', async () => {
  const dropped = call({
    started_at: '2026-06-01T09:00:00Z',
    outcome: 'abandoned',
    updated_at: '2026-06-01T09:01:00Z',
  });
  await ingest('calls', [dropped, call({ started_at: '2026-06-03T09:00:00Z' })]);
  const audit = { as_of: '2026-06-02T00:00:00Z' };
  expect(await current(audit)).toMatchObject({
    attempts_total: 1,
    attempts_abandoned: 1,
    window_from: '2026-05-03T00:00:00.000Z',
    window_to: '2026-06-02T00:00:00.000Z',
  });
  await ingest('calls', [{ ...dropped, outcome: 'no_answer', updated_at: '2026-06-09T00:00:00Z' }]);
  expect(await current(audit)).toMatchObject({ attempts_total: 1, attempts_abandoned: 0 });
});

test('it is always the whole campaign\u2019s: filters are checked, and change nothing', async () => {
  await ingest('calls', campaignCalls(8, 2, 10));
  expect(await current({ team_id: '7', 'agent_ids[]': '25', timezone: 'Asia/Tokyo' })).toEqual(await current());
  const bad = current({ team_id: 'x', as_of: '2026-06-10T12:00:00.001Z', breaches_days: '91', campaign_id: '' });
  await expect(bad).rejects.toThrow(InvalidParams);
  await expect(bad).rejects.toMatchObject({
    errors: {
      campaign_id: ['The campaign id field is required.'],
      team_id: [expect.any(String)],
      as_of: ['The as of must not be in the future.'],
      breaches_days: [expect.any(String)],
    },
  });
});

test('a campaign that only calls name has the defaults; one that nothing names is not found', async () => {
  await ingest('calls', [call({ campaign_id: 77 })]);
  expect(await current({ campaign_id: '77' })).toMatchObject({
    campaign_name: 'Campaign 77',
    campaign_status: 'active',
    limit_pct: 3,
    basis: 'attempts',
  });
  await expect(current({ campaign_id: '78' })).rejects.toThrow(NotFound);
});

test('a campaign without a call: zeroes, no breach, no room', async () => {
  await ingest('campaigns', [campaign({ campaign_id: 1 })]);
  expect(await abandonRate()).toMatchObject({
    current: {
      attempts_total: 0,
      attempts_abandoned: 0,
      abandon_rate_pct: 0,
      answers_total: 0,
      live_abandon_rate_pct: 0,
      breached: false,
      allowed_more: 0,
    },
    breaches: [],
  });
});

test('a limit of 0 forgives nothing', async () => {
  await ingest('campaigns', [campaign({ campaign_id: 1, abandon_limit_pct: 0 })]);
  await ingest('calls', campaignCalls(100, 0, 0));
  expect(await current()).toMatchObject({ breached: false, allowed_more: 0 });
  await ingest('calls', callsOf(1, { outcome: 'abandoned' }));
  expect(await current()).toMatchObject({ breached: true });
});
