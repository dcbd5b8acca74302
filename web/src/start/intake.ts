/** Files on their way in, and what became of them. */
import { sendFile } from '../api/send.ts';
import type { Reconciliation } from '../api/types.ts';
import { type Content, type Format, guessContent, isOfSystem, partsOf, type SystemName } from './guess.ts';

const mappings: Record<SystemName, () => Promise<{ default: object }>> = {
  'asterisk-cdr-csv': () => import('../../../examples/mappings/asterisk-cdr-csv.json'),
  'asterisk-cdr-custom': () => import('../../../examples/mappings/asterisk-cdr-custom.json'),
  'freeswitch-cdr-csv': () => import('../../../examples/mappings/freeswitch-cdr-csv.json'),
  'freeswitch-json-cdr': () => import('../../../examples/mappings/freeswitch-json-cdr.json'),
  'twilio-bulk-export': () => import('../../../examples/mappings/twilio-bulk-export.json'),
};

/** What a dialer's file does not say of itself. */
export interface DialerFacts {
  timezone: string;
  countryCode: string;
}

const headBytes = 4096;

/** Looks into a file, for what is probably in it. */
export async function lookInto(file: File): Promise<Content | undefined> {
  const { stem, format, isPacked } = partsOf(file.name);
  if (format === 'parquet') return guessContent(stem, '');
  return guessContent(stem, await readHead(file, isPacked));
}

async function readHead(file: File, isPacked: boolean): Promise<string> {
  if (!isPacked) return file.slice(0, headBytes).text();
  const reader = file.stream().pipeThrough(new DecompressionStream('gzip')).getReader();
  const { value } = await reader.read();
  await reader.cancel();
  return new TextDecoder().decode(value?.slice(0, headBytes));
}

const types: Record<Format, string> = {
  csv: 'text/csv',
  ndjson: 'application/x-ndjson',
  json: 'application/json',
  parquet: 'application/vnd.apache.parquet',
};

/** Brings a file in. Throws what the server says. */
export async function bringIn(
  file: File,
  content: Content,
  facts: DialerFacts,
  onProgress: (share: number) => void,
): Promise<Reconciliation> {
  const { format = 'csv', isPacked } = partsOf(file.name);
  const send = (path: string, headers: Record<string, string>, body: Blob) =>
    sendFile<{ data: Reconciliation }>(path, { headers, body, onProgress }).then(({ data }) => data);
  if (!isOfSystem(content)) {
    const packed: Record<string, string> = isPacked ? { 'content-encoding': 'gzip' } : {};
    return send(`/api/telesales/ingest/${content}`, { 'content-type': types[format], ...packed }, file);
  }
  const mapping = adapt((await mappings[content]()).default, facts);
  const plain = isPacked ? await unpack(file) : file;
  const body = new Blob([JSON.stringify(mapping), '\n', plain]);
  return send('/api/telesales/ingest/mapped', { 'content-type': 'application/octet-stream' }, body);
}

const unpack = (file: File): Promise<Blob> =>
  new Response(file.stream().pipeThrough(new DecompressionStream('gzip'))).blob();

/** A shipped mapping with the zone and the country of whoever has the file, wherever it asks for one. */
export function adapt(mapping: unknown, { timezone, countryCode }: DialerFacts): unknown {
  const own: Record<string, string> = { timezone, country_code: countryCode };
  return JSON.parse(JSON.stringify(mapping), (name, value) =>
    Object.hasOwn(own, name) && typeof value === 'string' ? own[name] : value,
  );
}
