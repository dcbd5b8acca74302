/** An answer beside another window, the plain way: which window, which rows belong together, and what changed. */
import { Temporal } from 'temporal-polyfill';
import { answerTo, readAsk } from './answer.ts';
import { count, isHandled } from './calls.ts';
import { bucketLabel, dayStart, local, parameter, passes, type Question, readSpan } from './questions.ts';
import { readCampaign } from './tenant.ts';
import { DAY, instant, iso, MINUTE } from './values.ts';
import type { Ask, World } from './world.ts';

/** A figure, as its report declares it. */
export interface Declared {
  name: string;
  unit: string;
  better: string;
  digits: number;
  /** Its zero, as the report writes it. */
  zero: number | string;
  /** Of what it is a rate or an average. */
  of: string | null;
}

/** What is to be known of a report to compare its rows. */
export interface ComparedReport {
  key: readonly string[];
  main: string | null;
  figures: readonly Declared[];
  /** Columns that neither measure a row nor tell it from others. */
  named: readonly string[];
  times: { kind: 'series'; column: string; unit: string } | { kind: 'slots'; weekday: string; hour: string } | null;
}

interface Span {
  from: number;
  to: number;
}

type Row = Record<string, string | number | null>;

// ---------------------------------------------------------------------------------------------------------------
// Windows

/** What a clock shows, as text; at the first instant of a day midnight, whatever it shows. */
function clock(ms: number, zone: string): Temporal.PlainDateTime {
  const date = local(ms, zone).toPlainDate();
  return dayStart(date, zone) === ms ? date.toPlainDateTime('00:00') : local(ms, zone).toPlainDateTime();
}

const asUtc = (at: Temporal.PlainDateTime) => at.toZonedDateTime('UTC').epochMilliseconds;
const isEarlier = (one: Temporal.PlainDateTime, other: Temporal.PlainDateTime) =>
  Temporal.PlainDateTime.compare(one, other) < 0;
const quarter = 15 * MINUTE;

/** All instants at which a clock shows this; offsets are whole quarters of an hour. */
function instantsOf(at: Temporal.PlainDateTime, zone: string): number[] {
  const steps = Array.from({ length: 121 }, (_, step) => asUtc(at) + (step - 60) * quarter);
  return steps.filter((ms) => local(ms, zone).toPlainDateTime().equals(at));
}

/** The instant at which a clock showed the same so many days before; where it never did, the first at which it showed more. */
function daysBefore(ms: number, days: number, zone: string): number {
  const shown = clock(ms, zone);
  const wanted = shown.subtract({ days });
  const found = instantsOf(wanted, zone);
  const isSecond = instantsOf(shown, zone).some(
    (other) => other < ms && local(other, zone).toPlainDateTime().equals(shown),
  );
  if (found.length > 0) return isSecond ? Number(found.at(-1)) : Number(found[0]);
  let at = Math.floor((asUtc(wanted) - DAY) / quarter) * quarter;
  while (isEarlier(local(at, zone).toPlainDateTime(), wanted)) at += quarter;
  return at;
}

/** How long a clock takes from one end to the other. */
const clockLength = ({ from, to }: Span, zone: string) => asUtc(clock(to, zone)) - asUtc(clock(from, zone));

interface Windows {
  kind: string;
  whole: Span;
  current: Span;
  other: Span;
  until: number | null;
  isSameLength: boolean;
}

