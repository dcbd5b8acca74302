import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { behindKindOf } from '../../src/engine/behind-params.ts';
import { fileFormatNames } from '../../src/engine/file-formats.ts';
import { reports } from '../../src/reports/index.ts';
import { declaredOf, keyOf, requiredOf, takesDates, valuesOf } from '../questions.ts';
import { dial, localKey, openSite, openTestStore, reportUrl, type Site } from './app.ts';

const hourMs = 3_600_000;
const now = Date.parse('2026-07-01T12:00:00Z');
const windowReports = reports.filter(takesDates).map(({ name }) => name);

let held: Awaited<ReturnType<typeof openTestStore>>;
let site: Site;
let admin: string;

beforeAll(async () => {
  held = await openTestStore();
  site = await openSite(held.store, held.directory, { now: () => now });
  admin = await site.token('admin');
}, 60_000);

afterAll(async () => {
  await site.app.close();
  await held.close();
}, 60_000);

type Asked = Record<string, string | number | readonly (string | number)[]>;

const june: Asked = { date_from: '2026-06-01', date_to: '2026-06-10' };

async function ask(report: string, params: Asked, token = admin) {
  const answer = await site.get(reportUrl(report, params), token);
  return { status: answer.statusCode, body: answer.json() };
}

/** The dials of a window, on a campaign of the story's own. */
async function dials(params: Asked, token = admin): Promise<number> {
  const { status, body } = await ask('dashboard', params, token);
  expect(body, JSON.stringify(params)).toHaveProperty('data.total_dials');
  expect(status).toBe(200);
  return body.data.total_dials;
}

/** The fields that a 422 names, in order. */
async function badFields(report: string, params: Asked): Promise<string[]> {
  const { status, body } = await ask(report, params);
  expect(status, JSON.stringify(params)).toBe(422);
  expect(body).toMatchObject({ message: 'The given data was invalid.', code: 'INVALID_PARAMS' });
  for (const faults of Object.values(body.errors)) expect(faults).toEqual([expect.any(String)]);
  return Object.keys(body.errors);
}

