import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  count,
  duration,
  id,
  ids,
  moment,
  oneOf,
  type Params,
  pastInstant,
  type RawParams,
  readParams,
  uuid,
  words,
  yesOrNo,
  zone,
} from '../../src/engine/params.ts';
import { type Moment, readMoment } from '../../src/engine/time.ts';
import { filterParams, toWindow, windowParams } from '../../src/engine/window.ts';
import { InvalidParams } from '../../src/errors.ts';
import { type FieldErrors, type ParamFault, toFieldErrors } from '../../src/faults.ts';

const dayMs = 86_400_000;
const now = Date.parse('2026-07-01T12:00:00Z');
const context = { now };

function faultsOf(declared: Params, raw: RawParams): FieldErrors {
  try {
    readParams(declared, raw, context);
  } catch (error) {
    if (error instanceof InvalidParams) return error.errors;
    throw error;
  }
  return {};
}

describe('one value', () => {
  test.each([
    [id(''), '43', 43],
    [id(''), ' 43 ', 43],
    [id(''), '0043', 43],
    [id(''), '9007199254740991', Number.MAX_SAFE_INTEGER],
    [count('', 1, 90), '90', 90],
    [oneOf('', ['day', 'week']), 'week', 'week'],
    [words('', 3), 'ưuđ', 'ưuđ'],
    [words('', 2), '😀😀', '😀😀'],
    [zone(''), 'asia/HO_chi_minh', 'Asia/Ho_Chi_Minh'],
    [duration(''), '90d', 90 * dayMs],
    [duration(''), '12h', dayMs / 2],
    [duration(''), '30m', 1_800_000],
    [uuid(''), '0F8FAD5B-D9CB-469F-A165-70867728950E', '0f8fad5b-d9cb-469f-a165-70867728950e'],
    [yesOrNo(''), 'TRUE', true],
    [yesOrNo(''), '0', false],
    [pastInstant(''), '2026-07-01T12:00:00Z', now],
    [pastInstant(''), '2026-07-01', Date.parse('2026-07-01T00:00:00Z')],
    [ids(''), '25', [25]],
    [ids(''), '25,26, 25,,', [25, 26]],
  ])('%# is read', (param, text, value) => {
    expect(readParams({ it: param }, { it: text }, context)).toEqual({ it: value });
  });

  test.each([
    [id(''), '0'],
    [id(''), '-1'],
    [id(''), '1.0'],
    [id(''), '1e2'],
    [id(''), '9007199254740992'],
    [id(''), '٤٣'],
    [count('', 1, 90), '0'],
    [count('', 1, 90), '91'],
    [oneOf('', ['day', 'week']), 'Day'],
    [oneOf('', ['day', 'week']), 'constructor'],
    [words('', 3), 'abcd'],
    [zone(''), 'Mars/Olympus'],
    [zone(''), '__proto__'],
    [duration(''), '0d'],
    [duration(''), '1.5h'],
    [duration(''), '100000d'],
    [uuid(''), 'x'],
    [yesOrNo(''), 'yes'],
    [yesOrNo(''), 'toString'],
    [pastInstant(''), '2026-07-01T12:00:00.001Z'],
    [pastInstant(''), '2026-07-02'],
    [moment(''), '1970-12-31'],
    [moment(''), '2106-01-01T00:00:00Z'],
    [ids(''), '25,x'],
    [ids(''), '25;26'],
  ])('%# is refused with one sentence about the field', (param, text) => {
    const { some_field: faults } = faultsOf({ some_field: param }, { some_field: text });
    expect(faults).toEqual([expect.stringMatching(/^The some field must .*\.$/)]);
  });
});