function windowsOf(question: Question, own: Span, compare: string): Windows {
  const { zone, now } = question;
  const { from, to } = own;
  const length = clockLength(own, zone);
  const isWholeDays = length > 0 && length % DAY === 0;
  const given = compare.includes('..');
  let whole: Span;
  /** By how many days clocks are behind; null where the time that passed counts. */
  let behind: number | null = null;
  if (given) {
    const [first = '', last = ''] = compare.split('..');
    whole = readSpan(first, last, zone);
    const [one, other] = [clock(from, zone), clock(whole.from, zone)];
    if (one.toPlainTime().equals(other.toPlainTime())) behind = (asUtc(one) - asUtc(other)) / DAY;
  } else if (compare === 'previous') {
    if (isWholeDays) behind = length / DAY;
    whole = { from: behind === null ? from - (to - from) : daysBefore(from, behind, zone), to: from };
  } else {
    let weeks = compare === 'year' ? 52 : 1;
    while (compare === 'week' && weeks * 7 * DAY < length) weeks += 1;
    behind = 7 * weeks;
    whole = { from: daysBefore(from, behind, zone), to: daysBefore(to, behind, zone) };
    if (whole.to <= whole.from) {
      whole.to = whole.from + (to - from);
      behind = null;
    }
  }
  const kind = given ? 'given' : compare;
  const isSameLength = to - from === whole.to - whole.from || length === clockLength(whole, zone);
  if (to <= now && whole.to <= now) return { kind, whole, current: own, other: whole, until: null, isSameLength };

  const { campaign } = question.filters;
  /** How far calls go in a window that has not ended. */
  const reachIn = (span: Span): number => {
    const starts = question.tenant.calls
      .filter((call) => (campaign === null || call.campaign === campaign) && call.at <= now && call.at >= span.from)
      .map((call) => call.at);
    return Math.max(starts.length === 0 ? now : Math.min(now, Math.max(...starts) + 1), span.from);
  };
  let [until, cut] = [to, whole.to];
  if (to > now) {
    const own = reachIn({ from, to });
    until = Math.min(until, own);
    cut = Math.min(cut, behind === null ? whole.from + (own - from) : daysBefore(own, behind, zone));
  }
  if (whole.to > now) {
    const others = reachIn(whole);
    cut = Math.min(cut, others);
    until = Math.min(until, behind === null ? from + (others - whole.from) : daysBefore(others, -behind, zone));
  }
  until = Math.max(until, from);
  const other = { from: whole.from, to: Math.max(cut, whole.from) };
  return { kind, whole, current: { from, to: until }, other, until, isSameLength };
}

// ---------------------------------------------------------------------------------------------------------------
// Rows

/** Every label that an instant of the span has. */
function labelsOf({ from, to }: Span, zone: string, unit: string): Set<string> {
  const labels = new Set<string>();
  if (from >= to) return labels;
  for (let at = Math.ceil(from / quarter) * quarter; at < to; at += quarter) labels.add(bucketLabel(at, zone, unit));
  return labels.add(bucketLabel(from, zone, unit));
}

/** The first hour, or day, of a bucket, as a clock shows it. */
function startOf(label: string): Temporal.PlainDateTime {
  const week = /^(\d{4})-W(\d\d)$/.exec(label);
  if (!week) return Temporal.PlainDateTime.from(label.replace(' ', 'T'));
  const january = Temporal.PlainDate.from(`${week[1]}-01-04`);
  const monday = january.subtract({ days: january.dayOfWeek - 1 });
  return monday.add({ weeks: Number(week[2]) - 1 }).toPlainDateTime('00:00');
}

/** What the first bucket of a window begins with: of hours, its first day. */
const originOf = ({ from }: Span, zone: string, unit: string) =>
  startOf(bucketLabel(from, zone, unit === 'hour' ? 'day' : unit));

function labelAt(origin: Temporal.PlainDateTime, milliseconds: number, unit: string): string {
  return bucketLabel(asUtc(origin.add({ milliseconds })), 'UTC', unit);
}

const distance = (origin: Temporal.PlainDateTime, label: string) => asUtc(startOf(label)) - asUtc(origin);

/** The sums that stand behind averages and shares without being shown. */
function hiddenOf(name: string, key: Row, rows: readonly Row[], question: Question, span: Span): number {
  if (name === 'all_disposed') return rows.reduce((sum, row) => sum + Number(row.count), 0);
  const calls = question.tenant.calls.filter(
    (call) =>
      call.at >= span.from &&
      call.at < span.to &&
      passes(call, question.filters) &&
      (key.agent_id === undefined || call.agent === key.agent_id),
  );
  if (name === 'handled_calls') return count(calls, isHandled);
  throw new Error(`say in test/oracle/plain/comparison.ts what ${name} counts`);
}

/** part / whole to the nearest whole number, halves away from zero. */
function nearest(part: bigint, whole: bigint): bigint {
  const twice = 2n * part + (part < 0n ? -whole : whole);
  return twice / (2n * whole);
}

const inDecimals = (value: string | number | null, digits: number) =>
  BigInt(Number(value).toFixed(digits).replace('.', ''));

