/**
 * The nine reports computed the slow and plain way from raw rows: no store, no streaming, no floating-point decisions.
 * Tests compare the server's answers with these.
 */
import { Temporal } from 'temporal-polyfill';

/** One row as a file would carry it: column name to value. */
export type Row = Record<string, string | number | boolean | null | undefined>;

/** The tables that rows go into. */
export type Table = 'campaigns' | 'teams' | 'agents' | 'dispositions' | 'caller_ids' | 'leads' | 'calls';

/** One row taken in for a tenant; `taken_in_at` (ISO instant) is the stamp of a row without `updated_at`. */
export interface Intake {
  tenant_id: number;
  table: Table;
  row: Row;
  taken_in_at: string;
}

/** Everything that was taken in, in that order, and the instant at which questions are asked. */
export interface World {
  now: string;
  intakes: Intake[];
}

/** One question: a report, the tenant of the token, and the query parameters as sent over HTTP. */
export interface Ask {
  report: string;
  tenant_id: number;
  params: Record<string, string | string[]>;
  /** What the tenant judges by; the defaults when it has said nothing. */
  thresholds?: Thresholds;
}

/** What a tenant judges by; shares are percentages as written. */
export interface Thresholds {
  meaningfulSec: number;
  minDials: number;
  baselineDays: number;
  baselineMinDials: number;
  blockBelowBaseline: string;
  blockBelowAsr: string;
  blockRejected: string;
  warnBelowBaseline: string;
  warnShortCalls: string;
  warnRejected: string;
}

const DEFAULTS: Thresholds = {
  meaningfulSec: 30,
  minDials: 20,
  baselineDays: 28,
  baselineMinDials: 50,
  blockBelowBaseline: '50',
  blockBelowAsr: '5',
  blockRejected: '20',
  warnBelowBaseline: '80',
  warnShortCalls: '40',
  warnRejected: '10',
};

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * 60 * MINUTE;

// ---------------------------------------------------------------------------------------------------------------
// Values

const BLANK_ENDS = /^\p{White_Space}+|\p{White_Space}+$/gu;

/** The trimmed and composed text of a cell, or null when the cell is missing, empty or blank. */
function text(row: Row, column: string): string | null {
  const value = row[column];
  if (value === undefined || value === null) return null;
  const trimmed = String(value).replace(BLANK_ENDS, '').normalize('NFC');
  return trimmed === '' ? null : trimmed;
}

function required(row: Row, column: string): string {
  const value = text(row, column);
  if (value === null) throw new Error(`a row lacks ${column}: ${JSON.stringify(row)}`);
  return value;
}

function integer(row: Row, column: string): number | null {
  const value = text(row, column);
  return value === null ? null : wholeNumber(value);
}

function wholeNumber(value: string): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number) || number < 0) throw new Error(`not a whole number: ${value}`);
  return number;
}

function flag(row: Row, column: string): boolean | null {
  const value = text(row, column);
  if (value === null) return null;
  if (value === 'true' || value === '1') return true;
  if (value === 'false' || value === '0') return false;
  throw new Error(`not a boolean: ${value}`);
}

const DATE = /^\d{4}-\d\d-\d\d$/;
const INSTANT = /^(\d{4}-\d\d-\d\d)(?:[Tt ](\d\d:\d\d)(?::(\d\d)(?:[.,](\d+))?)?(?:([Zz])|([+\- ])(\d\d):?(\d\d)?)?)?$/;

/**
 * Epoch milliseconds of an ISO 8601 instant: `Z`, an offset (its `+` may have become a space) or neither (UTC),
 * `T` or a space between date and time, fractions cut to the millisecond. A date alone is its midnight in UTC.
 */
export function instant(value: string): number {
  const parts = INSTANT.exec(value);
  if (parts === null) throw new Error(`not an instant: ${value}`);
  const [, date, time = '00:00', second = '00', fraction = '', , sign, hours = '0', minutes = '0'] = parts;
  const utc = Date.parse(`${date}T${time}:${second}.${(fraction + '000').slice(0, 3)}Z`);
  if (Number.isNaN(utc)) throw new Error(`not an instant: ${value}`);
  const offset = (Number(hours) * 60 + Number(minutes)) * MINUTE;
  return sign === '-' ? utc + offset : utc - offset;
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

/** Order of two strings by their UTF-8 bytes. */
function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a, 'utf8'), Buffer.from(b, 'utf8'));
}

