/**
 * Random small worlds that are awkward on purpose, and random valid asks about them: time-zone transitions, window
 * edges, corrections out of order, missing rows, blank cells, odd text, two tenants with the same ids.
 */
import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import {
  type Ask,
  type Intake,
  identity,
  instant,
  REPORTS,
  type Row,
  stamp,
  standing,
  type Table,
  type Thresholds,
  type World,
} from './oracle.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

// ---------------------------------------------------------------------------------------------------------------
// Places in time

const ZONES = [
  'Australia/Lord_Howe',
  'Pacific/Chatham',
  'Asia/Kathmandu',
  'America/St_Johns',
  'America/New_York',
  'America/Santiago',
  'Africa/Cairo',
  'Asia/Beirut',
  'America/Havana',
  'Asia/Ho_Chi_Minh',
  'America/Coyhaique',
  'UTC',
] as const;

/** A zone and an instant worth testing there: a change of its offset, or the turn of a year where there is none. */
interface Place {
  zone: string;
  base: number;
}

function local(ms: number, zone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone);
}

function dayStart(date: Temporal.PlainDate, zone: string): number {
  return date.toZonedDateTime(zone).epochMilliseconds;
}

function placesOf(zone: string): Place[] {
  const places: Place[] = [];
  let at: Temporal.ZonedDateTime | null = local(Date.UTC(2024, 0, 1), zone);
  const end = Date.UTC(2026, 6, 1);
  for (;;) {
    at = at.getTimeZoneTransition('next');
    if (at === null || at.epochMilliseconds > end) break;
    places.push({ zone, base: at.epochMilliseconds });
  }
  if (places.length > 0) return places;
  return ['2024-12-30', '2026-01-01', '2024-02-29'].map((date) => ({
    zone,
    base: dayStart(Temporal.PlainDate.from(date), zone),
  }));
}

const PLACES = ZONES.flatMap(placesOf);

const nudges = fc.constantFrom(0, 0, 0, -SECOND, -1, 1, SECOND);

/** Instants around a place: local midnights, the transition, 28 days before those, and anything in between. */
function moments({ zone, base }: Place): fc.Arbitrary<number> {
  const date = local(base, zone).toPlainDate();
  const midnights = [-1, 0, 1, 2].map((days) => dayStart(date.add({ days }), zone));
  const aroundBase = [-HOUR, -HOUR / 2, 0, HOUR / 2, HOUR].map((distance) => base + distance);
  const longBefore = midnights.map((midnight) => midnight - 28 * DAY);
  const edge = (weight: number, at: number[]) => ({
    weight,
    arbitrary: fc.tuple(fc.constantFrom(...at), nudges).map(([ms, nudge]) => ms + nudge),
  });
  const anywhere = (weight: number, from: number, to: number, unit: number) => ({
    weight,
    arbitrary: fc.integer({ min: from / unit, max: to / unit }).map((steps) => base + steps * unit),
  });
  return fc.oneof(
    edge(4, midnights),
    edge(3, aroundBase),
    edge(1, longBefore),
    anywhere(4, -2 * DAY, 2 * DAY, SECOND),
    anywhere(2, -4 * HOUR, 4 * HOUR, 1),
    anywhere(1, -28 * DAY, 2 * DAY, SECOND),
  );
}

/** One of the many ways to write an instant. */
interface Form {
  offset: string;
  separator: string;
  brief: boolean;
  extraDigits: string;
}

const forms: fc.Arbitrary<Form> = fc.record({
  offset: fc.constantFrom('Z', 'Z', '', '+07:00', '+05:45', '-03:30', '+00:00', ' 07:00'),
  separator: fc.constantFrom('T', 'T', ' '),
  brief: fc.boolean(),
  extraDigits: fc.constantFrom('', '', '', '000', '999'),
});

function offsetMinutes(offset: string): number {
  const parts = /^(.)(\d\d):(\d\d)$/.exec(offset);
  if (parts === null) return 0;
  return (parts[1] === '-' ? -1 : 1) * (Number(parts[2]) * 60 + Number(parts[3]));
}

