/** What each line of a file becomes by a mapping: a row, a bad row, or one that is left out. */
import { shorten } from '../document/short.ts';
import type { NameKind } from '../ingest/names.ts';
import { mayBePhone } from '../ingest/phone-like.ts';
import { watchLegs } from './calls/both-legs.ts';
import { toGoingOnOf, toTalkFromOf } from './calls/going-on.ts';
import type { BadPart, MadeRow } from './calls/part.ts';
import { type KeyedTies, toTiesOf } from './calls/ties.ts';
import type { Mapping } from './language/mapping.ts';
import { namedColumns, phoneColumns } from './language/rule-columns.ts';
import type { RecordSource, SourceRecord } from './source/record.ts';
import { MappedTally, toReadable } from './tally.ts';
import { type Fields, toHolds } from './values/conditions.ts';
import { type Making, toMakings } from './values/makings.ts';
import { openNumbers } from './values/numbers.ts';
import type { HashPhone } from './values/phone-hash.ts';

/** A row that can't be taken: its line, what is wrong by column, and the texts that are to blame and may be shown. */
export interface BadRow {
  line: number;
  faults: { field: string; reason: string }[];
  row: Record<string, string>;
}

/** What became of a line of the file. */
export type Converted =
  | { kind: 'row'; made: MadeRow; ties: KeyedTies; repeatedTimes: number }
  | {
      kind: 'skipped';
      line: number;
      because: string;
      values: readonly string[];
      goingOn?: { made: MadeRow; ties: KeyedTies };
    }
  | { kind: 'bad'; bad: BadRow; values: readonly string[]; part?: { bad: BadPart; ties: KeyedTies } };

/** Gives the ids of names. */
export type ResolveNames = (kind: NameKind, names: readonly string[]) => Promise<ReadonlyMap<string, string | number>>;

/** No field that says something of a call is longer. */
const longestField = 10_000;

// What a mapping makes of a few bytes may be many: rows are handed on before they fill the memory.
const mostBatchBytes = 1024 ** 2;

/** Makes rows of ours from the rows of a file. */
export interface Conversion {
  tally: MappedTally;
  makings: readonly Making[];
  /** What became of each line, in batches and in order. */
  batches(): AsyncGenerator<Converted[]>;
  /** Throws UnreadableFile when what was read would count calls twice. */
  assertOneLeg(): void;
}