// ---------------------------------------------------------------------------------------------------------------
// Exact fractions (never negative)

interface Fraction {
  n: bigint;
  d: bigint;
}

function fraction(n: number | bigint, d: number | bigint = 1): Fraction {
  return { n: BigInt(n), d: BigInt(d) };
}

function times(a: Fraction, b: Fraction): Fraction {
  return { n: a.n * b.n, d: a.d * b.d };
}

/** Negative, zero or positive as a is below, at or above b. */
function compare(a: Fraction, b: Fraction): number {
  const difference = a.n * b.d - b.n * a.d;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** The exact value of a decimal numeral such as `2.5`. */
function decimal(numeral: string): Fraction {
  const parts = /^(\d*)(?:\.(\d*))?$/.exec(numeral);
  if (parts === null) throw new Error(`not a plain decimal: ${numeral}`);
  const [, whole = '', digits = ''] = parts;
  return fraction(BigInt(whole + digits || '0'), 10n ** BigInt(digits.length));
}

/** A fraction as decimal text with exactly that many digits, rounded half up. */
function fixed(value: Fraction, digits: number): string {
  const unit = 10n ** BigInt(digits);
  const scaled = (2n * value.n * unit + value.d) / (2n * value.d);
  const numerals = scaled.toString().padStart(digits + 1, '0');
  return digits === 0 ? numerals : `${numerals.slice(0, -digits)}.${numerals.slice(-digits)}`;
}

/** part / whole as text, 0 when there is no whole. */
function average(part: number, whole: number, digits: number): string {
  return fixed(whole === 0 ? fraction(0) : fraction(part, whole), digits);
}

/** part / whole x 100 as text, 0 when there is no whole, never above 100. */
function percent(part: number, whole: number, digits: number): string {
  return average(100 * Math.min(part, whole), whole, digits);
}

function squareRoot(value: bigint): bigint {
  if (value < 2n) return value;
  let guess = 1n << BigInt(Math.ceil(value.toString(2).length / 2));
  for (;;) {
    const next = (guess + value / guess) / 2n;
    if (next >= guess) return guess;
    guess = next;
  }
}

/**
 * Upper bound of the two-sided 95 % Wilson interval of hits out of trials, to 40 digits:
 * (k + z²/2 + z * sqrt(k (n - k) / n + z²/4)) / (n + z²).
 */
function wilsonUpper(hits: number, trials: number): Fraction {
  const unit = 10n ** 40n;
  const z = 1_959_963_984_540_054n; // in units of 10^-15
  const zUnit = 10n ** 15n;
  const zSquared = (z * z * unit) / (zUnit * zUnit);
  const spread = (BigInt(hits) * BigInt(trials - hits) * unit) / BigInt(trials) + zSquared / 4n;
  const root = squareRoot(spread * unit);
  return { n: BigInt(hits) * unit + zSquared / 2n + (z * root) / zUnit, d: BigInt(trials) * unit + zSquared };
}

// ---------------------------------------------------------------------------------------------------------------
// Which rows stand

/** What makes two rows of a table the same row: one text per identity, over all tenants and tables. */
export function identity({ tenant_id, table, row }: Intake): string {
  return JSON.stringify([tenant_id, table, ...identityColumns(table, row)]);
}

function identityColumns(table: Table, row: Row): (string | number | null)[] {
  switch (table) {
    case 'campaigns':
      return [integer(row, 'campaign_id')];
    case 'teams':
      return [integer(row, 'team_id')];
    case 'agents':
      return [integer(row, 'agent_id')];
    case 'dispositions':
      return [text(row, 'code')];
    case 'caller_ids':
      return [text(row, 'cid')];
    case 'leads':
      return [integer(row, 'lead_id')];
    case 'calls':
      return [integer(row, 'campaign_id'), instant(required(row, 'started_at')), text(row, 'call_id')];
  }
}

/** When a row counts as updated, in epoch milliseconds: its own `updated_at`, else when it was taken in. */
export function stamp({ row, taken_in_at }: Intake): number {
  return instant(text(row, 'updated_at') ?? taken_in_at);
}

/** The rows of one tenant's table that stand: of every identity the one updated last, of equals the later line. */
export function standing(world: World, tenantId: number, table: Table): Row[] {
  const last = new Map<string, Intake>();
  for (const intake of world.intakes) {
    if (intake.tenant_id !== tenantId || intake.table !== table) continue;
    const key = identity(intake);
    const before = last.get(key);
    if (before === undefined || stamp(intake) >= stamp(before)) last.set(key, intake);
  }
  return [...last.values()].map((intake) => intake.row);
}

interface Campaign {
  name: string;
  status: string;
  limitPct: string;
  windowMinutes: number;
  basis: string;
}

interface Agent {
  name: string;
  username: string;
  team: number | null;
}

interface Disposition {
  label: string;
  category: string;
  color: string;
  conversion: boolean;
}

interface CallerId {
  displayName: string | null;
  carrier: string;
  cliType: string;
  poolStatus: string;
  cooldownUntil: string | null;
  dailyCap: number;
}

interface Lead {
  campaign: number;
  source: string | null;
  createdAt: number;
}

interface Call {
  at: number;
  campaign: number;
  lead: number | null;
  agent: number | null;
  team: number | null;
  cid: string | null;
  outcome: string;
  blockReason: string | null;
  talk: number;
  handle: number;
  disposition: string | null;
  conversion: boolean;
}

/** One tenant's tables as they stand, every row read and completed. */
interface Tenant {
  campaigns: Map<number, Campaign>;
  agents: Map<number, Agent>;
  dispositions: Map<string, Disposition>;
  callerIds: Map<string, CallerId>;
  leads: Map<number, Lead>;
  calls: Call[];
}

function readCampaign(row: Row): Campaign {
  return {
    name: required(row, 'name'),
    status: text(row, 'status') ?? 'active',
    limitPct: text(row, 'abandon_limit_pct') ?? '3',
    windowMinutes: integer(row, 'abandon_window_minutes') ?? 43_200,
    basis: text(row, 'abandon_basis') ?? 'attempts',
  };
}

function readAgent(row: Row): Agent {
  return {
    name: required(row, 'name'),
    username: text(row, 'username') ?? '',
    team: integer(row, 'team_id'),
  };
}

function readDisposition(row: Row): Disposition {
  return {
    label: required(row, 'label'),
    category: text(row, 'category') ?? 'contact',
    color: text(row, 'color') ?? '#6B7280',
    conversion: flag(row, 'is_conversion') ?? false,
  };
}

function readCallerId(row: Row): CallerId {
  const cooldown = text(row, 'cooldown_until');
  return {
    displayName: text(row, 'display_name'),
    carrier: text(row, 'carrier') ?? 'other',
    cliType: text(row, 'cli_type') ?? 'fixed_02x',
    poolStatus: text(row, 'pool_status') ?? 'active',
    cooldownUntil: cooldown === null ? null : iso(instant(cooldown)),
    dailyCap: integer(row, 'daily_cap') ?? 200,
  };
}

function readLead(row: Row): Lead {
  return {
    campaign: wholeNumber(required(row, 'campaign_id')),
    source: text(row, 'source'),
    createdAt: instant(required(row, 'created_at')),
  };
}

function readCall(row: Row, agents: Map<number, Agent>, dispositions: Map<string, Disposition>): Call {
  const outcome = required(row, 'outcome');
  const agent = integer(row, 'agent_id');
  const disposition = text(row, 'disposition_code');
  const seconds = (column: string) => (outcome === 'answered' ? (integer(row, column) ?? 0) : 0);
  const teamOfAgent = agent === null ? null : (agents.get(agent)?.team ?? null);
  const flagOfDisposition = disposition === null ? false : (dispositions.get(disposition)?.conversion ?? false);
  return {
    at: instant(required(row, 'started_at')),
    campaign: wholeNumber(required(row, 'campaign_id')),
    lead: integer(row, 'lead_id'),
    agent,
    team: integer(row, 'team_id') ?? teamOfAgent,
    cid: text(row, 'cid'),
    outcome,
    blockReason: outcome === 'blocked' ? (text(row, 'block_reason') ?? 'other') : null,
    talk: seconds('talk_sec'),
    handle: seconds('talk_sec') + seconds('hold_sec') + seconds('wrap_sec'),
    disposition,
    conversion: flag(row, 'is_conversion') ?? flagOfDisposition,
  };
}

function readTenant(world: World, tenantId: number): Tenant {
  const rows = (table: Table) => standing(world, tenantId, table);
  const id = (row: Row, column: string) => wholeNumber(required(row, column));
  const agents = new Map(rows('agents').map((row) => [id(row, 'agent_id'), readAgent(row)]));
  const dispositions = new Map(rows('dispositions').map((row) => [required(row, 'code'), readDisposition(row)]));
  return {
    campaigns: new Map(rows('campaigns').map((row) => [id(row, 'campaign_id'), readCampaign(row)])),
    agents,
    dispositions,
    callerIds: new Map(rows('caller_ids').map((row) => [required(row, 'cid'), readCallerId(row)])),
    leads: new Map(rows('leads').map((row) => [id(row, 'lead_id'), readLead(row)])),
    calls: rows('calls').map((row) => readCall(row, agents, dispositions)),
  };
}

// ---------------------------------------------------------------------------------------------------------------
// What a call is

const isDial = (call: Call) => call.outcome !== 'blocked';
const isAnswer = (call: Call) => call.outcome === 'answered' || call.outcome === 'abandoned';
const isHandled = (call: Call) => call.outcome === 'answered';
const isAbandoned = (call: Call) => call.outcome === 'abandoned';
const isRejected = (call: Call) => call.outcome === 'rejected';
const isShorterThan = (seconds: number) => (call: Call) => call.outcome === 'answered' && call.talk < seconds;
const isTalked = (call: Call) => call.talk > 30;
const isDisposed = (call: Call) => isDial(call) && call.disposition !== null;
const isConversion = (call: Call) => isDial(call) && call.conversion;

function count<T>(items: Iterable<T>, holds: (item: T) => boolean): number {
  let found = 0;
  for (const item of items) if (holds(item)) found += 1;
  return found;
}

function total<T>(items: Iterable<T>, amount: (item: T) => number): number {
  let sum = 0;
  for (const item of items) sum += amount(item);
  return sum;
}

/** Items by key, in order of first appearance; those whose key is null are left out. */
function group<K, T>(items: Iterable<T>, keyOf: (item: T) => K | null): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    if (key === null) continue;
    const members = groups.get(key);
    if (members === undefined) groups.set(key, [item]);
    else members.push(item);
  }
  return groups;
}