function write(ms: number, { offset, separator, brief, extraDigits }: Form): string {
  const wall = new Date(ms + offsetMinutes(offset) * MINUTE).toISOString().slice(0, -1);
  const digits = brief && wall.endsWith('.000') ? wall.slice(0, -4).replace(/:00$/, '') : wall + extraDigits;
  return digits.replace('T', separator) + offset;
}

// ---------------------------------------------------------------------------------------------------------------
// Cells

const BIGGEST = Number.MAX_SAFE_INTEGER;
const TENANTS = [1, 2];
const campaignIds = fc.constantFrom(1, 1, 1, 2, 2, 43, BIGGEST);
const teamIds = fc.constantFrom(1, 1, 1, 2, 2, BIGGEST);
const agentIds = fc.constantFrom(3, 3, 4, 4, 25, 26, BIGGEST);
const leadIds = fc.constantFrom(1, 2, 3, 4, 5, 6, BIGGEST - 1, BIGGEST);

const blanks = fc.constantFrom<string>('', ' ', '\u3000', ' \u00A0\t');
const padding = fc.constantFrom('', '', '', '', ' ', '\u00A0', '\u3000', '\t', '\u0085', '\u2028', '\r\n');

function padded(texts: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.tuple(padding, texts, padding).map((parts) => parts.join(''));
}

/** A cell that may be absent, null or blank as well. */
function maybe<T>(cells: fc.Arbitrary<T>): fc.Arbitrary<T | string | null | undefined> {
  return fc.oneof(
    { weight: 8, arbitrary: cells },
    { weight: 2, arbitrary: fc.constantFrom(undefined, null) },
    { weight: 1, arbitrary: blanks },
  );
}

/** The value that many times out of five, else null. */
function orNull<T>(values: fc.Arbitrary<T>, share: number): fc.Arbitrary<T | null> {
  return fc.oneof({ weight: 5 - share, arbitrary: fc.constant(null) }, { weight: share, arbitrary: values });
}

const names = padded(
  fc.constantFrom(
    'Nguyen Van A',
    'Đặng "Bo", Lê',
    '=HYPERLINK("http://x")',
    '+84 agent',
    '-5',
    '@sum',
    "it's; a, name",
    'two\nlines',
    'two\r\nlines',
    'tab\tinside',
    'وكيل المبيعات',
    '👩‍💻 Bo',
    'e\u0301 and \u00E9',
    '\uFEFFmarked',
    '\u200Bthin',
    '007',
    'null',
  ),
);
// Ａ (U+FF21) and 😀 (U+1F600) sort one way by UTF-8 bytes and the other way by UTF-16 units.
const codes = padded(fc.constantFrom('sale', 'sale', 'Sale', 'no_answer', 'gọi lại', '=cmd', '7', 'Ａ', '😀'));
const sources = padded(
  fc.constantFrom('facebook_lead_ads', 'zalo', 'zalo', 'Zalo', '(unknown)', 'e\u0301', '\u00E9', 'Ａ', '😀', '-1'),
);
const cids = padded(fc.constantFrom('0900000012', '0900000012', '0900000013', '900000012', '19001234', 'Ａ', '😀'));
/** A caller ID that only bursts dial from. */
const BUSY_CID = '0900000099';
const callIds = padded(fc.constantFrom('c1', 'c1', 'c2', 'c3', 'C1', '1', 'điện', 'd"4"', '😀'));
const flags = fc.constantFrom<boolean | number>(true, false, 1, 0);
const seconds = fc.oneof(fc.constantFrom(0, 1, 29, 30, 31, 86_400), fc.nat(300));
const outcomes = fc.constantFrom(
  'answered',
  'answered',
  'answered',
  ' answered',
  'abandoned',
  'abandoned',
  'no_answer',
  'busy',
  'failed',
  'rejected',
  'machine',
  'blocked',
);

