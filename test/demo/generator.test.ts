import { expect, test } from 'vitest';
import { type DemoRow, demoTenant, generateDemo } from '../../src/demo/generator.ts';

const DAY = 86_400_000;
const NOW = new Date('2026-11-23T06:35:00Z'); // a Monday, 13:35 on the floor
const span = { seed: 7, calls: 15_000, days: 90, now: NOW };

function demo(changes: Partial<Parameters<typeof generateDemo>[0]> = {}): DemoRow[] {
  return [...generateDemo({ ...span, ...changes })];
}

function of(table: DemoRow['table'], rows: DemoRow[]) {
  return rows.filter((each) => each.table === table).map(({ row }) => row);
}

/** Leads and calls as comparable lines. */
function lines(rows: DemoRow[], wanted: (updatedAt: number) => boolean = () => true): string[] {
  return rows
    .filter(({ table, row }) => (table === 'leads' || table === 'calls') && wanted(Date.parse(String(row.updated_at))))
    .map((each) => JSON.stringify(each));
}

/** The calls as they stand after their corrections. */
function latestCalls(rows: DemoRow[]) {
  const latest = new Map(of('calls', rows).map((row) => [row.call_id, row]));
  return [...latest.values()];
}

function localHour(instant: unknown): number {
  return new Date(Date.parse(String(instant)) + 7 * 3_600_000).getUTCHours();
}

function isAnswer({ outcome }: DemoRow['row']): boolean {
  return outcome === 'answered' || outcome === 'abandoned';
}

const whole = demo();
const calls = latestCalls(whole);
const dials = calls.filter(({ outcome }) => outcome !== 'blocked');

test('the same seed gives the same rows, another seed others', () => {
  expect(demo()).toEqual(whole);
  expect(lines(demo({ seed: 8 }))).not.toEqual(lines(whole));
  expect(demoTenant).toEqual({ tenant_id: 9, name: 'Demo', timezone: 'Asia/Ho_Chi_Minh' });
});

test.each(['2026-11-21T02:10:30Z', '2026-11-01T17:00:00Z', '2026-10-14T08:59:59.999Z'])(
  'what was known at %s is what is known now, cut there',
  (instant) => {
    const earlier = new Date(instant);
    // Both spans begin on the same day.
    const days = 90 - Math.round((Date.parse('2026-11-23') - Date.parse(instant.slice(0, 10))) / DAY);
    const localDays = localHour(instant) < 7 ? days + 1 : days;
    const known = demo({ now: earlier, days: localDays, calls: (span.calls / 90) * localDays });
    expect(lines(known)).toEqual(lines(whole, (updatedAt) => updatedAt <= earlier.getTime()));
  },
);

test.each([1, 2.3, 9, 45, 80])('a demo of %d days ago and a top-up make the demo of now', (daysAgo) => {
  const before = new Date(NOW.getTime() - daysAgo * DAY);
  const had = lines(demo({ now: before }));
  const added = lines(demo({ from: before }));
  const together = new Set([...had, ...added]);
  expect(together.size).toBe(had.length + added.length);
  expect(lines(whole).filter((line) => !together.has(line))).toEqual([]);
  const all = new Set(lines(whole));
  expect(added.filter((line) => !all.has(line))).toEqual([]);
});

test('a top-up brings the small tables in full and late corrections of older calls', () => {
  const from = new Date('2026-11-19T16:00:00Z');
  const added = demo({ from });
  for (const table of ['campaigns', 'teams', 'agents', 'dispositions', 'caller_ids'] as const)
    expect(of(table, added)).toEqual(of(table, whole));
  const late = of('calls', added).filter(({ started_at }) => Date.parse(String(started_at)) < from.getTime());
  expect(late.length).toBeGreaterThan(0);
});

test('a demo that is up to date has nothing to top up', () => {
  expect(lines(demo({ from: NOW }))).toEqual([]);
});

test('about as many calls as asked for, wherever the span lies', () => {
  for (const now of ['2026-11-23T06:35:00Z', '2027-03-08T03:00:00Z', '2028-08-01T20:00:00Z']) {
    const count = latestCalls(demo({ now: new Date(now) })).length;
    expect(count / span.calls).toBeGreaterThan(0.85);
    expect(count / span.calls).toBeLessThan(1.15);
  }
});

test('every call keeps the rules of the import', () => {
  const outcomes = 'answered abandoned no_answer busy failed rejected machine blocked'.split(' ');
  const isSeconds = (value: unknown) => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 86_400;
  const rules: Record<string, (call: DemoRow['row']) => boolean> = {
    'has a call_id': ({ call_id }) => /^demo-\d{8}-\d{6}$/.test(String(call_id)),
    'has an outcome of the list': ({ outcome }) => outcomes.includes(String(outcome)),
    'is known by now': ({ updated_at }) => Date.parse(String(updated_at)) <= NOW.getTime(),
    'is known once it happened': ({ updated_at, started_at }) => String(updated_at) >= String(started_at),
    'has a reason when blocked': ({ block_reason, outcome }) => (block_reason !== null) === (outcome === 'blocked'),
    'has whole seconds': ({ talk_sec, hold_sec, wrap_sec }) => [talk_sec, hold_sec, wrap_sec].every(isSeconds),
    'is handled only when answered': ({ outcome, talk_sec, wrap_sec }) =>
      outcome === 'answered' || (talk_sec === 0 && wrap_sec === 0),
    'has no agent when abandoned': ({ outcome, agent_id }) => outcome !== 'abandoned' || agent_id === null,
  };
  const versions = of('calls', whole);
  for (const [rule, holds] of Object.entries(rules))
    expect([rule, versions.filter((call) => !holds(call))]).toEqual([rule, []]);
});