// ---------------------------------------------------------------------------------------------------------------
// What is asked

interface Filters {
  campaign: number | null;
  team: number | null;
  agents: Set<number> | null;
}

interface Question {
  tenant: Tenant;
  tenantId: number;
  params: Ask['params'];
  now: number;
  zone: string;
  filters: Filters;
  thresholds: Thresholds;
}

/** A question with its half-open window [from, to) and the calls of that window that the filters leave. */
interface Windowed extends Question {
  from: number;
  to: number;
  calls: Call[];
  dials: Call[];
}

function parameter(params: Ask['params'], name: string): string | null {
  const value = params[name];
  const single = Array.isArray(value) ? value[0] : value;
  return single === undefined || single === '' ? null : single;
}

function requiredParameter(params: Ask['params'], name: string): string {
  const value = parameter(params, name);
  if (value === null) throw new Error(`the ask lacks ${name}`);
  return value;
}

function readFilters(params: Ask['params']): Filters {
  const campaign = parameter(params, 'campaign_id');
  const team = parameter(params, 'team_id');
  const agents = Object.entries(params)
    .filter(([name]) => /^agent_ids(\[\d*\])?$/.test(name))
    .flatMap(([, value]) => value)
    .flatMap((value) => value.split(','))
    .filter((value) => value !== '')
    .map(wholeNumber);
  return {
    campaign: campaign === null ? null : wholeNumber(campaign),
    team: team === null ? null : wholeNumber(team),
    agents: agents.length === 0 ? null : new Set(agents),
  };
}