// ---------------------------------------------------------------------------------------------------------------
// Rows

interface Written {
  ms: number;
  form: Form;
}

/** A row on its way into a world: `times` are its cells that hold instants, `updated` is relative to the world's now. */
interface Draft {
  tenant: number;
  table: Table;
  cells: Row;
  times: Record<string, Written>;
  updated: Written | null;
  /** Its place in the order of taking in. */
  order: number;
  /** Where the identical row comes once more. */
  repeat: number | null;
  /** For a call: which earlier draft's identity it takes over, to replace it or to be replaced. */
  correctionOf: number | null;
}

const orders = fc.nat(10_000);

const updates: fc.Arbitrary<Written | null> = fc.oneof(
  fc.constant(null),
  fc.record({
    ms: fc
      .tuple(
        fc.constantFrom(-40 * DAY, -DAY, -HOUR, -10 * MINUTE, -MINUTE, -SECOND, -20, 0, HOUR, 20 * HOUR),
        fc.nat(3),
      )
      .map(([distance, jitter]) => distance + jitter),
    form: forms,
  }),
);

function drafts(
  table: Table,
  cells: fc.Arbitrary<Row>,
  times: fc.Arbitrary<Record<string, Written>> = fc.constant({}),
): fc.Arbitrary<Draft> {
  return fc.record({
    tenant: fc.constantFrom(1, 1, 2),
    table: fc.constant(table),
    cells,
    times,
    updated: updates,
    order: orders,
    repeat: orNull(orders, 1),
    correctionOf: table === 'calls' ? orNull(fc.nat(100), 2) : fc.constant(null),
  });
}

const campaigns = drafts(
  'campaigns',
  fc.record({
    campaign_id: campaignIds,
    name: names,
    status: maybe(fc.constantFrom('draft', 'active', 'paused', 'completed')),
    abandon_limit_pct: maybe(fc.constantFrom(0, 0.1, 2.5, 3, 20, 33.33, 50, 99.99)),
    abandon_window_minutes: maybe(fc.constantFrom(1, 60, 60, 120, 240, 61, 90, 1440, 10_080, 43_200)),
    abandon_basis: maybe(fc.constantFrom('attempts', 'live_answers', 'live_answers')),
  }),
);

const teams = drafts('teams', fc.record({ team_id: teamIds, name: names }));

const agents = drafts(
  'agents',
  fc.record({ agent_id: agentIds, name: names, username: maybe(names), team_id: maybe(teamIds) }),
);

const dispositions = drafts(
  'dispositions',
  fc.record({
    code: codes,
    label: names,
    category: maybe(fc.constantFrom('contact', 'no_contact', 'callback', 'remove')),
    color: maybe(fc.constantFrom('#10B981', '#EF4444')),
    is_conversion: maybe(flags),
  }),
);

function callerIds(place: Place): fc.Arbitrary<Draft> {
  return drafts(
    'caller_ids',
    fc.record({
      cid: fc.oneof({ weight: 2, arbitrary: cids }, { weight: 1, arbitrary: fc.constant(BUSY_CID) }),
      display_name: maybe(names),
      carrier: maybe(fc.constantFrom('viettel', 'mobifone', 'vinaphone', 'vietnamobile', 'landline', 'other')),
      cli_type: maybe(fc.constantFrom('mobile', 'fixed_02x', 'hotline_1900', 'hotline_1800', 'brandname')),
      pool_status: maybe(fc.constantFrom('active', 'cooldown', 'paused', 'disabled')),
      daily_cap: maybe(fc.constantFrom(1, 19, 20, 20, 21, 30, 200)),
    }),
    fc.oneof(fc.constant({}), fc.record({ cooldown_until: written(place) })),
  );
}

function leads(place: Place): fc.Arbitrary<Draft> {
  return drafts(
    'leads',
    fc.record({ lead_id: leadIds, campaign_id: campaignIds, source: maybe(sources) }),
    fc.record({ created_at: written(place) }),
  );
}