describe('the window', () => {
  const ho = 'Asia/Ho_Chi_Minh';

  beforeAll(async () => {
    await site.ingest(
      'calls',
      [
        '2026-06-09T16:59:59.999Z', // the last millisecond of June 9th in Ho Chi Minh City
        '2026-06-09T17:00:00.000Z', // June 10th begins there
        '2026-06-09T23:59:59.999Z',
        '2026-06-10T00:00:00.000Z', // June 10th begins in UTC
        '2026-06-10T16:59:59.999Z', // June 10th ends in Ho Chi Minh City
        '2026-06-10T17:00:00.000Z',
        '2026-06-10T23:59:59.999Z',
        '2026-06-11T00:00:00.000Z',
      ].map((started_at) => dial({ campaign_id: 1, started_at })),
    );
  }, 60_000);

  const on1 = (params: Asked) => dials({ campaign_id: 1, ...params });

  test('a date is that whole day in UTC, or in the zone asked for', async () => {
    expect(await on1({ date_from: '2026-06-10', date_to: '2026-06-10' })).toBe(4);
    expect(await on1({ date_from: '2026-06-10', date_to: '2026-06-10', timezone: ho })).toBe(4);
    expect(await on1({ date_from: '2026-06-09', date_to: '2026-06-09' })).toBe(3);
    expect(await on1({ date_from: '2026-06-09', date_to: '2026-06-09', timezone: ho })).toBe(1);
    expect(await on1({ date_from: '2026-06-11', date_to: '2026-06-11' })).toBe(1);
    expect(await on1({ date_from: '2026-06-11', date_to: '2026-06-11', timezone: ho })).toBe(3);
  });

  test('instants are half-open: the start belongs to the window, the end does not', async () => {
    const [from, to] = ['2026-06-10T00:00:00Z', '2026-06-10T17:00:00Z'];
    expect(await on1({ date_from: from, date_to: to })).toBe(2);
    expect(await on1({ date_from: from, date_to: '2026-06-10T17:00:00.001Z' })).toBe(3);
    expect(await on1({ date_from: '2026-06-10T00:00:00.001Z', date_to: to })).toBe(1);
    expect(await on1({ date_from: '2026-06-09T23:59:59.999Z', date_to: from })).toBe(1);
  });

  test('a date and an instant may stand side by side', async () => {
    expect(await on1({ date_from: '2026-06-10', date_to: '2026-06-10T17:00:00Z' })).toBe(2);
    expect(await on1({ date_from: '2026-06-09T17:00:00Z', date_to: '2026-06-10', timezone: ho })).toBe(4);
  });

  test.each([
    ['Z', '2026-06-10T00:00:00Z', '2026-06-10T17:00:00Z'],
    ['z and t in lower case', '2026-06-10t00:00:00z', '2026-06-10t17:00:00z'],
    ['no offset, which is UTC', '2026-06-10T00:00:00', '2026-06-10T17:00:00'],
    ['no offset, whatever the timezone', '2026-06-10T00:00', '2026-06-10T17:00'],
    ['a space for the T', '2026-06-10 00:00:00', '2026-06-10 17:00:00'],
    ['offsets', '2026-06-10T07:00:00+07:00', '2026-06-10T14:00:00-03:00'],
    ['offsets without a colon', '2026-06-10T07:00:00+0700', '2026-06-10T20:30:00+0330'],
    ['offsets of whole hours', '2026-06-10T07:00:00+07', '2026-06-10T14:00:00-03'],
    ['digits beyond the millisecond', '2026-06-10T00:00:00.000999Z', '2026-06-10T17:00:00.000999999Z'],
  ])('an instant may be written with %s', async (_form, date_from, date_to) => {
    expect(await on1({ date_from, date_to, timezone: ho })).toBe(2);
  });

  test('an offset whose + was not encoded is that offset', async () => {
    const url =
      '/api/telesales/reports/dashboard?campaign_id=1&date_from=2026-06-10T07:00:00+07:00&date_to=2026-06-11+00:00:00+07:00';
    const answer = await site.get(url, admin);
    expect(answer.json().data.total_dials).toBe(2);
  });

  test('the same instant twice, or an end before its start, is a 422 on date_to', async () => {
    for (const [date_from, date_to] of [
      ['2026-06-10T00:00:00Z', '2026-06-10T00:00:00Z'],
      ['2026-06-10', '2026-06-09'],
      ['2026-06-10', '2026-06-10T00:00:00Z'],
      ['2026-06-11T00:00:00Z', '2026-06-10'],
      ['2026-06-10T00:00:00.001Z', '2026-06-10T00:00:00Z'],
      ['2027-06-10', '2026-06-10'],
    ] as const) {
      const { status, body } = await ask('dashboard', { date_from, date_to });
      expect(status).toBe(422);
      expect(body.errors).toEqual({ date_to: ['The date to must be after the date from.'] });
    }
  });

  test.each(windowReports)('%s: 90 days between two dates are taken, 91 are not', async (report) => {
    expect((await ask(report, { date_from: '2026-06-01', date_to: '2026-08-30' })).status).toBe(200);
    const { status, body } = await ask(report, { date_from: '2026-06-01', date_to: '2026-08-31' });
    expect(status).toBe(422);
    expect(body).toEqual({
      message: 'The given data was invalid.',
      code: 'INVALID_PARAMS',
      errors: { date_to: ['The date_from..date_to range may not exceed 90 days.'] },
    });
  });

  test('between instants, 90 days are 90 x 24 hours to the millisecond', async () => {
    const from = Date.parse('2026-03-01T10:20:30.456Z');
    const until = (more: number) => ({
      date_from: new Date(from).toISOString(),
      date_to: new Date(from + 90 * 24 * hourMs + more).toISOString(),
      timezone: 'America/New_York', // summer time began in between: calendars don't matter here
    });
    expect((await ask('dashboard', until(0))).status).toBe(200);
    expect(await badFields('dashboard', until(1))).toEqual(['date_to']);
  });

  test('with one date, the calendar dates in the zone are compared', async () => {
    expect((await ask('dashboard', { date_from: '2026-06-01', date_to: '2026-08-30T23:59:59.999Z' })).status).toBe(200);
    expect(await badFields('dashboard', { date_from: '2026-06-01', date_to: '2026-08-31T00:00:00Z' })).toEqual([
      'date_to',
    ]);
    const inHo = { date_from: '2026-06-01', date_to: '2026-08-30T17:00:00Z', timezone: ho }; // August 31st there
    expect(await badFields('dashboard', inHo)).toEqual(['date_to']);
    expect((await ask('dashboard', { ...inHo, timezone: 'UTC' })).status).toBe(200);
    const night = { date_from: '2026-06-01T23:30:00Z', date_to: '2026-08-31' };
    expect(await badFields('dashboard', night)).toEqual(['date_to']);
    expect((await ask('dashboard', { ...night, timezone: ho })).status).toBe(200); // June 2nd there
  });

  test('dates from 1971 to 2105 are known, others are not', async () => {
    expect(await dials({ date_from: '1971-01-01', date_to: '1971-01-01', timezone: 'Pacific/Kiritimati' })).toBe(0);
    expect(await dials({ date_from: '2105-12-31', date_to: '2105-12-31', timezone: 'Pacific/Pago_Pago' })).toBe(0);
    for (const date of ['1970-12-31', '2106-01-01', '0000-01-01', '9999-12-31', '1970-12-31T23:59:59.999Z']) {
      expect(await badFields('dashboard', { date_from: date, date_to: date })).toEqual(['date_from', 'date_to']);
    }
  });

  test.each([
    '2026-02-30',
    '2026-13-01',
    '2026-6-1',
    '20260601',
    '2026-06-01T',
    '2026-06-01T24:00:00Z',
    '2026-06-01T09:60:00Z',
    '2026-06-01T09:00:60Z',
    '2026-06-01T09Z',
    '2026-06-01T09:00:00+24:00',
    '2026-06-01T09:00:00 UTC',
    '2026-06-01T09:00:00,5Z',
    '2026-W23',
    '1780300800',
    'today',
    '2026-06-01\u0000',
    '２０２６-06-01',
    '+002026-06-01',
  ])('%j is no date', async (text) => {
    expect(await badFields('dashboard', { date_from: text, date_to: '2026-06-02' })).toEqual(['date_from']);
    expect(await badFields('dashboard', { date_from: '2026-06-02', date_to: text })).toEqual(['date_to']);
  });
});