function passes(call: Call, { campaign, team, agents }: Filters): boolean {
  return (
    (campaign === null || call.campaign === campaign) &&
    (team === null || call.team === team) &&
    (agents === null || (call.agent !== null && agents.has(call.agent)))
  );
}

/** The first instant of a calendar date in a zone, in epoch milliseconds. */
function dayStart(date: Temporal.PlainDate, zone: string): number {
  return date.toZonedDateTime(zone).epochMilliseconds;
}

function local(ms: number, zone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone);
}

function windowed(question: Question): Windowed {
  const { params, zone, tenant, filters } = question;
  const first = requiredParameter(params, 'date_from');
  const last = requiredParameter(params, 'date_to');
  const from = DATE.test(first) ? dayStart(Temporal.PlainDate.from(first), zone) : instant(first);
  const to = DATE.test(last) ? dayStart(Temporal.PlainDate.from(last).add({ days: 1 }), zone) : instant(last);
  if (to <= from) throw new Error('the window is empty');
  const calls = tenant.calls.filter((call) => call.at >= from && call.at < to && passes(call, filters));
  return { ...question, from, to, calls, dials: calls.filter(isDial) };
}

// ---------------------------------------------------------------------------------------------------------------
// The reports

function dashboard({ calls, dials }: Windowed): unknown {
  const answers = count(dials, isAnswer);
  const talk = total(dials, (call) => call.talk);
  const conversions = count(dials, isConversion);
  return {
    total_dials: dials.length,
    total_answers: answers,
    answer_rate_pct: percent(answers, dials.length, 2),
    avg_talk_time_sec: average(talk, answers, 1),
    total_talk_time_sec: String(talk),
    unique_agents: group(dials, (call) => call.agent).size,
    pdpl_blocked_count: count(calls, (call) => call.blockReason === 'pdpl'),
    avg_aht_sec: averageHandleTime(dials),
    conversions,
    conv_rate: Number(percent(conversions, answers, 2)),
  };
}