function calls(place: Place): fc.Arbitrary<Draft> {
  const cells = fc
    .record({
      call_id: callIds,
      campaign_id: campaignIds,
      lead_id: maybe(leadIds),
      agent_id: maybe(agentIds),
      team_id: fc.oneof(fc.constantFrom(undefined, null, ''), maybe(teamIds)),
      cid: maybe(cids),
      outcome: outcomes,
      block_reason: maybe(fc.constantFrom('pdpl', 'pdpl', 'dnc', 'cap', 'other')),
      talk_sec: maybe(seconds),
      hold_sec: maybe(seconds),
      wrap_sec: maybe(seconds),
      disposition_code: maybe(codes),
      is_conversion: fc.oneof(fc.constantFrom(undefined, null, ''), flags),
    })
    .map(({ block_reason, ...others }) => (others.outcome === 'blocked' ? { ...others, block_reason } : others));
  return drafts('calls', cells, fc.record({ started_at: written(place) }));
}

function written(place: Place): fc.Arbitrary<Written> {
  return fc.record({ ms: moments(place), form: forms });
}

// ---------------------------------------------------------------------------------------------------------------
// Bursts: one caller ID dialing again and again, so that its health can be judged

/** The calls that a letter of a burst's pattern stands for. */
const LETTERS: Record<string, Row> = {
  A: { outcome: 'answered', talk_sec: 61, hold_sec: 4, wrap_sec: 10 },
  E: { outcome: 'answered', talk_sec: 30 },
  T: { outcome: 'answered', talk_sec: 31, is_conversion: true },
  S: { outcome: 'answered', talk_sec: 29, wrap_sec: 1 },
  X: { outcome: 'abandoned', talk_sec: 500 },
  N: { outcome: 'no_answer' },
  R: { outcome: 'rejected' },
  M: { outcome: 'machine', talk_sec: 12 },
  K: { outcome: 'blocked', block_reason: 'pdpl' },
};

/** How a caller ID did: how many calls of which pattern around the place, and of which pattern before it. */
interface Course {
  length: number;
  pattern: string;
  earlier: string;
}

const patterns = fc.oneof(
  fc.constantFrom('A', 'N', 'AN', 'ANNNNNNNNN', 'RAAAAAAAAAA', 'SSSAA', 'SSSEN', 'XAAAAAAAAA', 'TM', 'KA'),
  fc.string({ unit: fc.constantFrom(...Object.keys(LETTERS)), minLength: 1, maxLength: 8 }),
);

const courses: fc.Arbitrary<Course> = fc.oneof(
  fc.record({ length: fc.constantFrom(19, 20, 25, 30, 40), pattern: patterns, earlier: patterns }),
  // exactly at a limit, or one call beside it
  fc
    .constantFrom(
      ['A', 19],
      ['A', 20],
      ['A', 21],
      ['RAAAA', 20],
      ['RAAAAAAAAA', 20],
      ['SSAAA', 20],
      ['N', 72],
      ['N', 73],
    )
    .map(([pattern, length]) => ({ pattern: String(pattern), length: Number(length), earlier: 'A' })),
  // an answer rate that fell, much or just enough
  fc.record({
    length: fc.constantFrom(20, 25, 30),
    pattern: fc.constantFrom('N', 'ANNN', 'ANN', 'AN', 'AAN', 'ANSN'),
    earlier: fc.constantFrom('A', 'AX', 'AAN', 'ANN', 'ANNNN'),
  }),
);

interface Burst {
  start: number;
  step: number;
  order: number;
}

function bursts(starts: fc.Arbitrary<number>): fc.Arbitrary<Burst> {
  return fc.record({ start: starts, step: fc.constantFrom(1, SECOND, 47 * SECOND, 5 * MINUTE), order: orders });
}

