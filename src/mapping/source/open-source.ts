/** From the bytes of another system's file to its records: decoded, its header held against the mapping. */
import { cleanText } from '../../clean-text.ts';
import { toJsonPath } from '../../document/fault.ts';
import { quoted } from '../../document/short.ts';
import { UnreadableFile } from '../../errors.ts';
import { findRepeated } from '../../ingest/header.ts';
import { assertPlain } from '../../ingest/layout.ts';
import { inPieces } from '../../ingest/pieces.ts';
import { isJson, unknownColumns } from '../language/file-faults.ts';
import type { Mapping } from '../language/mapping.ts';
import type { SourceFile } from '../language/source-file.ts';
import { readRecords } from './csv-records.ts';
import { openJsonSource } from './json-source.ts';
import type { RecordSource, SourceRecord } from './record.ts';

/** Reads the file that a mapping is about. Throws UnreadableFile when it is another one. */
export async function openRecordSource(mapping: Mapping, bytes: AsyncIterable<Uint8Array>): Promise<RecordSource> {
  const { file = {} } = mapping;
  if (isJson(mapping)) return openJsonSource(mapping, decode(bytes, file.encoding ?? 'utf-8'));
  const { delimiter = ',', quote = '"', inner_quotes: innerQuotes = 'doubled', skip_lines: skipLines = 0 } = file;
  const text = noJson(decode(bytes, file.encoding ?? 'utf-8'));
  const batches = readRecords(text, { delimiter, quote: quote === 'none' ? '' : quote, innerQuotes }, skipLines);
  if (file.columns) return { columns: file.columns, rows: toRows(batches, [], file.columns.length, file) };
  const first = await batches.next();
  const [header, ...others] = first.done ? [] : first.value;
  if (!header) throw new UnreadableFile('The file is empty.');
  if (header.fault) throw new UnreadableFile(`The header ${header.fault}.`);
  const columns = header.fields.map(cleanText);
  assertHeader(mapping, columns);
  return { columns, rows: toRows(batches, others, columns.length, file) };
}

function assertHeader(mapping: Mapping, columns: readonly string[]): void {
  const [twice] = findRepeated(columns);
  if (twice !== undefined) {
    throw new UnreadableFile(
      `The header names ${quoted(twice)} more than once. Name the columns by position in the mapping (file.columns), and pass the header over (file.skip_lines).`,
    );
  }
  const [unknown, ...others] = unknownColumns(mapping, columns);
  if (!unknown) return;
  // Without a header, the first row passes for one: it may hold anything.
  if (columns.some((column) => /[0-9]{4}/.test(column))) {
    throw new UnreadableFile(
      'The first line is no header: it has values in it. Name the columns by position in the mapping (file.columns).',
    );
  }
  const more = others.length > 0 ? ` So it is with ${others.length} more.` : '';
  throw new UnreadableFile(`The mapping does not fit at ${toJsonPath(unknown.place)}: ${unknown.message}${more}`);
}

async function* toRows(
  batches: AsyncGenerator<SourceRecord[]>,
  first: readonly SourceRecord[],
  columns: number,
  file: SourceFile,
): AsyncGenerator<SourceRecord[]> {
  const fewest = file.fewest ?? columns;
  const toRow = ({ line, fields, fault }: SourceRecord): SourceRecord => {
    const found = fault ?? faultInCount(fields.length, fewest, columns);
    return found === undefined ? { line, fields: fields.map(cleanText) } : { line, fields, fault: found };
  };
  if (first.length > 0) yield first.map(toRow);
  for await (const batch of batches) yield batch.map(toRow);
}

function faultInCount(count: number, fewest: number, most: number): string | undefined {
  if (count >= fewest && count <= most) return undefined;
  const wanted = fewest === most ? String(most) : `${fewest} to ${most}`;
  return `has ${count} ${count === 1 ? 'field' : 'fields'}, not ${wanted}`;
}

/** The same text. Throws UnreadableFile when it is JSON: read as CSV, its quotes would be to blame for everything. */
async function* noJson(text: AsyncIterable<string>): AsyncGenerator<string> {
  let isFirst = true;
  for await (const chunk of text) {
    if (isFirst && /^\s*(?:\[\s*)?[{]\s*(?:"[^"]*"\s*:|[}]|$)/.test(chunk.slice(0, 1000))) {
      const format = /^\s*[{].*[}]\s*$/m.test(chunk.split('\n', 1)[0] ?? '') ? 'ndjson' : 'json';
      throw new UnreadableFile(
        `The file is JSON. Say so in the mapping: "file": { "format": "${format}" }${format === 'json' ? '' : ', which reads one object a line'}.`,
      );
    }
    isFirst = false;
    yield chunk;
  }
}

/** The text of a file as it comes. What is not valid in its encoding becomes U+FFFD, so that only rows that need it are bad. */
async function* decode(bytes: AsyncIterable<Uint8Array>, encoding: string): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding);
  let isFirst = true;
  for await (const chunk of inPieces(bytes)) {
    const text = decoder.decode(chunk, { stream: true });
    if (isFirst) assertText(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length), text, encoding);
    isFirst = false;
    yield text;
  }
  if (isFirst) throw new UnreadableFile('The file is empty.');
  yield decoder.decode();
}

function assertText(head: Buffer, text: string, encoding: string): void {
  assertPlain(head);
  const isUtf16 = /^utf-?16/i.test(encoding);
  const start = head.subarray(0, 2).toString('latin1');
  if (!isUtf16 && (start === '\xff\xfe' || start === '\xfe\xff')) {
    const name = start === '\xff\xfe' ? 'utf-16le' : 'utf-16be';
    throw new UnreadableFile(`The file is UTF-16. Say so in the mapping: "file": { "encoding": "${name}" }.`);
  }
  if (text.includes('\0')) {
    throw new UnreadableFile(`The file is no text in ${encoding}. Say its encoding in the mapping (file.encoding).`);
  }
  if (!text.includes('\n') && text.includes('\r') && text.indexOf('\r') < text.length - 1) {
    throw new UnreadableFile('The lines end with CR alone. Save the file with LF or CRLF line ends.');
  }
}