function averageHandleTime(dials: Call[]): number {
  return Number(
    average(
      total(dials, (call) => call.handle),
      count(dials, isHandled),
      0,
    ),
  );
}

function dispositionBreakdown({ dials, tenant }: Windowed): unknown {
  const codes = [...group(dials, (call) => call.disposition)].map(([code, of]) => ({ code, count: of.length }));
  const all = total(codes, (entry) => entry.count);
  return codes
    .sort((a, b) => b.count - a.count || byBytes(a.code, b.code))
    .map((entry) => {
      const disposition = tenant.dispositions.get(entry.code);
      return {
        code: entry.code,
        label: disposition?.label ?? entry.code,
        category: disposition?.category ?? 'contact',
        color: disposition?.color ?? '#6B7280',
        count: entry.count,
        pct: percent(entry.count, all, 2),
      };
    });
}

function agentPerformance({ dials, tenant }: Windowed): unknown {
  return [...group(dials, (call) => call.agent)]
    .sort(([a, ofA], [b, ofB]) => ofB.length - ofA.length || a - b)
    .map(([id, own]) => {
      const agent = tenant.agents.get(id);
      const answers = count(own, isAnswer);
      const conversions = count(own, isConversion);
      return {
        agent_id: id,
        name: agent?.name ?? `Agent ${id}`,
        username: agent?.username ?? '',
        dials: own.length,
        answers,
        avg_aht_sec: averageHandleTime(own),
        conversions,
        conv_rate: Number(percent(conversions, answers, 2)),
      };
    });
}

/** One lead in the window, with its dials in the window within the filters. */
interface LeadStory {
  source: string;
  dials: Call[];
}

function leadsInWindow({ tenant, filters, from, to, dials }: Windowed): LeadStory[] {
  const dialed = group(dials, (call) => call.lead);
  const ids = new Set(dialed.keys());
  if (filters.team === null && filters.agents === null) {
    for (const [id, lead] of tenant.leads) {
      const created = lead.createdAt >= from && lead.createdAt < to;
      if (created && (filters.campaign === null || lead.campaign === filters.campaign)) ids.add(id);
    }
  }
  return [...ids].map((id) => ({
    source: tenant.leads.get(id)?.source ?? '(unknown)',
    dials: dialed.get(id) ?? [],
  }));
}

/** Of these leads, those with a dial of that kind. */
function leadsWith(leads: LeadStory[], kind: (call: Call) => boolean): number {
  return count(leads, (lead) => lead.dials.some(kind));
}

function funnel(asked: Windowed): unknown {
  const leads = leadsInWindow(asked);
  return [
    { stage: 'Total leads', count: leads.length },
    { stage: 'Dialed', count: leadsWith(leads, isDial) },
    { stage: 'Connected', count: leadsWith(leads, isAnswer) },
    { stage: 'Talked > 30s', count: leadsWith(leads, isTalked) },
    { stage: 'Disposed', count: leadsWith(leads, isDisposed) },
    { stage: 'Converted', count: leadsWith(leads, isConversion) },
  ];
}