/** What one caller ID did around the place and, maybe, in the weeks before. */
function stories(place: Place): fc.Arbitrary<Draft[]> {
  const hoursAround = fc.integer({ min: -12, max: 24 }).map((hours) => place.base + hours * HOUR);
  const daysBefore = fc.integer({ min: 2, max: 26 }).map((days) => place.base - days * DAY);
  const today = dayStart(local(place.base, place.zone).toPlainDate(), place.zone);
  return fc
    .record({
      tenant: fc.constantFrom(...TENANTS),
      shared: fc.record({
        campaign_id: campaignIds,
        cid: fc.oneof(cids, fc.constant(BUSY_CID)),
        agent_id: maybe(agentIds),
        lead_id: maybe(leadIds),
      }),
      around: bursts(fc.oneof(hoursAround, hoursAround, moments(place))),
      before: orNull(bursts(fc.oneof(daysBefore, fc.constant(today - 28 * DAY))), 3),
      lengthBefore: fc.constantFrom(49, 50, 50, 51),
      course: courses,
    })
    .map(({ tenant, shared, around, before, lengthBefore, course }) => [
      ...unroll(tenant, shared, around, course.pattern, course.length),
      ...(before === null ? [] : unroll(tenant, shared, before, course.earlier, lengthBefore)),
    ]);
}

const PLAIN: Form = { offset: 'Z', separator: 'T', brief: true, extraDigits: '' };

function unroll(tenant: number, shared: Row, { start, step, order }: Burst, pattern: string, length: number): Draft[] {
  return Array.from({ length }, (_, index) => ({
    tenant,
    table: 'calls',
    cells: { call_id: `burst ${index}`, ...shared, ...LETTERS[pattern[index % pattern.length]!] },
    times: { started_at: { ms: start + index * step, form: PLAIN } },
    updated: null,
    order,
    repeat: null,
    correctionOf: null,
  }));
}

// ---------------------------------------------------------------------------------------------------------------
// Worlds

interface Plan {
  drafts: Draft[];
  /** The instant of asking, or null for some time after the last call. */
  amid: number | null;
  after: number;
  /** Between two rows taken in. */
  pace: number;
}

function plans(place: Place): fc.Arbitrary<Plan> {
  const some = (rows: fc.Arbitrary<Draft>, maxLength: number) =>
    fc.array(rows, { minLength: Math.floor(maxLength / 4), maxLength, size: 'max' });
  const rows = fc.tuple(
    some(campaigns, 5),
    some(teams, 2),
    some(agents, 6),
    some(dispositions, 6),
    some(callerIds(place), 5),
    some(leads(place), 12),
    some(calls(place), 32),
    fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, { weight: 4, arbitrary: stories(place) }),
  );
  return fc.record({
    drafts: rows.map((lists) => lists.flat()),
    amid: orNull(moments(place), 1),
    after: fc.oneof(fc.constantFrom(1, SECOND, HOUR, 40 * DAY), fc.nat(6 * HOUR)),
    pace: fc.constantFrom(1, 7, SECOND, MINUTE),
  });
}

/** A call that corrects another takes over what identifies it; its instant may be written another way. */
function asCorrection(draft: Draft, all: Draft[]): Draft {
  if (draft.correctionOf === null) return draft;
  const others = all.filter((other) => other.table === 'calls' && other.correctionOf === null);
  const corrected = others[draft.correctionOf % Math.max(others.length, 1)];
  const at = corrected?.times.started_at;
  if (corrected === undefined || at === undefined) return draft;
  const { campaign_id, call_id } = corrected.cells;
  const form = draft.times.started_at?.form ?? at.form;
  return {
    ...draft,
    tenant: corrected.tenant,
    cells: { ...draft.cells, campaign_id, call_id },
    times: { started_at: { ms: at.ms, form } },
  };
}

function finishedRow({ cells, times, updated }: Draft, now: number): Row {
  const instants = Object.entries(times).map(([column, { ms, form }]) => [column, write(ms, form)] as const);
  const stamped = updated === null ? [] : [['updated_at', write(now + updated.ms, updated.form)] as const];
  const given = Object.entries(cells).filter(([, value]) => value !== undefined);
  return Object.fromEntries([...given, ...instants, ...stamped]);
}

