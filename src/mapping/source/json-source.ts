/** Reads a file of JSON objects as records. */
import type { Place } from '../../document/fault.ts';
import { didYouMean } from '../../document/suggestion.ts';
import { UnreadableFile } from '../../errors.ts';
import type { Mapping } from '../language/mapping.ts';
import { namedColumns } from '../language/rule-columns.ts';
import { pathsOf, toBranches } from './json-branches.ts';
import { readJsonLines } from './json-lines.ts';
import { JsonReader } from './json-reader.ts';
import { readJsonRecords } from './json-records.ts';
import type { RecordSource } from './record.ts';

// To suggest what was meant, so much of the beginning is looked at.
const mostSample = 256 * 1024;

/** Reads a file of JSON objects. Its columns are what the mapping names: an object says itself which fields it has. */
export function openJsonSource(mapping: Mapping, text: AsyncIterable<string>): RecordSource {
  const { format, percent_encoded: encoded = [] } = mapping.file ?? {};
  const named = namedColumns(mapping);
  const columns = [...new Set(named.map(([column]) => column))];
  const reader = new JsonReader(toBranches(columns, encoded), { width: columns.length, decimal: decimalOf(mapping) });
  const sample = { text: '' };
  const read = format === 'ndjson' ? readJsonLines : readJsonRecords;
  return {
    columns,
    rows: read(checked(text, format === 'ndjson', sample), reader),
    absent() {
      const seen = new Set(columns.filter((_, position) => reader.seen[position]));
      const absent = absentOf(named, seen);
      const known = absent.length === 0 ? [] : knownIn(sample.text);
      return absent.map((column) => ({ column, meant: didYouMean(column, known) }));
    },
  };
}

/** JSON's own numbers have a point before their decimals; what reads them expects the mapping's mark. */
function decimalOf({ numbers = {} }: Mapping): string {
  return numbers.decimal ?? (numbers.thousands === '.' ? ',' : '.');
}

/** The columns that no record has. Of several, of which the first that is not empty counts, one is enough. */
function absentOf(named: readonly [column: string, place: Place][], seen: ReadonlySet<string>): string[] {
  const groups = new Map<string, string[]>();
  for (const [column, place] of named) {
    const isOneOfSeveral = typeof place.at(-1) === 'number' && ['from', 'by'].includes(String(place.at(-2)));
    const key = JSON.stringify(isOneOfSeveral ? place.slice(0, -1) : place);
    groups.set(key, [...(groups.get(key) ?? []), column]);
  }
  const absent = [...groups.values()].filter((columns) => !columns.some((column) => seen.has(column)));
  return [...new Set(absent.flat())];
}

/** The paths of the first record in a text, as far as it can be read. */
function knownIn(text: string): string[] {
  const reader = new JsonReader(toBranches([], []), { width: 0, decimal: '.' });
  const from = text.indexOf('{');
  const first = from < 0 ? undefined : reader.read(text, from, true);
  return first?.kind === 'value' ? pathsOf(JSON.parse(text.slice(from, first.end))) : [];
}

/** The same text, whose beginning is kept. Throws UnreadableFile when it is written in another way. */
async function* checked(
  text: AsyncIterable<string>,
  isLines: boolean,
  sample: { text: string },
): AsyncGenerator<string> {
  for await (const chunk of text) {
    if (sample.text === '') assertJson(chunk, isLines);
    if (sample.text.length < mostSample) sample.text += chunk;
    yield chunk;
  }
}

/** Whether a text begins with an object that goes on behind the end of its first line. */
function isOverLines(start: string): boolean {
  const read = new JsonReader(toBranches([], []), { width: 0, decimal: '.' }).read(start, 0, false);
  if (read.kind === 'value') return start.slice(0, read.end).includes('\n');
  // A first line that breaks off before an object on the next is spoilt, and no more.
  return read.kind === 'cut' && /^[^\n]*\n\s*[^\s{]/.test(start);
}

function assertJson(head: string, isLines: boolean): void {
  const start = head.trimStart();
  if (!isLines) {
    if (start !== '' && !/^[[{]/.test(start)) {
      throw new UnreadableFile(
        'The file is no JSON: it begins with neither { nor [. For a CSV file, leave file.format out of the mapping.',
      );
    }
  } else if (start.startsWith('[') || isOverLines(start)) {
    throw new UnreadableFile(
      'The file is JSON, but not one object a line. Say so in the mapping: "file": { "format": "json" }.',
    );
  } else if (start !== '' && !/^[ \t\ufeff]*[{]/m.test(start)) {
    throw new UnreadableFile(
      'No line at the beginning of the file is a JSON object. For a CSV file, leave file.format out of the mapping.',
    );
  }
}