function leadSourceAttribution(asked: Windowed): unknown {
  return [...group(leadsInWindow(asked), (lead) => lead.source)]
    .sort(([a, ofA], [b, ofB]) => ofB.length - ofA.length || byBytes(a, b))
    .map(([source, leads]) => {
      const converted = leadsWith(leads, isConversion);
      return {
        source,
        total_leads: leads.length,
        dialed_count: leadsWith(leads, isDial),
        contacted_count: leadsWith(leads, isAnswer),
        conv_count: converted,
        conv_rate_pct: percent(converted, leads.length, 2),
      };
    });
}

interface Reason {
  code: string;
  value: number;
  limit: number;
  sample: number;
}

interface Verdict {
  status: string;
  reasons: Reason[];
}

/** What the rules see of one caller ID: its dials in the window, before it, and today; null for a cap it has not. */
interface Health {
  dials: Call[];
  earlier: Call[];
  today: number;
  cap: number | null;
}

const HUNDRED = fraction(100);

/** A percentage as written, as a share of one. */
const share = (percentage: string) => times(decimal(percentage), fraction(1, 100));

function judge({ dials, earlier, today, cap }: Health, thresholds: Thresholds): Verdict {
  const sample = dials.length;
  const { minDials } = thresholds;
  if (sample < minDials) {
    return { status: 'no_data', reasons: [{ code: 'too_few_dials', value: sample, limit: minDials, sample }] };
  }
  const upper = wilsonUpper(count(dials, isAnswer), sample);
  const rejected = fraction(count(dials, isRejected), sample);
  const short = fraction(count(dials, isShorterThan(thresholds.meaningfulSec)), sample);
  const earlierAsr =
    earlier.length < thresholds.baselineMinDials ? null : fraction(count(earlier, isAnswer), earlier.length);

  const inPercent = (ratio: Fraction) => Number(fixed(times(ratio, HUNDRED), 2));
  const reason = (code: string, value: Fraction, limit: Fraction) => ({
    code,
    value: inPercent(value),
    limit: inPercent(limit),
    sample,
  });

  const suspected: Reason[] = [];
  if (earlierAsr !== null) {
    const half = times(earlierAsr, share(thresholds.blockBelowBaseline));
    if (compare(upper, half) < 0) suspected.push(reason('asr_collapsed', upper, half));
  }
  const floor = share(thresholds.blockBelowAsr);
  if (compare(upper, floor) < 0) suspected.push(reason('asr_floor', upper, floor));
  const high = share(thresholds.blockRejected);
  if (compare(rejected, high) >= 0) suspected.push(reason('rejected_high', rejected, high));
  if (suspected.length > 0) return { status: 'suspected_block', reasons: suspected };

  const warning: Reason[] = [];
  if (earlierAsr !== null) {
    const most = times(earlierAsr, share(thresholds.warnBelowBaseline));
    if (compare(upper, most) < 0) warning.push(reason('asr_dropped', upper, most));
  }
  const many = share(thresholds.warnShortCalls);
  if (compare(short, many) > 0) warning.push(reason('short_calls', short, many));
  const raised = share(thresholds.warnRejected);
  if (compare(rejected, raised) >= 0) warning.push(reason('rejected_raised', rejected, raised));
  if (cap !== null && today >= cap) {
    warning.push({ code: 'daily_cap_reached', value: today, limit: cap, sample: today });
  }
  return { status: warning.length > 0 ? 'warning' : 'healthy', reasons: warning };
}

/** What a caller ID did on each local day on which it dialed. */
function trendOf(own: Call[], zone: string): unknown {
  return [...group(own, (call) => bucketLabel(call.at, zone, 'day'))]
    .sort(([a], [b]) => byBytes(a, b))
    .map(([day, ofDay]) => {
      const answers = count(ofDay, isAnswer);
      return { day, dials: ofDay.length, answers, asr_pct: Number(percent(answers, ofDay.length, 1)) };
    });
}

function isAsked(params: Ask['params'], name: string): boolean {
  return ['1', 'true'].includes(parameter(params, name) ?? '');
}