describe('days that are no 24 hours', () => {
  const days: [zone: string, day: string, hours: number][] = [
    ['America/New_York', '2026-03-08', 23],
    ['America/New_York', '2026-11-01', 25],
    ['America/Santiago', '2025-09-07', 23], // no midnight: the day begins at 01:00
    ['America/Santiago', '2025-04-05', 25],
    ['America/Havana', '2025-03-09', 23], // no midnight
    ['America/Havana', '2025-11-02', 25], // two midnights
    ['Africa/Cairo', '2025-04-25', 23], // no midnight
    ['Africa/Cairo', '2025-10-30', 25],
    ['Asia/Beirut', '2025-03-30', 23], // no midnight
    ['Asia/Beirut', '2025-10-25', 25],
    ['Australia/Lord_Howe', '2025-10-05', 23.5],
    ['Australia/Lord_Howe', '2025-04-06', 24.5],
    ['Asia/Kathmandu', '2025-04-06', 24],
  ];
  const quarter = hourMs / 4;
  /** A call every quarter of an hour, three days around a day. */
  const quarters = (day: string) =>
    Array.from({ length: 3 * 96 }, (_, index) => Date.parse(`${day}T00:00:00Z`) - 24 * hourMs + index * quarter);
  const dateIn = (zone: string) => {
    const format = new Intl.DateTimeFormat('en-CA', {
      timeZone: zone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
    });
    return (ms: number) => format.format(ms);
  };
  const campaignOf = (index: number) => 100 + index;

  beforeAll(async () => {
    await site.ingest(
      'calls',
      days.flatMap(([, day], index) =>
        quarters(day).map((ms) => dial({ campaign_id: campaignOf(index), started_at: new Date(ms).toISOString() })),
      ),
    );
  }, 60_000);

  test.each(days.map((row, index) => [...row, index] as const))(
    '%s, %s has %d hours, and its calls are counted once',
    async (timezone, day, hours, index) => {
      const campaign_id = campaignOf(index);
      expect(await dials({ campaign_id, date_from: day, date_to: day, timezone })).toBe(hours * 4);
      const dateOf = dateIn(timezone);
      const around = [-1, 0, 1].map((days) =>
        new Date(Date.parse(`${day}T00:00:00Z`) + days * 24 * hourMs).toISOString().slice(0, 10),
      );
      const expected = around.map((bucket) => ({
        bucket,
        dials: quarters(day).filter((ms) => dateOf(ms) === bucket).length,
      }));
      const { body } = await ask('time-series', { campaign_id, date_from: around[0]!, date_to: around[2]!, timezone });
      expect(body.data.map(({ bucket, dials }: Record<string, unknown>) => ({ bucket, dials }))).toEqual(expected);
      for (const { bucket, dials: counted } of expected) {
        expect(await dials({ campaign_id, date_from: bucket, date_to: bucket, timezone })).toBe(counted);
      }
    },
  );

  test.each(days.map((row, index) => [...row, index] as const))(
    '%s, %s by the hour: every call is in the hour that a clock there showed',
    async (timezone, day, _hours, index) => {
      const format = new Intl.DateTimeFormat('en-CA', {
        timeZone: timezone,
        year: 'numeric',
        month: '2-digit',
        day: '2-digit',
        hour: '2-digit',
        hourCycle: 'h23',
      });
      const labels = new Map<string, number>();
      const dateOf = dateIn(timezone);
      for (const ms of quarters(day).filter((ms) => dateOf(ms) === day)) {
        const label = `${format.format(ms).replace(', ', ' ')}:00:00`;
        labels.set(label, (labels.get(label) ?? 0) + 1);
      }
      const { body } = await ask('time-series', {
        campaign_id: campaignOf(index),
        date_from: day,
        date_to: day,
        timezone,
        group_by: 'hour',
      });
      const rows = body.data as { bucket: string; dials: number }[];
      expect(rows.map(({ bucket, dials }) => [bucket, dials])).toEqual([...labels].sort());
    },
  );
});

describe('zones', () => {
  test('a zone is found in any case, and shown by its own day', async () => {
    await site.ingest('calls', [dial({ campaign_id: 2, started_at: '2026-06-09T20:00:00Z' })]);
    for (const timezone of [
      'Asia/Ho_Chi_Minh',
      'asia/ho_chi_minh',
      'ASIA/HO_CHI_MINH',
      'asia/saigon',
      ' Asia/Saigon ',
    ]) {
      const { body } = await ask('time-series', { ...june, campaign_id: 2, timezone });
      expect(body.data).toEqual([{ bucket: '2026-06-10', dials: 1, answers: 0, talk_sec: 0, conversions: 0 }]);
    }
    const { body } = await ask('time-series', { ...june, campaign_id: 2, timezone: 'utc' });
    expect(body.data[0].bucket).toBe('2026-06-09');
  });

  test.each([
    'Mars/Olympus',
    '+07:00',
    'UTC+7',
    'Asia',
    'Asia/Ho Chi Minh',
    "UTC'",
    '../UTC',
    'Asia/Saigon\u0000',
    'PST',
    'SystemV/PST8',
  ])('%j is no zone', async (timezone) => {
    expect(await badFields('dashboard', { ...june, timezone })).toEqual(['timezone']);
  });

  test('every zone that people know by name is answered', async () => {
    const asked = [...Intl.supportedValuesOf('timeZone'), 'UTC', 'Asia/Ho_Chi_Minh'];
    expect(asked.length).toBeGreaterThan(400);
    const window = { date_from: '2026-06-01', date_to: '2026-06-02', fill: 'zero' };
    const refused: string[] = [];
    // Some at a time: more than may wait at once is no question about zones.
    for (let at = 0; at < asked.length; at += 50) {
      const some = asked.slice(at, at + 50);
      const answers = await Promise.all(some.map((timezone) => ask('time-series', { ...window, timezone })));
      refused.push(...some.filter((_, index) => answers[index]?.status !== 200));
    }
    expect(refused).toEqual([]);
  }, 120_000);
});

