/** Files on their way in: what may be in one, how that is guessed, and what became of it. */
import { askJson } from '../api/client.ts';

/** The tables of our own, in the order in which they are best brought in. */
export const tables = ['campaigns', 'teams', 'agents', 'dispositions', 'caller_ids', 'leads', 'calls'] as const;

/** Exports of other systems that a shipped mapping reads. */
export const systems = {
  'asterisk-cdr-csv': {
    title: 'Asterisk Master.csv',
    load: () => import('../../../examples/mappings/asterisk-cdr-csv.json'),
  },
  'asterisk-cdr-custom': {
    title: 'Asterisk cdr_custom',
    load: () => import('../../../examples/mappings/asterisk-cdr-custom.json'),
  },
  'freeswitch-cdr-csv': {
    title: 'FreeSWITCH cdr-csv',
    load: () => import('../../../examples/mappings/freeswitch-cdr-csv.json'),
  },
  'freeswitch-json-cdr': {
    title: 'FreeSWITCH JSON CDR',
    load: () => import('../../../examples/mappings/freeswitch-json-cdr.json'),
  },
  'twilio-bulk-export': {
    title: 'Twilio bulk export',
    load: () => import('../../../examples/mappings/twilio-bulk-export.json'),
  },
} as const;

/** What a file holds: one of our tables, or an export of another system. */
export type Content = (typeof tables)[number] | keyof typeof systems;

/** What became of a file. */
export interface Reconciliation {
  rows_read: number;
  taken_in: number;
  refused: number;
  unknown_columns?: string[];
  first_refused?: { line: number; faults: { field: string; reason: string }[] }[];
}

const isOfSystem = (content: Content): content is keyof typeof systems => Object.hasOwn(systems, content);

// What only one table has, the surest first.
const marks: [column: string, table: (typeof tables)[number]][] = [
  ['call_id', 'calls'],
  ['lead_id', 'leads'],
  ['daily_cap', 'caller_ids'],
  ['cid', 'caller_ids'],
  ['is_conversion', 'dispositions'],
  ['code', 'dispositions'],
  ['username', 'agents'],
  ['agent_id', 'agents'],
  ['campaign_id', 'campaigns'],
  ['team_id', 'teams'],
];

/** What is probably in a file: by its name, else by its first line. */
export async function guessContent(file: File): Promise<Content | undefined> {
  const stem = file.name.toLowerCase().replace(/\.(gz|csv|ndjson|jsonl?|parquet)/g, '');
  const named = tables.find((table) => stem === table);
  if (named) return named;
  if (/\.parquet$/i.test(file.name)) return undefined;
  const head = (await file.slice(0, 4096).text()).split('\n')[0] ?? '';
  return marks.find(([column]) => new RegExp(`(^|[,;\\t"{ ])${column}($|[,;\\t": \\r])`).test(head))?.[1];
}

const types: Record<string, string> = {
  csv: 'text/csv',
  ndjson: 'application/x-ndjson',
  jsonl: 'application/x-ndjson',
  json: 'application/json',
  parquet: 'application/vnd.apache.parquet',
};

/** Brings a file in. Throws what the server says. */
export async function bringIn(file: File, content: Content, timezone: string): Promise<Reconciliation> {
  const isPacked = /\.gz$/i.test(file.name);
  const ending = /\.(\w+)$/.exec(file.name.replace(/\.gz$/i, ''))?.[1]?.toLowerCase() ?? 'csv';
  const packed: Record<string, string> = isPacked ? { 'content-encoding': 'gzip' } : {};
  const send = (path: string, type: string, body: Blob) =>
    askJson<{ data: Reconciliation }>(path, { method: 'POST', headers: { 'content-type': type, ...packed }, body });
  if (!isOfSystem(content)) {
    const { data } = await send(`/api/telesales/ingest/${content}`, types[ending] ?? 'text/csv', file);
    return data;
  }
  const mapping = { ...(await systems[content].load()).default, timezone };
  const { data } = await send(
    '/api/telesales/ingest/mapped',
    'application/octet-stream',
    new Blob([JSON.stringify(mapping), '\n', file]),
  );
  return data;
}
