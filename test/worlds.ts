/**
 * Random small worlds that are awkward on purpose: time-zone transitions, window edges, corrections out of order, missing
 * rows, blank cells, odd text, two tenants with the same ids.
 */
import fc from 'fast-check';
import { identity, stamp } from './oracle/plain/standing.ts';
import type { Row, Sending, Table, World } from './oracle/plain/world.ts';
import {
  DAY,
  dayStart,
  type Form,
  forms,
  HOUR,
  local,
  MINUTE,
  moments,
  PLACES,
  type Place,
  SECOND,
  write,
} from './places.ts';

// ---------------------------------------------------------------------------------------------------------------
// Cells

/** The largest id. */
export const BIGGEST = Number.MAX_SAFE_INTEGER;
/** The tenants of a world. */
export const TENANTS = [1, 2];
const campaignIds = fc.constantFrom(1, 1, 1, 2, 2, 43, BIGGEST);
const teamIds = fc.constantFrom(1, 1, 1, 2, 2, BIGGEST);
/** Ids of agents, few enough to meet again. */
export const agentIds = fc.constantFrom(3, 3, 4, 4, 25, 26, BIGGEST);
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
export function withoutTies(sendings: readonly Sending[]): Sending[] {
  const isDated = ({ row }: Sending) => row.updated_at !== undefined;
  const seen = new Map<string, Sending>();
  return sendings.filter((sending) => {
    const key = `${identity(sending)} ${stamp(sending)}`;
    const before = seen.get(key);
    if (before === undefined) seen.set(key, sending);
    const isSame = before === undefined || JSON.stringify(before.row) === JSON.stringify(sending.row);
    return isSame || !(isDated(before) || isDated(sending));
  });
}

function build({ drafts: planned, amid, after, pace }: Plan): World {
  const all = planned.map((draft) => asCorrection(draft, planned));
  const started = all.flatMap(({ times }) => (times.started_at === undefined ? [] : [times.started_at.ms]));
  const now = amid ?? Math.max(Date.UTC(2024, 0, 1), ...started) + after;
  const inOrder = all
    .flatMap((draft) => (draft.repeat === null ? [draft] : [draft, { ...draft, order: draft.repeat }]))
    .sort((a, b) => a.order - b.order);
  const sendings = inOrder.map((draft, index) => ({
    tenant_id: draft.tenant,
    table: draft.table,
    row: finishedRow(draft, now),
    taken_in_at: new Date(now - (inOrder.length - index) * pace).toISOString(),
  }));
  return { now: new Date(now).toISOString(), sendings: withoutTies(sendings) };
}

/** Small, dense worlds: two tenants, every table, rows sent twice, corrected, out of order, or never. */
export const worlds: fc.Arbitrary<World> = fc.constantFrom(...PLACES).chain((place) => plans(place).map(build));