/**
 * Leaves out a row that differs from an earlier one of the same identity and instant of update: either might win. Two
 * rows without `updated_at` never tie: of one file the later line wins.
 */
export function withoutTies(intakes: readonly Intake[]): Intake[] {
  const isDated = ({ row }: Intake) => row.updated_at !== undefined;
  const seen = new Map<string, Intake>();
  return intakes.filter((intake) => {
    const key = `${identity(intake)} ${stamp(intake)}`;
    const before = seen.get(key);
    if (before === undefined) seen.set(key, intake);
    const isSame = before === undefined || JSON.stringify(before.row) === JSON.stringify(intake.row);
    return isSame || !(isDated(before) || isDated(intake));
  });
}

function build({ drafts: planned, amid, after, pace }: Plan): World {
  const all = planned.map((draft) => asCorrection(draft, planned));
  const started = all.flatMap(({ times }) => (times.started_at === undefined ? [] : [times.started_at.ms]));
  const now = amid ?? Math.max(Date.UTC(2024, 0, 1), ...started) + after;
  const inOrder = all
    .flatMap((draft) => (draft.repeat === null ? [draft] : [draft, { ...draft, order: draft.repeat }]))
    .sort((a, b) => a.order - b.order);
  const intakes = inOrder.map((draft, index) => ({
    tenant_id: draft.tenant,
    table: draft.table,
    row: finishedRow(draft, now),
    taken_in_at: new Date(now - (inOrder.length - index) * pace).toISOString(),
  }));
  return { now: new Date(now).toISOString(), intakes: withoutTies(intakes) };
}

/** Small, dense worlds: two tenants, every table, rows sent twice, corrected, out of order, or never. */
export const worlds: fc.Arbitrary<World> = fc.constantFrom(...PLACES).chain((place) => plans(place).map(build));

// ---------------------------------------------------------------------------------------------------------------
// Asks

type Params = Ask['params'];

/** The instants of a tenant's standing calls and leads, or the world's now when it has neither. */
function instantsOf(world: World, tenant: number): number[] {
  const found = [
    ...standing(world, tenant, 'calls').map((row) => instant(String(row.started_at))),
    ...standing(world, tenant, 'leads').map((row) => instant(String(row.created_at))),
  ];
  return found.length === 0 ? [instant(world.now)] : found;
}

/** Those of the last days, so that something lies before a window. */
function latest(instants: number[]): number[] {
  const last = Math.max(...instants);
  return instants.filter((ms) => ms > last - 4 * DAY);
}

/** Every campaign that a standing row of the tenant names. */
function campaignsOf(world: World, tenant: number): number[] {
  const naming: Table[] = ['campaigns', 'leads', 'calls'];
  return [...new Set(naming.flatMap((table) => standing(world, tenant, table)).map((row) => Number(row.campaign_id)))];
}

/** Zones for an ask: most of the time one in which something happens to the clock near these instants. */
function zonesNear(instants: number[]): fc.Arbitrary<string | null> {
  const near = PLACES.filter(({ base }) => instants.some((ms) => Math.abs(ms - base) < 2 * DAY));
  const eventful = near.map(({ zone }) => zone);
  return fc.oneof(
    { weight: 3, arbitrary: eventful.length > 0 ? fc.constantFrom(...eventful) : fc.constantFrom(...ZONES) },
    { weight: 1, arbitrary: fc.constantFrom(...ZONES) },
    { weight: 1, arbitrary: fc.constantFrom(null, '') },
  );
}