describe('all values', () => {
  const declared = { one: { ...id(''), required: true as const }, other: id(''), list: ids('') };

  test('nothing given is undefined, or a fault where it is required', () => {
    expect(readParams({ other: id(''), list: ids('') }, {}, context)).toEqual({});
    expect(faultsOf(declared, {})).toEqual({ one: ['The one field is required.'] });
    expect(faultsOf(declared, { one: ['', ' '] })).toEqual({ one: ['The one field is required.'] });
  });

  test('every fault is told at once', () => {
    expect(Object.keys(faultsOf(declared, { one: ['1', '2'], other: 'x', list: ['1', 'y'] }))).toEqual([
      'one',
      'other',
      'list',
    ]);
  });

  test('a list may be spelled in three ways, and mixed', () => {
    const read = (raw: RawParams) => readParams({ list: ids('') }, raw, context).list;
    expect(read({ list: '1,2' })).toEqual([1, 2]);
    expect(read({ 'list[]': ['1', '2'] })).toEqual([1, 2]);
    expect(read({ 'list[0]': '1', 'list[1]': '2' })).toEqual([1, 2]);
    expect(read({ 'list[]': '1', list: ['2', '3,4'], 'list[9]': '5' })).toEqual([1, 2, 3, 4, 5]);
    expect(read({ 'list[': '1', 'list[x]': '1', 'list[0][0]': '1', 'list[]x': '1', listing: '1' })).toBeUndefined();
    expect(read({ list: [',', ' , '], 'list[]': '' })).toBeUndefined();
  });

  test('whatever is sent is read, or refused by the names of declared fields', () => {
    const all = { ...windowParams, ...filterParams };
    const names = fc.oneof(
      fc.constantFrom(...Object.keys(all), 'agent_ids[]', 'agent_ids[0]', '__proto__', 'toString'),
      fc.string(),
    );
    const texts = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('1', '2026-06-01', 'UTC', '', ','));
    const raws = fc.array(fc.tuple(names, fc.array(texts, { maxLength: 3 }))).map((pairs) => {
      const raw: Record<string, string[]> = Object.create(null);
      for (const [name, values] of pairs) raw[name] = values;
      return raw;
    });
    fc.assert(
      fc.property(raws, (raw) => {
        const faults = faultsOf(all, raw);
        for (const [field, told] of Object.entries(faults)) {
          expect(Object.keys(all)).toContain(field);
          expect(told).toHaveLength(1);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('toWindow', () => {
  const moments = (from: string, to: string) => [readMoment(from), readMoment(to)] as [Moment, Moment];
  const read = (from: string, to: string, timeZone = 'UTC') => {
    const faults: ParamFault[] = [];
    const window = toWindow(...moments(from, to), timeZone, faults);
    return { window, errors: toFieldErrors(faults) };
  };
  const iso = (window: { from: number; to: number } | undefined) =>
    window && [window.from, window.to].map((ms) => new Date(ms).toISOString());

  test('a date ends where the next one begins', () => {
    expect(iso(read('2026-06-10', '2026-06-10').window)).toEqual([
      '2026-06-10T00:00:00.000Z',
      '2026-06-11T00:00:00.000Z',
    ]);
    expect(iso(read('2026-03-08', '2026-03-08', 'America/New_York').window)).toEqual([
      '2026-03-08T05:00:00.000Z',
      '2026-03-09T04:00:00.000Z',
    ]);
  });

  test('instants are themselves, in any zone', () => {
    const asked = ['2026-06-10T01:02:03.004Z', '2026-06-10T01:02:03.005Z'] as const;
    expect(iso(read(...asked, 'Asia/Ho_Chi_Minh').window)).toEqual([...asked]);
  });

  test('a day that a zone skipped holds nothing', () => {
    expect(read('2011-12-30', '2011-12-30', 'Pacific/Apia').errors).toEqual({
      date_to: ['The date to must be after the date from.'],
    });
    expect(iso(read('2011-12-29', '2011-12-31', 'Pacific/Apia').window)).toEqual([
      '2011-12-29T10:00:00.000Z',
      '2011-12-31T10:00:00.000Z',
    ]);
  });

  test('instants may be 90 x 24 hours apart, and not a millisecond more', () => {
    const from = fc.integer({ min: Date.UTC(1990, 0, 1), max: Date.UTC(2050, 0, 1) });
    const length = fc.oneof(
      fc.integer({ min: 1, max: 200 * dayMs }),
      fc.integer({ min: -3, max: 3 }).map((more) => 90 * dayMs + more),
    );
    fc.assert(
      fc.property(
        from,
        length,
        fc.constantFrom('UTC', 'Asia/Ho_Chi_Minh', 'America/New_York', 'Pacific/Apia'),
        (start, span, timeZone) => {
          const { window, errors } = read(
            new Date(start).toISOString(),
            new Date(start + span).toISOString(),
            timeZone,
          );
          expect(window !== undefined).toBe(span <= 90 * dayMs);
          expect(errors).toEqual(window ? {} : { date_to: ['The date_from..date_to range may not exceed 90 days.'] });
        },
      ),
    );
  });

  test('dates may be 90 days apart in any zone, and not one more', () => {
    const from = fc.integer({ min: 10_000, max: 25_000 });
    const date = (day: number) => new Date(day * dayMs).toISOString().slice(0, 10);
    fc.assert(
      fc.property(
        from,
        fc.integer({ min: 1, max: 120 }),
        fc.constantFrom('UTC', 'America/New_York'),
        (day, days, timeZone) => {
          expect(read(date(day), date(day + days), timeZone).window !== undefined).toBe(days <= 90);
        },
      ),
    );
  });

  test('faults carry the names of the fields that were asked for', () => {
    const faults: ParamFault[] = [];
    toWindow(...moments('2026-06-02', '2026-06-01'), 'UTC', faults, {
      maxDays: Number.POSITIVE_INFINITY,
      fields: ['from', 'to'],
    });
    expect(toFieldErrors(faults)).toEqual({ to: ['The to must be after the from.'] });
    expect(
      toWindow(...moments('1971-01-01', '2105-12-31'), 'UTC', [], { maxDays: Number.POSITIVE_INFINITY }),
    ).toBeDefined();
  });

  test('without both moments there is no window, and no fault of its own', () => {
    const faults: ParamFault[] = [];
    expect(toWindow(undefined, readMoment('2026-06-01'), 'UTC', faults)).toBeUndefined();
    expect(faults).toEqual([]);
  });
});
