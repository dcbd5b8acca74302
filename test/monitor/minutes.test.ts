import fc from 'fast-check';
import { expect, test } from 'vitest';
import { defaultSettings } from '../../src/engine/settings.ts';
import { measureMinutes } from '../../src/monitor/minutes.ts';
import { call, campaign, openWorld, type Row } from '../world.ts';

const world = openWorld();
const minuteMs = 60_000;
const start = Date.parse('2026-06-01T00:00:00Z');

interface Planned {
  offset: number;
  campaign: number;
  outcome: string;
}

/** Calls around a span of minutes: on minute boundaries, a millisecond either side, and anywhere. */
const calls = fc.array(
  fc.record({
    offset: fc.oneof(
      fc.tuple(fc.integer({ min: -40, max: 25 }), fc.constantFrom(-1, 0, 1)).map(([m, ms]) => m * minuteMs + ms),
      fc.integer({ min: -40 * minuteMs, max: 25 * minuteMs }),
    ),
    campaign: fc.integer({ min: 1, max: 4 }),
    outcome: fc.constantFrom('answered', 'abandoned', 'no_answer', 'blocked', 'machine'),
  }),
  { maxLength: 60 },
);

const terms = fc.record({
  minutes: fc.constantFrom(1, 2, 7, 30, 43_200),
  basis: fc.constantFrom('attempts', 'live_answers'),
  status: fc.constantFrom('active', 'active', 'paused'),
});

/** The same by looking at every call for every minute. */
function countAt(
  rows: readonly Planned[],
  id: number,
  at: number,
  { minutes, basis }: { minutes: number; basis: string },
) {
  const inWindow = rows.filter(
    ({ offset, campaign: own }) => own === id && start + offset >= at - minutes * minuteMs && start + offset < at,
  );
  const outcomes = inWindow.map(({ outcome }) => outcome).filter((outcome) => outcome !== 'blocked');
  const answers = outcomes.filter((outcome) => outcome === 'answered' || outcome === 'abandoned');
  return {
    attempts: basis === 'attempts' ? outcomes.length : answers.length,
    abandoned: outcomes.filter((outcome) => outcome === 'abandoned').length,
  };
}

test('every minute of every active campaign is what counting its window by hand gives', async () => {
  let tenantId = world.tenantId * 1000;
  await fc.assert(
    fc.asyncProperty(
      calls,
      fc.array(terms, { minLength: 3, maxLength: 3 }),
      fc.nat(20),
      async (rows, named, length) => {
        tenantId++;
        await world.ingest(
          'campaigns',
          named.map(({ minutes, basis, status }, index) =>
            campaign({ campaign_id: index + 1, abandon_window_minutes: minutes, abandon_basis: basis, status }),
          ),
          { tenantId },
        );
        const sent: Row[] = rows.map(({ offset, campaign: id, outcome }) =>
          call({ campaign_id: id, outcome, started_at: new Date(start + offset).toISOString() }),
        );
        if (sent.length > 0) await world.ingest('calls', sent, { tenantId });
        const span = { tenantId, settings: defaultSettings, first: start, last: start + length * minuteMs };
        const found = await measureMinutes(world.store, span, [4]);
        // Campaign 4 has no row: it is active, with the defaults.
        const all = [...named, { minutes: 43_200, basis: 'attempts', status: 'active' }];
        const expected = all.flatMap((own, index) =>
          own.status === 'active'
            ? Array.from({ length: length + 1 }, (_, minute) => {
                const at = start + minute * minuteMs;
                return { campaignId: index + 1, at, ...countAt(rows, index + 1, at, own) };
              })
            : [],
        );
        expect(
          found.map(({ campaignId, at, attempts, abandoned }) => ({ campaignId, at, attempts, abandoned })),
        ).toEqual(expected);
      },
    ),
    { numRuns: 20, endOnFailure: true },
  );
});
