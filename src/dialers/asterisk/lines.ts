/** Writes a row of the table as a line of Asterisk's CSV, with what ties it to others. */
import { cleanText } from '../../clean-text.ts';
import type { Mapping } from '../../mapping/language/mapping.ts';
import { asList } from '../../mapping/language/rule-columns.ts';
import type { ReadLocal } from '../local-time.ts';
import type { CdrRow } from './columns.ts';
import type { CdrLine } from './groups.ts';
import { toCallIdOf } from './mapping.ts';
import type { CdrReader } from './source.ts';

const dayMs = 86_400_000;
// No channel lives longer; an id of another age is none that its time was made of.
const mostDays = 60;

/** Opens the writing of rows as lines of the CSV that a mapping reads. */
export function toLineOf(mapping: Mapping, reader: CdrReader, readLocal: ReadLocal): (row: CdrRow) => CdrLine {
  const present = reader.columns.slice(0, reader.present);
  const toId = toCallIdOf(mapping, reader);
  const tied = [...new Set(['uniqueid', ...asList(mapping.merge?.by)])].filter(
    (name) => name === 'uniqueid' || present.some((column) => column.name === name),
  );
  return (row) => {
    const fields = present.map(({ toText }) => cleanText(toText(row)));
    const textOf = (name: string) => cleanText(String(row[name] ?? ''));
    return {
      at: row.calldate.slice(0, 19),
      line: `${fields.map(quote).join(',')}\n`,
      id: toId(fields),
      ties: tied.flatMap((name) => (textOf(name) === '' ? [] : [toTie(textOf(name), row, readLocal)])),
    };
  };
}

/**
 * An agent's channel may live for days and give its id to every call. No call is as long: of an id that was made more than a
 * day before a row, it is the day that ties rows.
 */
function toTie(id: string, { calldate }: CdrRow, readLocal: ReadLocal): string {
  const madeAt = toEpoch(id);
  const age = madeAt === undefined ? 0 : (readLocal(calldate) ?? 0) - madeAt;
  return age > dayMs && age < mostDays * dayMs ? `${id} ${calldate.slice(0, 10)}` : id;
}

/** When a unique id was made, in epoch milliseconds: `1791277200.11`, with or without the system's name before it. */
export function toEpoch(id: string): number | undefined {
  const [, seconds] = /(?:^|-)(\d{9,10})\.\d+$/.exec(id) ?? [];
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}

// A line is a row, so that a refused one can be found.
const quote = (text: string) => `"${text.replaceAll('"', '""').replace(/[\r\n]+/g, ' ')}"`;