describe('values', () => {
  beforeAll(() => site.ingest('campaigns', [{ campaign_id: 43, name: 'Renewals' }]), 60_000);

  test('an empty value is as if not given', async () => {
    const all = await dials(june);
    expect(
      await dials({
        ...june,
        campaign_id: '',
        team_id: ' ',
        agent_ids: '',
        'agent_ids[]': ['', ' '],
        'agent_ids[0]': ',',
        timezone: '',
        format: '',
      }),
    ).toBe(all);
    expect(await badFields('dashboard', { date_from: '', date_to: '  ' })).toEqual(['date_from', 'date_to']);
    expect((await ask('time-series', { ...june, group_by: '', fill: '' })).status).toBe(200);
  });

  test('a single-valued parameter given twice is a 422, also with the same value', async () => {
    for (const [name, value] of [
      ['date_from', '2026-06-01'],
      ['date_to', '2026-06-10'],
      ['timezone', 'UTC'],
      ['campaign_id', '43'],
      ['team_id', '1'],
      ['format', 'json'],
    ] as const) {
      const { status, body } = await ask('dashboard', { ...june, [name]: [value, value] });
      expect(status).toBe(422);
      expect(body.errors).toEqual({ [name]: [`The ${name.replace('_', ' ')} may be given only once.`] });
    }
    expect((await ask('dashboard', { ...june, timezone: ['', 'UTC'] })).status).toBe(200);
  });

  test('unknown parameters are ignored', async () => {
    const all = await dials(june);
    expect(
      await dials({
        ...june,
        colour: 'blue',
        agent_id: 25,
        'campaign_id[]': 7,
        'agent_ids[x]': 7,
        'agent_ids[0][1]': 7,
        'agent_ids[': 7,
        AGENT_IDS: 7,
        __proto__x: 1,
        constructor: 1,
        as_of: 'never',
        group_by: 'century',
      }),
    ).toBe(all);
    const answer = await site.get(
      `${reportUrl('dashboard', june)}&__proto__=1&__proto__[campaign_id]=7&toString=1`,
      admin,
    );
    expect(answer.json().data.total_dials).toBe(all);
  });

  test.each(reports)('$name: every bad field is named at once', async (report) => {
    // A character that stands for bytes which are no text: no kind of parameter takes it.
    const names = Object.keys(declaredOf(report));
    const all = { ...Object.fromEntries(names.map((name) => [name, '\ufffd'])), format: '\ufffd', bom: '\ufffd' };
    expect(await badFields(report.name, all)).toEqual([...names, 'format', 'bom']);
  });

  describe.each(reports)('parameters of its own, $name', (report) => {
    const asked = requiredOf(report, { ...june, campaign_id: 43 });
    const declared = Object.entries(report.params);

    test('every value is taken, and an empty one is none', async () => {
      const plain = await ask(report.name, asked);
      expect(plain.status).toBe(200);
      for (const [name, param] of declared) {
        for (const value of valuesOf(name, param)) {
          expect((await ask(report.name, { ...asked, [name]: value })).status, `${name}=${value}`).toBe(200);
        }
        if (!param.required) expect(await ask(report.name, { ...asked, [name]: ' ' })).toEqual(plain);
      }
    });

    test('no other is, nor two', async () => {
      for (const [name, param] of declared) {
        const [value = ''] = valuesOf(name, param);
        expect(await badFields(report.name, { ...asked, [name]: '\ufffd' })).toEqual([name]);
        if (param.isList) continue;
        expect(await badFields(report.name, { ...asked, [name]: [value, value] })).toEqual([name]);
      }
    });
  });

  test('every bad field is named at once, whatever is wrong with it', async () => {
    expect(
      await badFields('time-series', {
        date_from: 'yesterday',
        campaign_id: 'x',
        team_id: -1,
        agent_ids: '25,abc',
        timezone: 'Nowhere',
        group_by: 'month',
        fill: 'one',
        format: 'pdf',
        bom: 'maybe',
      }),
    ).toEqual([
      'date_from',
      'date_to',
      'campaign_id',
      'team_id',
      'agent_ids',
      'timezone',
      'group_by',
      'fill',
      'format',
      'bom',
    ]);
    expect(await badFields('abandon-rate', { team_id: 'x', as_of: 'y', breaches_days: 91 })).toEqual([
      'campaign_id',
      'team_id',
      'as_of',
      'breaches_days',
    ]);
    expect(
      await badFields('time-series', { date_from: '2026-06-10', date_to: '2026-06-01', group_by: 'month' }),
    ).toEqual(['group_by', 'date_to']);
  });

  test.each([
    '0',
    '-1',
    '1.5',
    '1e3',
    '0x10',
    'abc',
    '9007199254740992',
    '99999999999999999999',
    '٤٣',
    '4 3',
    '4\u00003',
  ])('%j is no id', async (value) => {
    expect(await badFields('dashboard', { ...june, campaign_id: value, team_id: value, agent_ids: value })).toEqual([
      'campaign_id',
      'team_id',
      'agent_ids',
    ]);
  });

  test('the largest id is an id', async () => {
    expect(await dials({ ...june, team_id: 9007199254740991, agent_ids: '9007199254740991' })).toBe(0);
  });
});

describe('agents', () => {
  beforeAll(async () => {
    // 25 made one call, 26 two, 27 four: each sum says who was counted.
    const made = [25, 26, 26, 27, 27, 27, 27];
    await site.ingest(
      'calls',
      made.map((agent_id) => dial({ campaign_id: 3, agent_id })),
    );
  }, 60_000);

  test.each([
    ['agent_ids[]=25&agent_ids[]=26', 3],
    ['agent_ids%5B%5D=25&agent_ids%5B%5D=27', 5],
    ['agent_ids=26,27', 6],
    ['agent_ids=26&agent_ids=27', 6],
    ['agent_ids[0]=25&agent_ids[1]=27', 5],
    ['agent_ids[7]=25', 1],
    ['agent_ids[]=25&agent_ids=26&agent_ids[0]=27', 7],
    ['agent_ids[]=25,26&agent_ids[]=27', 7],
    ['agent_ids=25,25,25', 1],
    ['agent_ids=25,,26,', 3],
    ['agent_ids= 25 , 26 ', 3],
    ['agent_ids=28', 0],
    ['agent_ids[]=', 7],
  ])('%s', async (query, expected) => {
    const answer = await site.get(`${reportUrl('dashboard', { ...june, campaign_id: 3 })}&${query}`, admin);
    expect(answer.json().data.total_dials).toBe(expected);
  });
});