/** The comparison that a valid ask gets. */
export function comparison(world: World, ask: Ask, report: ComparedReport): unknown {
  const question = readAsk(world, ask);
  const { zone, params, now } = question;
  const compare = parameter(params, 'compare') ?? '';
  const own = ownWindow(question, report);
  const windows = windowsOf(question, own, compare);
  const rowsOf = (span: Span): Row[] => {
    if (span.from >= span.to) return [];
    const data = answerTo(ask.report, { ...question, window: span }) as Row | Row[] | Record<string, Row>;
    return [report.main === null ? data : (data as Record<string, Row>)[report.main]].flat() as Row[];
  };
  const data = rowsOf(own);
  const [present, past] = [rowsOf(windows.current), rowsOf(windows.other)];
  const { times } = report;
  const [origin, originThere] =
    times?.kind === 'series' ? [own, windows.other].map((span) => originOf(span, zone, times.unit)) : [];
  const compared = times?.kind === 'series' ? labelsOf(windows.current, zone, times.unit) : new Set<string>();
  const keyOf = (row: Row): Row => Object.fromEntries(report.key.map((name) => [name, row[name] ?? null]));
  /** The key that a row of the other window has in this one. */
  const moved = (row: Row): Row => {
    if (times?.kind !== 'series' || !origin || !originThere) return keyOf(row);
    return { [times.column]: labelAt(origin, distance(originThere, String(row[times.column])), times.unit) };
  };
  const same = (one: Row, other: Row) => report.key.every((name) => one[name] === other[name]);
  const hoursOf = (span: Span) => (times?.kind === 'slots' ? [...labelsOf(span, zone, 'hour')].map(startOf) : []);
  const [hours, hoursThere] = [hoursOf(windows.current), hoursOf(windows.other)];
  const slots = (all: readonly Temporal.PlainDateTime[], key: Row): bigint => {
    if (times?.kind !== 'slots') return 1n;
    const hits = all.filter((at) => at.dayOfWeek % 7 === key[times.weekday] && at.hour === key[times.hour]);
    return BigInt(hits.length);
  };

  const movedPast = past.map(moved);
  const toRow = (key: Row, isGone: boolean) => {
    const here = present.find((row) => same(row, key));
    const there = past[movedPast.findIndex((other) => same(other, key))];
    const isCompared = isGone || times?.kind !== 'series' || compared.has(String(key[times.column]));
    const previous: Row = {};
    if (times?.kind === 'series' && isCompared && origin && originThere) {
      const label = labelAt(originThere, distance(origin, String(key[times.column])), times.unit);
      if (label !== key[times.column]) previous[times.column] = label;
    }
    const [n, m] = [slots(hours, key), slots(hoursThere, key)];
    const change: Record<string, number | null> = {};
    const better: Record<string, boolean | null> = {};
    for (const { name, unit, better: direction, digits, zero, of } of report.figures) {
      const [after, before] = [here?.[name] ?? zero, there?.[name] ?? zero];
      previous[name] = before;
      const wholes = [
        [here, present, windows.current],
        [there, past, windows.other],
      ] as const;
      const isOfNothing = wholes.some(([row, rows, span]) => {
        if (of === null) return false;
        const isShown = report.figures.some((figure) => figure.name === of);
        return isShown ? Number(row?.[of] ?? 0) === 0 : hiddenOf(of, key, rows, question, span) === 0;
      });
      const [a, b] = [inDecimals(after, digits), inDecimals(before, digits)];
      let changed: number | null = null;
      if (isCompared && !isOfNothing) {
        if (unit === 'seconds' || unit === 'percent') changed = Number(a - b) / 10 ** digits;
        else if (b * n !== 0n) changed = Number(nearest(10_000n * (a * m - b * n), b * n)) / 100;
      }
      change[name] = changed;
      better[name] =
        changed === null || changed === 0 || direction === 'neither' ? null : changed > 0 === (direction === 'more');
    }
    return { key, previous, change, better };
  };

  const gone = past.filter((row) => !data.some((other) => same(other, moved(row))));
  const isCut = windows.other.to !== windows.whole.to;
  return {
    window: {
      kind: windows.kind,
      from: iso(windows.other.from),
      to: iso(windows.other.to),
      whole: isCut ? { from: iso(windows.whole.from), to: iso(windows.whole.to) } : null,
      compared_until: windows.until === null ? null : iso(windows.until),
      is_same_length: windows.isSameLength,
    },
    rows: [
      ...data.map((row) => toRow(keyOf(row), false)),
      ...gone.map((row) => ({
        ...toRow(moved(row), true),
        named: Object.fromEntries(report.named.map((name) => [name, row[name]])),
      })),
    ],
  };

  function ownWindow({ tenant, filters }: Question, { main }: ComparedReport): Span {
    if (main === null) return readSpan(parameter(params, 'date_from') ?? '', parameter(params, 'date_to') ?? '', zone);
    const id = filters.campaign ?? 0;
    const campaign = tenant.campaigns.get(id) ?? readCampaign({ campaign_id: id, name: `Campaign ${id}` });
    const asOf = parameter(params, 'as_of');
    const to = asOf === null ? now : instant(asOf);
    return { from: to - campaign.windowMinutes * MINUTE, to };
  }
}