test('a correction is the same call, later, with another disposition', () => {
  const seen = new Map<unknown, DemoRow['row']>();
  let corrections = 0;
  for (const call of of('calls', whole)) {
    const first = seen.get(call.call_id);
    seen.set(call.call_id, call);
    if (first === undefined) continue;
    corrections += 1;
    const { disposition_code, updated_at } = first;
    expect({ ...call, disposition_code, updated_at }).toEqual(first);
    expect(call.disposition_code).not.toBe(disposition_code);
    expect(String(call.updated_at) > String(updated_at)).toBe(true);
  }
  expect(corrections).toBeGreaterThan(50);
});

test('ids are known, one of a kind and numbers where they must be', () => {
  const keys = { campaigns: 'campaign_id', teams: 'team_id', agents: 'agent_id', leads: 'lead_id' } as const;
  for (const [table, key] of Object.entries(keys)) {
    const ids = of(table as keyof typeof keys, whole).map((row) => row[key]);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.every((id) => Number.isSafeInteger(id) && Number(id) > 0)).toBe(true);
    const known = new Set([...ids, null]);
    expect(calls.filter((call) => key in call && !known.has(call[key]!))).toEqual([]);
  }
  const cids = of('caller_ids', whole).map(({ cid }) => cid);
  expect(new Set(cids).size).toBe(12);
  expect(calls.filter(({ cid }) => cid !== null && !cids.includes(cid!))).toEqual([]);
  const usernames = of('agents', whole).map(({ username }) => username);
  expect(new Set(usernames).size).toBe(usernames.length);
  expect(usernames.every((name) => /^[a-z]+$/.test(String(name)))).toBe(true);
});

test('campaigns stand in every status at any time', () => {
  for (let day = 0; day < 70; day += 1) {
    const rows = of('campaigns', demo({ now: new Date(NOW.getTime() + day * DAY), calls: 90 }));
    expect(new Set(rows.map(({ status }) => status))).toEqual(new Set(['active', 'draft', 'paused', 'completed']));
  }
});

test('nobody dials outside the allowed hours or on a Sunday; what was tried then was blocked', () => {
  for (const { outcome, block_reason, started_at } of calls) {
    const isAllowed = localHour(started_at) >= 8 && localHour(started_at) < 17;
    expect(isAllowed).toBe(block_reason !== 'pdpl');
    if (outcome !== 'blocked')
      expect(new Date(Date.parse(String(started_at)) + DAY * (7 / 24)).getUTCDay()).not.toBe(0);
  }
});

test('no lead is called before it came in', () => {
  const created = new Map(of('leads', whole).map(({ lead_id, created_at }) => [lead_id, String(created_at)]));
  const early = calls.filter(
    ({ lead_id, started_at }) => lead_id !== null && created.get(lead_id!)! > String(started_at),
  );
  expect(early).toEqual([]);
});

test('people answer, hang on and buy about as they do', () => {
  const answers = dials.filter(isAnswer);
  const abandoned = dials.filter(({ outcome }) => outcome === 'abandoned');
  const sales = dials.filter(({ disposition_code }) => disposition_code === 'sale');
  expect(answers.length / dials.length).toBeGreaterThan(0.35);
  expect(answers.length / dials.length).toBeLessThan(0.45);
  expect(abandoned.length / dials.length).toBeGreaterThan(0.005);
  expect(abandoned.length / dials.length).toBeLessThan(0.015);
  expect(sales.length / answers.length).toBeGreaterThan(0.06);
  expect(sales.length / answers.length).toBeLessThan(0.12);
});

test('lists wear out: the fifth call is answered less often than the first', () => {
  const tries = new Map<unknown, number>();
  const counts = Array.from({ length: 8 }, () => ({ dials: 0, answers: 0 }));
  for (const call of dials.sort((a, b) => (String(a.started_at) < String(b.started_at) ? -1 : 1))) {
    const earlier = tries.get(call.lead_id) ?? 0;
    if (call.lead_id !== null) tries.set(call.lead_id, earlier + 1);
    counts[earlier]!.dials += 1;
    if (isAnswer(call)) counts[earlier]!.answers += 1;
  }
  const rate = (earlier: number) => counts[earlier]!.answers / counts[earlier]!.dials;
  expect(rate(4)).toBeLessThan(rate(0) * 0.8);
});

test('networks block a mobile number in mid-month: it answers next to nothing, against its own past', () => {
  const mobile = of('caller_ids', whole).filter(({ cli_type }) => cli_type === 'mobile');
  const rates = mobile.map(({ cid }) => {
    const rate = (from: number, to: number) => {
      const asked = dials.filter(
        (call) => call.cid === cid && String(call.started_at) >= day(from) && String(call.started_at) < day(to),
      );
      return asked.filter(isAnswer).length / Math.max(1, asked.length);
    };
    return { before: rate(-35, -10), lately: rate(-5, 1) };
  });
  const collapsed = rates.filter(({ before, lately }) => before > 0.3 && lately < 0.08);
  expect(collapsed).toHaveLength(1);
});

test('no column could hold a phone number of a customer', () => {
  const columns = new Set(whole.flatMap(({ table, row }) => Object.keys(row).map((column) => `${table}.${column}`)));
  const contacts = [...columns].filter((column) => /phone|mobile|number|callee|customer|email/.test(column));
  expect(contacts).toEqual([]);
});

function day(offset: number): string {
  return new Date(Date.parse('2026-11-23') + offset * DAY).toISOString();
}