describe('errors have one shape', () => {
  const url = reportUrl('dashboard', june);

  test('401 without a valid token', async () => {
    for (const authorization of [
      undefined,
      '',
      'Bearer',
      'Bearer ',
      'Bearer nonsense',
      `Basic ${admin}`,
      admin,
      `Bearer ${admin} x`,
      `Bearer ${admin}x`,
      `Bearer ${admin.slice(0, -1)}`,
    ]) {
      const answer = await site.app.inject({ url, headers: authorization === undefined ? {} : { authorization } });
      expect(answer.statusCode, authorization).toBe(401);
      expect(answer.json()).toEqual({ message: expect.any(String), code: 'UNAUTHENTICATED' });
      expect(answer.headers['www-authenticate']).toBe('Bearer');
    }
    const spelled = await site.app.inject({ url, headers: { authorization: `bearer  ${admin}` } });
    expect(spelled.statusCode).toBe(200);
  });

  test('a token in the query is no token', async () => {
    expect((await site.get(`${url}&token=${admin}&access_token=${admin}`)).statusCode).toBe(401);
  });

  test('404 for an unknown report, on both doors', async () => {
    for (const path of ['nothing', 'nothing/export', 'Dashboard', 'constructor', '%00']) {
      const answer = await site.get(`/api/telesales/reports/${path}`, admin);
      expect(answer.statusCode, path).toBe(404);
      expect(answer.json()).toEqual({ message: expect.stringContaining('dashboard'), code: 'NOT_FOUND' });
    }
    expect((await site.get('/api/telesales/nothing', admin)).json()).toMatchObject({ code: 'NOT_FOUND' });
    expect((await site.get('/nothing')).json()).toMatchObject({ code: 'NOT_FOUND' });
  });

  test('a campaign that no row of this tenant names is a 404, the same whether another tenant has it', async () => {
    await site.ingest('campaigns', [{ campaign_id: 700, name: 'Theirs' }], 2);
    await site.ingest('calls', [dial({ campaign_id: 701 })], 2);
    await site.ingest('leads', [{ lead_id: 1, campaign_id: 702, created_at: '2026-06-02T00:00:00Z' }], 2);
    const told = async (report: string, campaign_id: number) => {
      const { status, body } = await ask(report, { ...june, campaign_id });
      expect(status).toBe(404);
      expect(body).toEqual({ message: expect.any(String), code: 'NOT_FOUND' });
      return body.message.replaceAll(String(campaign_id), 'N');
    };
    for (const { name: report } of reports) {
      const nobodys = await told(report, 799);
      for (const theirs of [700, 701, 702]) expect(await told(report, theirs)).toBe(nobodys);
    }
  });

  test('a campaign is known by its own row, by a call, or by a lead', async () => {
    await site.ingest('campaigns', [{ campaign_id: 710, name: 'Named' }]);
    await site.ingest('calls', [dial({ campaign_id: 711, started_at: '2020-01-01T00:00:00Z' })]);
    await site.ingest('leads', [{ lead_id: 712, campaign_id: 712, created_at: '2020-01-01T00:00:00Z' }]);
    for (const campaign_id of [710, 711, 712]) expect(await dials({ ...june, campaign_id })).toBe(0);
  });

  test('what the router itself refuses has the same shape', async () => {
    for (const [path, status] of [
      ['%E0%A4%A', 400],
      ['x'.repeat(3000), 414],
    ] as const) {
      const answer = await site.get(`/api/telesales/reports/${path}`, admin);
      expect(answer.statusCode).toBe(status);
      expect(answer.json()).toEqual({ message: expect.any(String), code: 'BAD_REQUEST' });
    }
  });
});

