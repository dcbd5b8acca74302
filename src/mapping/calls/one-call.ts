/** Which rows are one call: a law about pairs of rows. */

/** A row, by what ties it to others: rows with one id are one dial, whatever else they are. */
export interface Tied {
  id: string;
  /** When it began. */
  at: number;
  /** Its texts of columns that are alike in the parts of a call, column by column; '' ties nothing. */
  same: readonly string[];
  /** Names of other rows that it leads to, such as the channel that it called. */
  leads: readonly string[];
  /** Its own names, by which others lead to it. */
  led: readonly string[];
}

// What is more is no call that somebody made. These keep the work in proportion to the rows, whatever they hold.
const [mostPairs, mostNear, mostEnds] = [256, 4, 4];

/** Rows of one dial that have the same texts: a dial that is tried over several trunks calls several channels. */
interface Try {
  at: number;
  same: readonly string[];
  leads: Set<string>;
  led: Set<string>;
}

/** Rows that are one call, as far as is known. */
interface Call<Row> {
  /** Its place among all, by when it began and its id: what is decided by it is decided alike for any order of lines. */
  place: number;
  rows: Row[];
  tries: Try[];
  /** What all of its rows have in a column, when it is the same text. */
  only: (string | undefined)[];
  first: number;
  last: number;
  isIn?: Call<Row>;
}

/**
 * Puts rows together that are one call. In a call any two dials are tied: by a text of a `same` column, if they begin within so
 * many milliseconds of each other, or because the one leads to the other. No row joins two that are not tied themselves: tied to
 * both, it goes with the one by a link, then by the earlier column of `same`, then with the one that began last. Who is led to by rows that
 * are not one call, or leads to such, belongs to neither.
 */
export function toCalls<Row extends Tied>(rows: readonly Row[], withinMs = Number.POSITIVE_INFINITY): Row[][] {
  const dials = toDials(rows);
  joinLinked(dials, withinMs);
  let calls = dials.filter(({ isIn }) => isIn === undefined);
  for (const column of rows[0]?.same.keys() ?? []) calls = joinSame(calls, column, withinMs);
  return calls.map((call) => call.rows);
}

function toDials<Row extends Tied>(rows: readonly Row[]): Call<Row>[] {
  const dials = new Map<string, Row[]>();
  for (const row of rows) {
    const dial = dials.get(row.id);
    if (dial) dial.push(row);
    else dials.set(row.id, [row]);
  }
  const begun = [...dials].map(([id, own]) => ({
    id,
    own,
    at: own.reduce((at, row) => Math.min(at, row.at), Infinity),
  }));
  begun.sort((one, other) => one.at - other.at || (one.id < other.id ? -1 : 1));
  return begun.map(({ own }, place) => {
    const tries = toTries(own);
    return {
      place,
      rows: own,
      tries,
      only: (tries[0]?.same ?? []).map((text, column) =>
        text !== '' && tries.every(({ same }) => same[column] === text) ? text : undefined,
      ),
      first: tries.reduce((at, one) => Math.min(at, one.at), Infinity),
      last: tries.reduce((at, one) => Math.max(at, one.at), -Infinity),
    };
  });
}

function toTries(rows: readonly Tied[]): Try[] {
  const tries = new Map<string, Try>();
  for (const { at, same, leads, led } of rows) {
    const key = JSON.stringify(same);
    const one = tries.get(key) ?? { at, same, leads: new Set(), led: new Set() };
    one.at = Math.min(one.at, at);
    for (const name of leads) one.leads.add(name);
    for (const name of led) one.led.add(name);
    tries.set(key, one);
  }
  return [...tries.values()];
}

