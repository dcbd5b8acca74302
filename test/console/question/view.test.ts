import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDays } from '../../../web/src/question/dates.ts';
import { namedRanges, writeRange } from '../../../web/src/question/ranges.ts';
import {
  readView,
  toParams,
  toQuestion,
  unreadOf,
  type View,
  viewNames,
  withinPart,
  withoutFilters,
  writeView,
} from '../../../web/src/question/view.ts';

const zone = 'Asia/Ho_Chi_Minh';
const today = '2026-11-25';
const ask = (view: View) => toQuestion(view, zone, today);

const anId = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
const twoDates = fc
  .tuple(fc.integer({ min: 0, max: 3000 }), fc.integer({ min: 0, max: 89 }))
  .map(([day, more]) => ({ from: addDays('2020-01-01', day), to: addDays('2020-01-01', day + more) }))
  .map(writeRange);
const given = {
  range: fc.oneof(fc.constantFrom(...namedRanges), twoDates),
  campaign: anId,
  team: anId,
  agents: fc.uniqueArray(anId, { minLength: 1, maxLength: 8 }),
  zone: fc.constantFrom(zone, 'UTC', 'America/New_York', 'Asia/Kathmandu'),
  compare: fc.oneof(fc.constantFrom('previous', 'week', 'year', 'none'), twoDates),
};
const aView = fc.record(given, { requiredKeys: [] });

describe('an address', () => {
  test('that is sent to a colleague asks the same there', () => {
    fc.assert(
      fc.property(aView, (view) => {
        const address = writeView(view, zone);
        expect(ask(readView(address))).toEqual(ask(view));
        expect(unreadOf(address)).toEqual([]);
      }),
    );
  });

  test('says nothing that is usual anyway', () => {
    expect(writeView({ range: '7d', zone, compare: 'previous' }, zone)).toEqual({});
    expect(writeView({ range: 'today', compare: 'week' }, zone)).toEqual({ range: 'today' });
    expect(writeView({ range: 'today', compare: 'previous' }, zone)).toEqual({ range: 'today', compare: 'previous' });
    expect(writeView({ agents: [] }, zone)).toEqual({});
    expect(writeView({ zone: 'UTC', agents: [3, 5] }, zone)).toEqual({ zone: 'UTC', agents: '3,5' });
  });

  test('of a range by its name is about those days whenever it is opened', () => {
    const { range } = readView({ range: '7d' });
    expect(toQuestion({ ...(range && { range }) }, zone, '2026-12-31').dates).toEqual({
      from: '2026-12-25',
      to: '2026-12-31',
    });
  });

  test('with anything in it shows something that can be asked, and says what it could not use', () => {
    const anything = fc.record(Object.fromEntries(viewNames.map((name) => [name, fc.string()])), { requiredKeys: [] });
    fc.assert(
      fc.property(anything, (search) => {
        const question = ask(readView(search));
        expect(question.dates.from <= question.dates.to).toBe(true);
        for (const name of viewNames) {
          const isUsed = readView(search)[name] !== undefined;
          expect(isUsed || !search[name] || unreadOf(search).includes(name)).toBe(true);
        }
      }),
    );
  });

  test.each([
    [{ range: 'junk' }, 'range'],
    [{ range: '2026-11-25..2026-11-01' }, 'range'],
    [{ campaign: '-1' }, 'campaign'],
    [{ campaign: '1e3' }, 'campaign'],
    [{ campaign: '99999999999999999999' }, 'campaign'],
    [{ team: '<script>' }, 'team'],
    // Fewer agents than somebody meant would be another question.
    [{ agents: '20,x' }, 'agents'],
    [{ agents: '20,' }, 'agents'],
    [{ zone: 'Mars/Olympus' }, 'zone'],
    [{ compare: 'everything' }, 'compare'],
  ])('%j: what it says of the %s is of no use', (search, name) => {
    expect(unreadOf(search)).toEqual([name]);
    expect(readView(search)).toEqual({});
  });

  test('names each agent once', () => {
    expect(readView({ agents: '20,35,20' })).toEqual({ agents: [20, 35] });
  });
});

test('one day is compared with the same weekday, more days with as many before', () => {
  expect(ask({ range: 'today' }).compare).toBe('week');
  expect(ask({ range: '2026-11-03..2026-11-03' }).compare).toBe('week');
  expect(ask({}).compare).toBe('previous');
  expect(ask({ compare: 'none' }).compare).toBeUndefined();
});

test('clearing filters leaves the days, the zone and the comparison', () => {
  fc.assert(
    fc.property(aView, (view) => {
      const { campaign: _, team: __, agents: ___, ...rest } = view;
      expect(withoutFilters(view)).toEqual(rest);
    }),
  );
});

test('a view that a colleague sent, who sees more, is asked within the own part', () => {
  const view: View = { range: '30d', campaign: 2, team: 3, agents: [20] };
  expect(withinPart(view, { team_id: null, agent_id: null })).toEqual(view);
  expect(withinPart(view, { team_id: 1, agent_id: null })).toEqual({ range: '30d', campaign: 2, agents: [20] });
  expect(withinPart(view, { team_id: null, agent_id: 20 })).toEqual({ range: '30d', campaign: 2 });
});

test('a question is asked as every report takes it', () => {
  expect(toParams(ask({ campaign: 2, agents: [20, 35] }))).toEqual({
    date_from: '2026-11-19',
    date_to: '2026-11-25',
    timezone: zone,
    campaign_id: 2,
    team_id: undefined,
    agent_ids: [20, 35],
  });
});