function callerIdHealth({ tenant, filters, now, zone, from, dials, thresholds, params }: Windowed): unknown {
  const today = local(now, zone).toPlainDate();
  const midnight = dayStart(today, zone);
  const nextMidnight = dayStart(today.add({ days: 1 }), zone);
  const byCid = (calls: Call[]) => group(calls.filter(isDial), (call) => call.cid);
  const dialsToday = byCid(tenant.calls.filter((call) => call.at >= midnight && call.at < nextMidnight));
  const dialsEarlier = byCid(
    tenant.calls.filter(
      (call) => call.at >= from - thresholds.baselineDays * DAY && call.at < from && passes(call, filters),
    ),
  );
  const dialsNow = byCid(dials);
  return [...new Set([...tenant.callerIds.keys(), ...dialsNow.keys()])]
    .map((cid) => ({ cid, own: dialsNow.get(cid) ?? [] }))
    .sort((a, b) => b.own.length - a.own.length || byBytes(a.cid, b.cid))
    .map(({ cid, own }) => {
      const registered = tenant.callerIds.get(cid);
      const answers = count(own, isAnswer);
      const short = count(own, isShorterThan(thresholds.meaningfulSec));
      const callsToday = dialsToday.get(cid)?.length ?? 0;
      const verdict = judge(
        {
          dials: own,
          earlier: dialsEarlier.get(cid) ?? [],
          today: callsToday,
          cap: registered?.dailyCap ?? null,
        },
        thresholds,
      );
      return {
        cid,
        display_name: registered?.displayName ?? null,
        carrier: registered?.carrier ?? 'other',
        cli_type: registered?.cliType ?? 'fixed_02x',
        pool_status: registered?.poolStatus ?? 'active',
        cooldown_until: registered?.cooldownUntil ?? null,
        daily_cap: registered?.dailyCap ?? 200,
        total_calls: own.length,
        answered_calls: answers,
        asr_pct: Number(percent(answers, own.length, 1)),
        acd_sec: Number(
          average(
            total(own, (call) => call.talk),
            answers,
            0,
          ),
        ),
        short_calls: short,
        short_call_ratio_pct: Number(percent(short, own.length, 1)),
        rejected_calls: count(own, isRejected),
        health_status: verdict.status,
        health_calls_today: callsToday,
        health_reasons: verdict.reasons,
        ...(isAsked(params, 'trend') && { trend: trendOf(own, zone) }),
      };
    });
}

function hourDowHeatmap({ dials, zone }: Windowed): unknown {
  const slots = group(dials, (call) => {
    const at = local(call.at, zone);
    return (at.dayOfWeek % 7) * 24 + at.hour; // ISO's Sunday is 7
  });
  return Array.from({ length: 7 * 24 }, (_, slot) => {
    const own = slots.get(slot) ?? [];
    const answered = count(own, isAnswer);
    return {
      day_of_week: Math.floor(slot / 24),
      hour: slot % 24,
      dials: own.length,
      answered,
      answer_rate_pct: Number(percent(answered, own.length, 1)),
    };
  });
}

function bucketLabel(ms: number, zone: string, unit: string): string {
  const at = local(ms, zone);
  const twoDigits = (value: number | undefined) => String(value).padStart(2, '0');
  switch (unit) {
    case 'day':
      return at.toPlainDate().toString();
    case 'week':
      return `${at.yearOfWeek}-W${twoDigits(at.weekOfYear)}`;
    case 'hour':
      return `${at.toPlainDate().toString()} ${twoDigits(at.hour)}:00:00`;
    default:
      throw new Error(`no such group_by: ${unit}`);
  }
}

/** Every label that an instant of the window has. Offsets are whole quarters of an hour, so labels change on those. */
function labelsOfWindow({ from, to, zone }: Windowed, unit: string): Set<string> {
  const quarter = 15 * MINUTE;
  const labels = new Set([bucketLabel(from, zone, unit)]);
  for (let at = Math.ceil(from / quarter) * quarter; at < to; at += quarter) labels.add(bucketLabel(at, zone, unit));
  return labels;
}

function timeSeries(asked: Windowed): unknown {
  const { params, dials, zone } = asked;
  const unit = parameter(params, 'group_by') ?? 'day';
  const buckets = group(dials, (call) => bucketLabel(call.at, zone, unit));
  const labels = new Set(buckets.keys());
  if (parameter(params, 'fill') === 'zero') for (const label of labelsOfWindow(asked, unit)) labels.add(label);
  return [...labels].sort(byBytes).map((bucket) => {
    const own = buckets.get(bucket) ?? [];
    return {
      bucket,
      dials: own.length,
      answers: count(own, isAnswer),
      talk_sec: total(own, (call) => call.talk),
      conversions: count(own, isConversion),
    };
  });
}