/** Valid windows of all kinds: dates, instants, one of each, up to the longest that is allowed. */
function windows(instants: number[], zone: string): fc.Arbitrary<Params> {
  const edges = fc.tuple(fc.constantFrom(...instants), nudges).map(([ms, nudge]) => ms + nudge);
  const dates = fc
    .tuple(fc.constantFrom(...instants), fc.constantFrom(0, 0, -1))
    .map(([ms, days]) => local(ms, zone).toPlainDate().add({ days }));
  const days = fc.oneof({ weight: 5, arbitrary: fc.nat(4) }, { weight: 1, arbitrary: fc.constantFrom(7, 31, 90) });
  const params = (date_from: string, date_to: string): Params => ({ date_from, date_to });

  const twoDates = fc
    .tuple(dates, days)
    .map(([date, length]) => params(date.toString(), date.add({ days: length }).toString()));
  const twoInstants = fc.tuple(edges, edges, forms, forms).map(([one, other, formFrom, formTo]) => {
    const from = Math.min(one, other);
    const to = Math.min(Math.max(one, other, from + 1), from + 90 * DAY);
    return params(write(from, formFrom), write(to, formTo));
  });
  const ninetyDays = fc
    .tuple(edges, forms, forms)
    .map(([from, formFrom, formTo]) => params(write(from, formFrom), write(from + 90 * DAY, formTo)));
  const dateToInstant = fc
    .tuple(dates, fc.oneof(fc.constantFrom(1, 9 * HOUR, DAY, 2 * DAY), fc.integer({ min: 1, max: 3 * DAY })), forms)
    .map(([date, length, form]) => params(date.toString(), write(dayStart(date, zone) + length, form)));
  const instantToDate = fc
    .tuple(edges, fc.nat(3), forms)
    .map(([from, length, form]) =>
      params(write(from, form), local(from, zone).toPlainDate().add({ days: length }).toString()),
    );
  return fc.oneof(
    { weight: 6, arbitrary: twoDates },
    { weight: 4, arbitrary: twoInstants },
    { weight: 1, arbitrary: ninetyDays },
    { weight: 2, arbitrary: dateToInstant },
    { weight: 2, arbitrary: instantToDate },
  );
}

/** Windows of three days about some instant: most of a burst falls into one. */
function wideWindows(instants: number[], zone: string): fc.Arbitrary<Params> {
  return fc.constantFrom(...instants).map((ms) => {
    const date = local(ms, zone).toPlainDate();
    return { date_from: date.subtract({ days: 1 }).toString(), date_to: date.add({ days: 1 }).toString() };
  });
}

/** Parameters some of the time, nothing or an empty value otherwise. */
function sometimes(name: string, values: fc.Arbitrary<string>, share: number): fc.Arbitrary<Params> {
  return fc.oneof(
    { weight: share, arbitrary: values.map((value): Params => ({ [name]: value })) },
    { weight: 9 - share, arbitrary: fc.constant<Params>({}) },
    { weight: 1, arbitrary: fc.constant<Params>({ [name]: '' }) },
  );
}

const agentLists = fc.array(agentIds.map(String), { minLength: 1, maxLength: 4 });

/** No agents most of the time, else a list in one of the three spellings. */
const agentFilters: fc.Arbitrary<Params> = fc.oneof(
  { weight: 16, arbitrary: fc.constant({}) },
  { weight: 2, arbitrary: agentLists.map((ids) => ({ 'agent_ids[]': ids })) },
  { weight: 1, arbitrary: agentLists.map((ids) => ({ agent_ids: ids.join(',') })) },
  {
    weight: 1,
    arbitrary: agentLists.map((ids) => Object.fromEntries(ids.map((id, index) => [`agent_ids[${index}]`, id]))),
  },
);

/** The instants at which a live rate may be asked for: near calls, where calls leave the window, and now. */
function asOfs(world: World, tenant: number, instants: number[]): fc.Arbitrary<string> {
  const now = instant(world.now);
  const lengths = standing(world, tenant, 'campaigns').map((row) => Number(row.abandon_window_minutes ?? 0) * MINUTE);
  lengths.push(43_200 * MINUTE);
  const anywhere = fc
    .tuple(
      fc.constantFrom(...instants),
      nudges,
      fc.constantFrom(0, 5 * HOUR, 3 * DAY, ...lengths),
      fc.constantFrom(1, 1, MINUTE, HOUR),
    )
    .map(([ms, nudge, length, unit]) => Math.floor((ms + length) / unit) * unit + nudge);
  return fc.tuple(anywhere, forms).map(([ms, form]) => write(Math.min(ms, now), form));
}