/** Joins each call with the one that began last before it among those with its text that it may be joined with. */
function joinSame<Row>(calls: readonly Call<Row>[], column: number, withinMs: number): Call<Row>[] {
  const near = new Map<string, Call<Row>[]>();
  const kept: Call<Row>[] = [];
  for (const call of calls) {
    const texts = [...new Set(call.tries.map(({ same }) => same[column] ?? ''))].filter((text) => text !== '');
    const found = [...new Set(texts.flatMap((text) => near.get(text) ?? []))]
      .sort((one, other) => other.place - one.place)
      .slice(0, mostNear)
      .find((one) => areOne(one, call, withinMs));
    if (found) join(found, call);
    else kept.push(call);
    const target = found ?? call;
    for (const text of texts) {
      const others = (near.get(text) ?? []).filter((one) => one !== target);
      near.set(text, [...others, target].slice(-mostNear));
    }
  }
  return kept;
}

/** Joins calls over the names by which the one leads to the other. A name in calls that are not one is nobody's: an agent's channel. */
function joinLinked<Row>(calls: readonly Call<Row>[], withinMs: number): void {
  const ends = new Map<string, { leads: Set<Call<Row>>; led: Set<Call<Row>> }>();
  const endsOf = (name: string) => {
    const known = ends.get(name) ?? { leads: new Set(), led: new Set() };
    ends.set(name, known);
    return known;
  };
  for (const call of calls) {
    for (const { leads, led } of call.tries) {
      for (const name of leads) endsOf(name).leads.add(call);
      for (const name of led) endsOf(name).led.add(call);
    }
  }
  const tied = [...ends.values()]
    .filter(({ leads, led }) => leads.size > 0 && led.size > 0)
    .map(({ leads, led }) => [...new Set([...leads, ...led])].sort((one, other) => one.place - other.place))
    .filter(({ length }) => length > 1 && length <= mostEnds)
    .sort((one, other) => comparePlaces(one, other));
  for (const own of tied) {
    const [earliest, ...others] = [...new Set(own.map(whole))].sort((one, other) => one.place - other.place);
    const all = earliest ? [earliest, ...others] : [];
    if (!all.every((one, at) => all.slice(at + 1).every((other) => areOne(one, other, withinMs)))) continue;
    for (const other of others) if (earliest) join(earliest, other);
  }
}

function comparePlaces(one: readonly { place: number }[], other: readonly { place: number }[]): number {
  const at = one.findIndex(({ place }, index) => place !== other[index]?.place);
  return at < 0 ? one.length - other.length : (one[at]?.place ?? 0) - (other[at]?.place ?? Infinity);
}

function whole<Row>(call: Call<Row>): Call<Row> {
  let found = call;
  while (found.isIn) found = found.isIn;
  return found;
}

function join<Row>(call: Call<Row>, other: Call<Row>): void {
  other.isIn = call;
  for (const row of other.rows) call.rows.push(row);
  for (const one of other.tries) call.tries.push(one);
  call.only = call.only.map((text, column) => (text === other.only[column] ? text : undefined));
  call.first = Math.min(call.first, other.first);
  call.last = Math.max(call.last, other.last);
}

/** Whether every dial of the one is tied to every one of the other. */
function areOne<Row>(one: Call<Row>, other: Call<Row>, withinMs: number): boolean {
  const isNear = Math.max(one.last, other.last) - Math.min(one.first, other.first) <= withinMs;
  if (isNear && one.only.some((text, column) => text !== undefined && text === other.only[column])) return true;
  if (one.tries.length * other.tries.length > mostPairs) return false;
  return one.tries.every((own) => other.tries.every((another) => areTied(own, another, withinMs)));
}

function areTied(one: Try, other: Try, withinMs: number): boolean {
  if (meet(one.leads, other.led) || meet(other.leads, one.led)) return true;
  return Math.abs(one.at - other.at) <= withinMs && one.same.some((text, at) => text !== '' && text === other.same[at]);
}

function meet(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  const [few, many] = one.size < other.size ? [one, other] : [other, one];
  for (const name of few) if (many.has(name)) return true;
  return false;
}