describe('who may do what', () => {
  const roles = ['admin', 'supervisor', 'agent', 'read_only', 'ingest'] as const;
  const tokens = {} as Record<(typeof roles)[number], string>;

  beforeAll(async () => {
    await site.ingest('calls', [dial({ campaign_id: 43, agent_id: 25 })]);
    for (const role of roles) tokens[role] = await site.token(role, role === 'agent' ? { agent: 25 } : {});
  }, 60_000);

  interface Door {
    method?: 'GET' | 'POST' | 'DELETE' | 'PUT';
    url: string;
    payload?: unknown;
    type?: string;
    /** Its place in the API document, where that has one. */
    path?: string;
    /** admin, supervisor, agent, read_only, ingest */
    may: readonly [number, number, number, number, number];
  }
  const json = 'application/json';
  const list = '/api/telesales/reports';

  const doors: Door[] = [
    ...reports.flatMap((report, index): Door[] => {
      const asked = requiredOf(report, { ...june, campaign_id: 43 });
      const at = (door: string, format?: string) =>
        reportUrl(report.name + door, { ...asked, ...(format && { format }) });
      const listed = (format?: string) =>
        reportUrl(`${report.name}/${behindKindOf(report)}`, { ...asked, ...keyOf(report), ...(format && { format }) });
      // What is live is a whole campaign's, and so no single agent's.
      const agent = takesDates(report) ? 200 : 403;
      const mayRead: Door['may'] = [200, 200, agent, 200, 403];
      const mayTake: Door['may'] = [200, 200, agent, 403, 403];
      // The first report at every door in every format; the others in one each, in turn.
      const formats = index === 0 ? fileFormatNames : [fileFormatNames[index % fileFormatNames.length]];
      return [
        { url: at(''), path: `${list}/${report.name}`, may: mayRead },
        { url: at('', 'json'), may: mayRead },
        { url: at('/export'), path: `${list}/${report.name}/export`, may: mayTake },
        { url: listed(), path: `${list}/${report.name}/${behindKindOf(report)}`, may: mayRead },
        ...formats.flatMap((format) => [
          { url: listed(format), may: mayTake },
          { url: at('', format), may: mayTake },
          { url: at('/export', format), may: mayTake },
        ]),
      ];
    }),
    { url: `${list}/nothing`, may: [404, 404, 404, 404, 404] },
    { url: '/api/telesales/me', path: '/api/telesales/me', may: [200, 200, 200, 200, 200] },
    { url: '/api/telesales/start', path: '/api/telesales/start', may: [200, 200, 200, 200, 200] },
    { method: 'POST', url: '/api/telesales/session', path: '/api/telesales/session', may: [201, 201, 201, 201, 201] },
    { method: 'DELETE', url: '/api/telesales/session', path: '/api/telesales/session', may: [403, 403, 403, 403, 403] },
    {
      method: 'POST',
      url: '/api/telesales/sign-in-links',
      payload: { role: 'read_only' },
      type: json,
      path: '/api/telesales/sign-in-links',
      may: [201, 403, 403, 403, 403],
    },
    { url: list, path: list, may: [200, 200, 200, 200, 403] },
    ...['definitions', 'campaigns', 'teams', 'agents'].map(
      (names): Door => ({
        url: `/api/telesales/${names}`,
        path: `/api/telesales/${names}`,
        may: [200, 200, 200, 200, 403],
      }),
    ),
    { url: '/api/telesales/tokens', path: '/api/telesales/tokens', may: [200, 403, 403, 403, 403] },
    {
      method: 'POST',
      url: '/api/telesales/tokens',
      payload: { role: 'read_only' },
      type: json,
      path: '/api/telesales/tokens',
      may: [201, 403, 403, 403, 403],
    },
    {
      method: 'DELETE',
      url: '/api/telesales/tokens/999999',
      path: '/api/telesales/tokens/{id}',
      may: [404, 403, 403, 403, 403],
    },
    ...['campaigns', 'teams', 'agents', 'dispositions', 'caller_ids', 'leads', 'calls'].map(
      (table): Door => ({
        method: 'POST',
        url: `/api/telesales/ingest/${table}`,
        payload: '{"x":1}',
        type: 'application/x-ndjson',
        path: `/api/telesales/ingest/${table}`,
        may: [200, 403, 403, 403, 200],
      }),
    ),
    {
      method: 'POST',
      url: '/api/telesales/ingest/nothing',
      payload: '{}',
      type: 'application/x-ndjson',
      may: [404, 403, 403, 403, 404],
    },
    {
      url: '/api/telesales/ingest/refused',
      path: '/api/telesales/ingest/refused',
      may: [200, 403, 403, 403, 403],
    },
    ...[
      '/api/telesales/audit/exports',
      '/api/telesales/audit/changes',
      '/api/telesales/settings',
      '/api/telesales/settings/changes',
    ].map((path): Door => ({ url: path, path, may: [200, 403, 403, 403, 403] })),
    {
      method: 'PUT',
      url: '/api/telesales/settings',
      payload: {},
      type: json,
      path: '/api/telesales/settings',
      may: [200, 403, 403, 403, 403],
    },
    {
      method: 'POST',
      url: '/api/telesales/ingest/mapped',
      payload: '{}',
      type: 'application/octet-stream',
      path: '/api/telesales/ingest/mapped',
      may: [422, 403, 403, 403, 422],
    },
    {
      method: 'POST',
      url: '/api/telesales/ids',
      payload: {},
      type: json,
      path: '/api/telesales/ids',
      may: [422, 403, 403, 403, 422],
    },
    { url: '/api/telesales/ids?kind=agent', path: '/api/telesales/ids', may: [200, 403, 403, 403, 403] },
    {
      method: 'POST',
      url: '/api/telesales/ids/phone',
      payload: {},
      type: json,
      path: '/api/telesales/ids/phone',
      may: [422, 403, 403, 403, 403],
    },
    // A stream without an end is no answer to compare: what it refuses is.
    {
      url: `${list}/abandon-rate/stream?campaign_id=43&as_of=2026-01-01`,
      path: `${list}/abandon-rate/stream`,
      may: [422, 422, 403, 422, 403],
    },
    { url: '/api/telesales/alerts', path: '/api/telesales/alerts', may: [200, 403, 403, 403, 403] },
    { url: '/api/telesales/webhooks', path: '/api/telesales/webhooks', may: [200, 403, 403, 403, 403] },
    {
      method: 'POST',
      url: '/api/telesales/webhooks',
      payload: {},
      type: json,
      path: '/api/telesales/webhooks',
      may: [422, 403, 403, 403, 403],
    },
    ...(
      [
        ['DELETE', ''],
        ['POST', '/test'],
        ['GET', '/deliveries'],
      ] as const
    ).map(
      ([method, rest]): Door => ({
        method,
        url: `/api/telesales/webhooks/99${rest}`,
        path: `/api/telesales/webhooks/{id}${rest}`,
        may: [404, 403, 403, 403, 403],
      }),
    ),
    { method: 'POST', url: '/api/telesales/purge', payload: {}, type: json, may: [422, 403, 403, 403, 403] },
    { method: 'POST', url: '/api/operator/imports', payload: {}, type: json, may: [403, 403, 403, 403, 403] },
    { method: 'PUT', url: '/api/operator/tenant', payload: { name: 'x' }, type: json, may: [403, 403, 403, 403, 403] },
    { url: '/api/operator/tenants', may: [403, 403, 403, 403, 403] },
    { url: '/api/operator', may: [403, 403, 403, 403, 403] },
    { url: '/api/operator/tokens', may: [403, 403, 403, 403, 403] },
    { method: 'DELETE', url: '/api/operator/tokens/1', may: [403, 403, 403, 403, 403] },
  ];
  const knock = ({ method = 'GET', url, payload, type }: Door | Omit<Door, 'may'>, token?: string) =>
    site.app.inject({
      method,
      url,
      headers: { ...(token && { authorization: `Bearer ${token}` }), ...(type && { 'content-type': type }) },
      ...(payload !== undefined && { payload: payload as string }),
    });

  test.each(doors.map((door) => [`${door.method ?? 'GET'} ${door.url}`, door] as const))('%s', async (_name, door) => {
    for (const [index, role] of roles.entries()) {
      const answer = await knock(door, tokens[role]);
      expect(answer.statusCode, `${role}: ${answer.body.slice(0, 200)}`).toBe(door.may[index]);
      if (answer.statusCode === 403) expect(answer.json()).toEqual({ message: expect.any(String), code: 'FORBIDDEN' });
    }
    expect((await knock(door)).statusCode).toBe(401);
    expect((await knock(door, 'wrong')).statusCode).toBe(401);
  });

  test('every operation of the API document is in the table above', async () => {
    const document = (await site.get('/api/openapi.json')).json<{ paths: Record<string, Record<string, unknown>> }>();
    const listed = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const tried = new Set(doors.filter(({ path }) => path).map(({ method = 'GET', path }) => `${method} ${path}`));
    // One has no end, the other no lock: each has stories of its own (`changes.test.ts`, `sessions.test.ts`).
    for (const other of ['GET /api/telesales/changes', 'GET /api/telesales/session']) tried.add(other);
    expect(listed.filter((operation) => !tried.has(operation))).toEqual([]);
    expect(listed.length).toBeGreaterThan(30);
  });

  test('pages for everybody', async () => {
    for (const url of ['/healthz', '/readyz', '/api/openapi.json', '/api/docs/']) {
      expect((await site.get(url)).statusCode, url).toBe(200);
    }
  });

  test('the local key acts for the tenant that it names, and needs a name', async () => {
    const named = { 'dialtally-tenant': '1' };
    expect((await site.get(reportUrl('dashboard', june), localKey, named)).statusCode).toBe(200);
    for (const headers of [
      {},
      { 'dialtally-tenant': '0' },
      { 'dialtally-tenant': '1.5' },
      { 'dialtally-tenant': 'x' },
    ]) {
      const asked = await site.get(reportUrl('dashboard', june), localKey, headers);
      expect(asked.statusCode).toBe(422);
      expect(Object.keys(asked.json().errors)).toEqual(['tenant']);
      const made = await site.app.inject({
        method: 'POST',
        url: '/api/telesales/tokens',
        headers: { authorization: `Bearer ${localKey}`, ...headers },
        payload: { role: 'admin' },
      });
      expect(made.statusCode).toBe(422);
    }
    expect((await site.get('/api/operator/tenants', localKey)).statusCode).toBe(200);
  });
});