/** Opens the conversion of a file. Nothing is read yet. */
export function openConversion(
  mapping: Mapping,
  source: RecordSource,
  { hash, resolveNames }: { hash?: HashPhone | undefined; resolveNames: ResolveNames },
): Conversion {
  const positions = new Map(source.columns.map((column, position) => [column, position]));
  const positionOf = (column: string) => positions.get(column) ?? -1;
  const read = [...new Set(namedColumns(mapping).map(([column]) => column))].map(
    (column) => [column, positionOf(column)] as const,
  );
  const tally = MappedTally.open(mapping, positionOf);
  const readNumber = openNumbers(mapping.numbers);
  const makings = toMakings(mapping, positionOf, hash);
  const skips = (mapping.skip ?? []).map(({ when, because }) => ({
    holds: toHolds(when, positionOf, readNumber),
    because,
  }));
  const toTies = toTiesOf(mapping, positionOf);
  const toGoingOn = toGoingOnOf(mapping, makings);
  const toTalkFrom = toTalkFromOf(mapping, positionOf);
  const legs = watchLegs(mapping, source.columns, positionOf);
  const keep = toKeep(mapping, positionOf);

  /** A part of which nothing is known but whose it is. */
  const unknownPart = (fields: Fields, line: number) => ({
    bad: { line, row: {}, isResultAlone: false },
    ties: toTies(fields, line),
  });

  const convert = ({ line, startsOn, fields, fault, field }: SourceRecord): Converted => {
    // A record that is told by its number may have to be found.
    const place: Record<string, string> = startsOn === undefined ? {} : { '(line)': String(startsOn) };
    const unreadable = (field: string, reason: string) => ({
      kind: 'bad' as const,
      bad: { line, faults: [{ field, reason }], row: place },
      values: tally.columns.map(() => '(unreadable)'),
    });
    if (fault !== undefined) {
      if (field !== undefined) return { ...unreadable(shorten(field), fault), part: unknownPart(fields, line) };
      return unreadable(startsOn === undefined ? '(line)' : '(record)', fault);
    }
    // Before anything looks into it.
    const tooLong = read.find(([, position]) => (fields[position]?.length ?? 0) > longestField);
    if (tooLong) {
      const found = unreadable(shorten(tooLong[0]), `has more than ${longestField} characters`);
      return { ...found, part: unknownPart(fields, line) };
    }
    const values = tally.valuesOf(fields);
    const skip = skips.find(({ holds }) => holds(fields));
    if (skip) {
      const ties = toTies(fields, line);
      const goingOn = ties.led.length > 0 && toGoingOn(fields);
      const made = goingOn && { goingOn: { made: { line, values, row: goingOn, ...toTalkFrom(fields) }, ties } };
      return { kind: 'skipped', line, because: skip.because, values, ...made };
    }
    const row: MadeRow['row'] = {};
    const faults: BadRow['faults'] = [];
    const texts: Record<string, string> = { ...place };
    let isResultAlone = true;
    let repeatedTimes = 0;
    for (const { column, shown, sources, make } of makings) {
      const made = make(fields);
      if (typeof made === 'string') {
        if (made !== '') row[column] = made;
      } else if ('fault' in made) {
        faults.push({ field: shown, reason: made.fault });
        Object.assign(texts, keep(sources, fields));
        isResultAlone &&= results.includes(column);
      } else if ('name' in made) row[column] = made.name;
      else {
        row[column] = made.text;
        repeatedTimes++;
      }
    }
    const ties = toTies(fields, line);
    if (faults.length > 0) {
      const known = Object.fromEntries(Object.entries(row).filter(([column]) => knownOfBad.includes(column)));
      const part = { bad: { line, row: known, isResultAlone }, ties };
      return { kind: 'bad', bad: { line, faults, row: texts }, values, part };
    }
    legs.see(fields);
    return { kind: 'row', made: { line, values, row, ...toTalkFrom(fields) }, ties, repeatedTimes };
  };

  const named = makings.flatMap(({ column, kind }) => (kind ? [{ column, kind }] : []));
  const resolve = async (batch: readonly Converted[]) => {
    const rows = batch.flatMap((one) => (one.kind === 'row' ? [one.made.row] : []));
    for (const { column, kind } of named) {
      const names = new Set(rows.flatMap((row) => (row[column] === undefined ? [] : [String(row[column])])));
      if (names.size === 0) continue;
      // Of their own: a name that is cut from the file's text, and remembered, would hold on to all of it.
      const ids = await resolveNames(kind, JSON.parse(JSON.stringify([...names])) as string[]);
      for (const row of rows) {
        const id = ids.get(String(row[column]));
        if (row[column] !== undefined && id !== undefined) row[column] = id;
      }
    }
  };

  return {
    tally,
    makings,
    assertOneLeg: legs.assertOneLeg,
    async *batches() {
      for await (const records of source.rows) {
        let batch: Converted[] = [];
        let bytes = 0;
        for (const record of records) {
          const one = convert(record);
          batch.push(one);
          bytes += bytesOf(one);
          if (bytes <= mostBatchBytes) continue;
          await resolve(batch);
          yield batch;
          [batch, bytes] = [[], 0];
        }
        await resolve(batch);
        yield batch;
      }
    },
  };
}

/** About how many bytes are written of what became of a line. */
export function bytesOf(one: Converted): number {
  if (one.kind === 'skipped') return one.goingOn ? 64 : 0;
  const texts = one.kind === 'row' ? one.made.row : one.bad.row;
  let bytes = 64;
  for (const [name, value] of Object.entries(texts)) bytes += name.length + Buffer.byteLength(String(value)) + 6;
  if (one.kind === 'bad') {
    for (const { field, reason } of one.bad.faults) bytes += Buffer.byteLength(field) + Buffer.byteLength(reason) + 24;
  }
  return bytes;
}

// How a call went. What is wrong with these of a part says nothing against the rest of it.
const results = ['outcome', 'block_reason', 'disposition_code', 'is_conversion', 'talk_sec', 'hold_sec', 'wrap_sec'];
const knownOfBad = ['call_id', 'started_at', 'outcome'];

/** The texts of a bad row that may be kept: none that is a phone number, or may be one. */
function toKeep(mapping: Mapping, positionOf: (column: string) => number) {
  const phones = phoneColumns(mapping);
  return (columns: readonly string[], fields: Fields): Record<string, string> =>
    Object.fromEntries(
      columns.flatMap((column) => {
        const text = fields[positionOf(column)] ?? '';
        return phones.has(column) || text === '' || mayBePhone(text) ? [] : [[column, toReadable(text, 100)]];
      }),
    );
}