function abandonRate({ tenant, tenantId, params, now, filters }: Question): unknown {
  const id = filters.campaign;
  if (id === null) throw new Error('the ask lacks campaign_id');
  const campaign = tenant.campaigns.get(id) ?? readCampaign({ campaign_id: id, name: `Campaign ${id}` });
  const asOf = parameter(params, 'as_of');
  const to = asOf === null ? now : instant(asOf);
  const from = to - campaign.windowMinutes * MINUTE;
  const dials = tenant.calls.filter((call) => isDial(call) && call.campaign === id && call.at >= from && call.at < to);

  const answers = count(dials, isAnswer);
  const abandoned = count(dials, isAbandoned);
  const attempts = campaign.basis === 'live_answers' ? answers : dials.length;
  const limit = decimal(campaign.limitPct);
  // 100 x (abandoned + n) <= limit x (attempts + n), both sides times the limit's denominator
  const room = limit.n * BigInt(attempts) - 100n * limit.d * BigInt(abandoned);
  const breached = room < 0n;
  return {
    current: {
      campaign_id: id,
      attempts_total: attempts,
      attempts_abandoned: abandoned,
      abandon_rate_pct: Number(percent(abandoned, attempts, 2)),
      window_minutes: campaign.windowMinutes,
      window_from: iso(from),
      window_to: iso(to),
      tenant_id: tenantId,
      campaign_name: campaign.name,
      campaign_status: campaign.status,
      limit_pct: Number(campaign.limitPct),
      breached,
      basis: campaign.basis,
      answers_total: answers,
      live_abandon_rate_pct: Number(percent(abandoned, answers, 2)),
      allowed_more: breached ? 0 : Number(room / (100n * limit.d - limit.n)),
    },
    breaches: [],
    ...(isAsked(params, 'history') && { history: historyOf(tenant, id, campaign, to) }),
  };
}

/** The rate at each full hour of the week up to an instant, and at that instant: every window counted on its own. */
function historyOf(tenant: Tenant, id: number, { windowMinutes, basis, limitPct }: Campaign, end: number): unknown {
  const instants = end % HOUR === 0 ? [] : [end];
  for (let at = end - (end % HOUR); at > end - 7 * DAY; at -= HOUR) instants.unshift(at);
  const calls = tenant.calls.filter((call) => isDial(call) && call.campaign === id);
  const limit = decimal(limitPct);
  return instants.map((at) => {
    const inside = calls.filter((call) => call.at >= at - windowMinutes * MINUTE && call.at < at);
    const attempts = basis === 'live_answers' ? count(inside, isAnswer) : inside.length;
    const abandoned = count(inside, isAbandoned);
    return {
      at: iso(at),
      attempts_total: attempts,
      attempts_abandoned: abandoned,
      abandon_rate_pct: Number(percent(abandoned, attempts, 2)),
      breached: attempts > 0 && compare(fraction(100 * abandoned, attempts), limit) > 0,
    };
  });
}

const WINDOWED: Record<string, (asked: Windowed) => unknown> = {
  dashboard,
  'disposition-breakdown': dispositionBreakdown,
  'agent-performance': agentPerformance,
  funnel,
  'lead-source-attribution': leadSourceAttribution,
  'caller-id-health': callerIdHealth,
  'hour-dow-heatmap': hourDowHeatmap,
  'time-series': timeSeries,
};

/** The names of all nine reports. */
export const REPORTS: readonly string[] = [...Object.keys(WINDOWED), 'abandon-rate'];

/** The `data` that a valid ask gets, exactly as its JSON parses. No breach was ever recorded in a world. */
export function answer(world: World, { report, tenant_id, params, thresholds = DEFAULTS }: Ask): unknown {
  const question: Question = {
    tenant: readTenant(world, tenant_id),
    tenantId: tenant_id,
    params,
    now: instant(world.now),
    zone: parameter(params, 'timezone') ?? 'UTC',
    filters: readFilters(params),
    thresholds,
  };
  if (report === 'abandon-rate') return abandonRate(question);
  const compute = WINDOWED[report];
  if (compute === undefined) throw new Error(`no such report: ${report}`);
  return compute(windowed(question));
}
