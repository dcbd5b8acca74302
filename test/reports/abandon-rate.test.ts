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

interface Point {
  at: string;
  attempts_total: number;
  attempts_abandoned: number;
  abandon_rate_pct: number;
  breached: boolean;
}

const historyOf = async (params = {}, options = {}) => {
  const found = await ask<{ current: Current; history?: Point[] }>(
    'abandon-rate',
    { campaign_id: '1', history: '1', ...params },
    options,
  );
  return { current: found.current, history: found.history ?? [] };
};
const counts = ({ attempts_total, attempts_abandoned }: Point) => [attempts_total, attempts_abandoned];

test('history: each full hour of the last 7 days, and the window\u2019s own end', async () => {
  await ingest('calls', campaignCalls(1, 1, 0));
  const { history, current: present } = await historyOf({ as_of: '2026-06-05T10:20:30.400Z' });
  expect(history).toHaveLength(169);
  expect(history[0]).toEqual({
    at: '2026-05-29T11:00:00.000Z',
    attempts_total: 0,
    attempts_abandoned: 0,
    abandon_rate_pct: 0,
    breached: false,
  });
  expect(history.at(-2)?.at).toBe('2026-06-05T10:00:00.000Z');
  expect(history.at(-1)).toEqual({
    at: present.window_to,
    attempts_total: 2,
    attempts_abandoned: 1,
    abandon_rate_pct: 50,
    breached: true,
  });
  const onTheHour = (await historyOf({ as_of: '2026-06-05T10:00:00Z' })).history;
  expect(onTheHour.map(({ at }) => at)).toEqual(
    Array.from({ length: 168 }, (_, hour) => new Date(Date.UTC(2026, 4, 29, 11 + hour)).toISOString()),
  );
  expect(await abandonRate()).not.toHaveProperty('history');
  expect(await abandonRate({ history: '0' })).not.toHaveProperty('history');
});

test('history: a call is in every window from the first hour after it to the last that reaches back to it', async () => {
  await ingest('campaigns', [campaign({ campaign_id: 1, abandon_window_minutes: 90 })]);
  await ingest('calls', [
    call({ started_at: '2026-06-10T08:30:00Z', outcome: 'abandoned' }), // exactly 90 minutes before 10:00
    call({ started_at: '2026-06-10T08:29:59.999Z' }),
    call({ started_at: '2026-06-10T09:00:00Z' }), // not before 09:00
    call({ started_at: '2026-06-10T08:59:59.999Z' }),
  ]);
  const { history } = await historyOf();
  expect(history.slice(-5).map((point) => [point.at.slice(11, 16), ...counts(point)])).toEqual([
    ['08:00', 0, 0],
    ['09:00', 3, 1],
    ['10:00', 3, 1],
    ['11:00', 0, 0],
    ['12:00', 0, 0],
  ]);
  await ingest('calls', [
    call({ started_at: '2026-06-10T10:29:59.999Z' }),
    call({ started_at: '2026-06-10T10:30:00Z' }),
  ]);
  const later = (await historyOf()).history;
  expect(later.slice(-2).map(counts)).toEqual([
    [2, 0],
    [1, 0],
  ]);
});

test.each([1, 60, 61, 90, 1440, 43_200])(
  'history: every point is what the rate was as of then, with a window of %i minutes, late corrections and all',
  async (minutes) => {
    const basis = minutes % 60 === 0 ? 'live_answers' : 'attempts';
    const limit = { abandon_limit_pct: 25, abandon_basis: basis, abandon_window_minutes: minutes };
    await ingest('campaigns', [campaign({ campaign_id: 1, ...limit })]);
    const spread = Array.from({ length: 600 }, (_, index) =>
      call({
        started_at: new Date(Date.UTC(2026, 4, 1) + ((index * 7919 * 1_000_003) % (41 * 24 * 3_600_000))).toISOString(),
        outcome: (['abandoned', 'answered', 'no_answer', 'blocked', 'answered'] as const)[index % 5]!,
        updated_at: '2026-06-10T00:00:00Z',
      }),
    );
    // Some in the minute before an hour, so that even the shortest window has calls.
    const tight = Array.from({ length: 40 }, (_, index) =>
      call({
        started_at: new Date(Date.UTC(2026, 5, 9, index % 24) - 1 - ((index * 3001) % 61_000)).toISOString(),
        outcome: index % 3 === 0 ? 'abandoned' : 'answered',
      }),
    );
    await ingest('calls', [...spread, ...tight]);
    const corrected = spread.filter((_, index) => index % 10 === 0);
    await ingest(
      'calls',
      corrected.map((row) => ({ ...row, outcome: 'answered', updated_at: '2026-06-10T06:00:00Z' })),
    );
    const { history } = await historyOf({ as_of: '2026-06-10T11:11:11.111Z' });
    expect(history.some((point) => point.attempts_abandoned > 0)).toBe(true);
    for (const point of history.filter((_, index) => index % 9 === 0 || index > 160)) {
      const then = await current({ as_of: point.at });
      const { at, ...figures } = point;
      expect(then, at).toMatchObject({ ...figures, window_to: at });
    }
  },
  60_000,
);

test('the worked example of the page on compliance: 97 answered, 2 abandoned, 101 with nobody there', async () => {
  await ingest('calls', campaignCalls(97, 2, 101));
  expect(await current()).toMatchObject({ abandon_rate_pct: 1, live_abandon_rate_pct: 2.02, allowed_more: 4 });
  await ingest('campaigns', [campaign({ campaign_id: 1, abandon_basis: 'live_answers' })]);
  expect(await current()).toMatchObject({ attempts_total: 99, abandon_rate_pct: 2.02, allowed_more: 1 });
  await ingest('calls', callsOf(1, { outcome: 'abandoned' }));
  expect(await current()).toMatchObject({ abandon_rate_pct: 3, breached: false, allowed_more: 0 });
  await ingest('calls', callsOf(1, { outcome: 'abandoned' }));
  expect(await current()).toMatchObject({ abandon_rate_pct: 3.96, breached: true });
});