describe('a token for a part of the tenant', () => {
  // Each agent's calls on campaign 5 are another power of two, so that a sum says whose were counted.
  const made: [count: number, row: Record<string, unknown>][] = [
    [1, { agent_id: 51 }], // team 1 now
    [2, { agent_id: 52 }], // team 1 now
    [4, { agent_id: 53 }], // team 2 now
    [8, {}], // nobody's
    [16, { agent_id: 53, team_id: 1 }], // made for team 1
    [32, { team_id: 2 }], // team 2's, no agent
  ];
  const on5 = { ...june, campaign_id: 5 };
  let team1: string;
  let agent53: string;

  beforeAll(async () => {
    await site.ingest('agents', [
      { agent_id: 51, name: 'An', team_id: 1 },
      { agent_id: 52, name: 'Binh', team_id: 1 },
      { agent_id: 53, name: 'Chi', team_id: 2 },
    ]);
    await site.ingest(
      'calls',
      made.flatMap(([count, row]) => Array.from({ length: count }, () => dial({ campaign_id: 5, ...row }))),
    );
    team1 = await site.token('supervisor', { team: 1 });
    agent53 = await site.token('agent', { agent: 53 });
  }, 60_000);

  test('an admin sees all, and may filter', async () => {
    expect(await dials(on5)).toBe(63);
    expect(await dials({ ...on5, team_id: 1 })).toBe(1 + 2 + 16);
    expect(await dials({ ...on5, team_id: 2 })).toBe(4 + 32);
    expect(await dials({ ...on5, team_id: 1, agent_ids: '53' })).toBe(16);
  });

  test('a team sees its own calls without asking', async () => {
    expect(await dials(on5, team1)).toBe(1 + 2 + 16);
    expect(await dials({ ...on5, team_id: 1 }, team1)).toBe(1 + 2 + 16);
  });

  test('for a team, agents combine with it', async () => {
    expect(await dials({ ...on5, agent_ids: '51,53' }, team1)).toBe(1 + 16);
    expect(await dials({ ...on5, agent_ids: '53' }, team1)).toBe(16);
    expect(await dials({ ...on5, agent_ids: '99' }, team1)).toBe(0);
  });

  test('an agent sees the own calls alone', async () => {
    expect(await dials(on5, agent53)).toBe(4 + 16);
    expect(await dials({ ...on5, agent_ids: '53' }, agent53)).toBe(4 + 16);
    const { body } = await ask('agent-performance', on5, agent53);
    expect(body.data.map((row: { agent_id: number }) => row.agent_id)).toEqual([53]);
  });

  test.each([...windowReports, ...windowReports.map((report) => `${report}/export`)])(
    '%s: a filter for somebody else is a 403',
    async (report) => {
      const status = async (params: Asked, token: string) =>
        (await site.get(reportUrl(report, { ...on5, ...params }), token)).statusCode;
      expect(await status({ team_id: 2 }, team1)).toBe(403);
      expect(await status({ team_id: 99 }, team1)).toBe(403);
      expect(await status({ agent_ids: '51' }, agent53)).toBe(403);
      expect(await status({ 'agent_ids[]': [53, 51] }, agent53)).toBe(403);
      expect(await status({ team_id: 2 }, agent53)).toBe(403);
      expect(await status({ team_id: 1 }, agent53)).toBe(403);
      expect(await status({ team_id: 1, agent_ids: '51' }, team1)).toBe(200);
    },
  );

  test.each(windowReports)('%s: what a token sees is what an admin sees with its filter', async (report) => {
    const as = async (params: Asked, token: string) => (await ask(report, { ...on5, ...params }, token)).body;
    expect(await as({}, team1)).toEqual(await as({ team_id: 1 }, admin));
    expect(await as({}, agent53)).toEqual(await as({ agent_ids: '53' }, admin));
    expect(await as({ agent_ids: '51' }, team1)).toEqual(await as({ team_id: 1, agent_ids: '51' }, admin));
  });

  test('a team may read the abandon rate of a whole campaign, an agent may not', async () => {
    const asked = { campaign_id: 5, as_of: '2026-06-10' };
    const { status, body } = await ask('abandon-rate', asked, team1);
    expect(status).toBe(200);
    expect(body.data.current.attempts_total).toBe(63);
    expect((await ask('abandon-rate', { ...asked, team_id: 2 }, team1)).status).toBe(403);
    expect((await ask('abandon-rate', asked, agent53)).status).toBe(403);
  });

  test('a filter bar offers what the token may see', async () => {
    const listed = async (list: string, token: string) =>
      (await site.get(`/api/telesales/${list}`, token)).json().data as Record<string, unknown>[];
    const ids = (rows: Record<string, unknown>[], key: string) => rows.map((row) => row[key]);
    expect(ids(await listed('teams', team1), 'team_id')).toEqual([1]);
    expect(ids(await listed('agents', team1), 'agent_id').sort()).toEqual([51, 52, 53]); // 53 called for it
    expect(ids(await listed('agents', agent53), 'agent_id')).toEqual([53]);
    expect(ids(await listed('campaigns', agent53), 'campaign_id')).toEqual([5]);
    expect(ids(await listed('agents?q=BIN', admin), 'name')).toEqual(['Binh']);
    expect(ids(await listed('agents?q=BIN', agent53), 'name')).toEqual([]);
  });
});