/** What a tenant may judge by: the defaults, limits that bursts reach exactly, and odd ones. */
const thresholds: fc.Arbitrary<Thresholds> = fc.record({
  meaningfulSec: fc.constantFrom(0, 1, 29, 30, 31, 60, 3600),
  minDials: fc.constantFrom(1, 2, 19, 20, 20, 21, 30),
  baselineDays: fc.constantFrom(1, 7, 27, 28, 29, 365),
  baselineMinDials: fc.constantFrom(1, 49, 50, 50, 51),
  blockBelowBaseline: fc.constantFrom('0', '33.33', '50', '50', '79.99', '100'),
  blockBelowAsr: fc.constantFrom('0', '0.01', '5', '5.05', '30', '100'),
  blockRejected: fc.constantFrom('0.01', '9.09', '12.5', '20', '20', '33.33', '100'),
  warnBelowBaseline: fc.constantFrom('0', '50', '80', '80', '80.01', '99.99', '100'),
  warnShortCalls: fc.constantFrom('0', '33.33', '40', '40', '57.14', '60', '100'),
  warnRejected: fc.constantFrom('0.01', '4.76', '5', '10', '10', '100'),
});

const NOTHING = fc.constant<Params>({});
const yes = fc.constantFrom('1', '1', 'true', '0');

const seriesOptions = parameters([
  sometimes('group_by', fc.constantFrom('day', 'week', 'hour', 'hour'), 7),
  sometimes('fill', fc.constant('zero'), 5),
]);

function parameters(parts: fc.Arbitrary<Params>[]): fc.Arbitrary<Params> {
  return fc.tuple(...parts).map((given) => Object.assign({}, ...given) as Params);
}

/** Valid asks about a world: any of the nine reports, on either tenant, with windows and filters that bite. */
export function asks(world: World): fc.Arbitrary<Ask> {
  return fc.constantFrom(...TENANTS).chain((tenant) => {
    const named = campaignsOf(world, tenant).map(String);
    const reports = named.length > 0 ? REPORTS : REPORTS.filter((report) => report !== 'abandon-rate');
    const instants = instantsOf(world, tenant);
    return fc
      .tuple(fc.constantFrom(...reports, 'caller-id-health', reports.at(-1)!), zonesNear(instants))
      .chain(([report, timezone]) => {
        const ofCallerIds = report === 'caller-id-health';
        const zone = timezone || 'UTC';
        const window = ofCallerIds
          ? fc.oneof(windows(latest(instants), zone), wideWindows(latest(instants), zone))
          : windows(instants, zone);
        const shared = [
          fc.constant<Params>(timezone === null ? {} : { timezone }),
          sometimes('team_id', fc.constantFrom('1', '1', '1', '2', '2', '77', String(BIGGEST)), 1),
          ofCallerIds ? NOTHING : agentFilters,
        ];
        const own =
          report === 'abandon-rate'
            ? [
                fc.oneof(NOTHING, window),
                fc.constantFrom(...named).map((campaign_id): Params => ({ campaign_id })),
                sometimes('as_of', asOfs(world, tenant, instants), 6),
                sometimes('history', yes, 7),
              ]
            : [
                window,
                named.length > 0 ? sometimes('campaign_id', fc.constantFrom(...named), ofCallerIds ? 1 : 3) : NOTHING,
                report === 'time-series' ? seriesOptions : NOTHING,
                ofCallerIds ? sometimes('trend', yes, 4) : NOTHING,
              ];
        return fc.tuple(parameters([...shared, ...own]), fc.option(thresholds)).map(
          ([params, judging]): Ask => ({
            report,
            tenant_id: tenant,
            params,
            ...(judging !== null && { thresholds: judging }),
          }),
        );
      });
  });
}