describe('the abandon rate', () => {
  beforeAll(async () => {
    const at = (ms: number) => new Date(now + ms).toISOString();
    await site.ingest('campaigns', [{ campaign_id: 6, name: 'Short memory', abandon_window_minutes: 60 }]);
    await site.ingest('calls', [
      dial({ campaign_id: 6, outcome: 'abandoned', started_at: at(-60 * 60_000) }), // the first instant of the window
      dial({ campaign_id: 6, outcome: 'abandoned', started_at: at(-60 * 60_000 - 1) }), // too early
      dial({ campaign_id: 6, agent_id: 25, started_at: at(-1) }),
      dial({ campaign_id: 6, outcome: 'abandoned', started_at: at(0) }), // not yet
    ]);
  }, 60_000);

  const current = async (params: Asked) => {
    const { status, body } = await ask('abandon-rate', { campaign_id: 6, ...params });
    expect(status, JSON.stringify(body)).toBe(200);
    return body.data.current;
  };

  test('campaign_id is required', async () => {
    expect(await badFields('abandon-rate', {})).toEqual(['campaign_id']);
    expect(await badFields('abandon-rate/export', { campaign_id: '' })).toEqual(['campaign_id']);
  });

  test('the window ends now and is as long as the campaign says', async () => {
    expect(await current({})).toMatchObject({
      attempts_total: 2,
      attempts_abandoned: 1,
      abandon_rate_pct: 50,
      window_minutes: 60,
      window_from: '2026-07-01T11:00:00.000Z',
      window_to: '2026-07-01T12:00:00.000Z',
    });
  });

  test('as_of moves the window, to the millisecond', async () => {
    expect(await current({ as_of: '2026-07-01T11:59:59.999Z' })).toMatchObject({
      attempts_total: 2,
      attempts_abandoned: 2,
      window_to: '2026-07-01T11:59:59.999Z',
    });
    expect((await current({ as_of: '2026-07-01T12:00:00Z' })).attempts_total).toBe(2);
  });

  test('as_of in the future is a 422', async () => {
    for (const as_of of ['2026-07-01T12:00:00.001Z', '2026-07-02', '2099-01-01']) {
      expect(await badFields('abandon-rate', { campaign_id: 6, as_of })).toEqual(['as_of']);
    }
  });

  test('filters are checked and not applied', async () => {
    const whole = await current({});
    expect(await current({ team_id: 999, 'agent_ids[]': [25, 999], timezone: 'Asia/Ho_Chi_Minh' })).toEqual(whole);
    expect(await badFields('abandon-rate', { campaign_id: 6, team_id: 'x', agent_ids: 'y', timezone: 'z' })).toEqual([
      'team_id',
      'agent_ids',
      'timezone',
    ]);
  });

  test('dates are not used, not even bad ones', async () => {
    expect(await current({ date_from: 'never', date_to: '1800-01-01' })).toEqual(await current({}));
  });

  test('a window that reaches back before 1970 counts what is there', async () => {
    await site.ingest('campaigns', [{ campaign_id: 8, name: 'Long memory', abandon_window_minutes: 5_256_000 }]);
    await site.ingest('calls', [dial({ campaign_id: 8, started_at: '1972-03-01T00:00:00Z' })]);
    const { body } = await ask('abandon-rate', { campaign_id: 8, as_of: '1975-01-01' });
    expect(body.data.current).toMatchObject({ attempts_total: 1, window_from: '1965-01-03T00:00:00.000Z' });
  });
});
