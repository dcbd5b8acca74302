/** What is probably in a file: by its name, else by how it begins. A guess is shown, and may be mended. */

/** The tables of our own, in the order in which they are best brought in. */
export const tables = ['campaigns', 'teams', 'agents', 'dispositions', 'caller_ids', 'leads', 'calls'] as const;
/** One of them. */
export type TableName = (typeof tables)[number];

/** The exports of other systems that a shipped mapping reads, and what they are called. */
export const systems = {
  'asterisk-cdr-csv': 'Asterisk Master.csv (cdr_csv)',
  'asterisk-cdr-custom': 'Asterisk Master.csv (cdr_custom)',
  'freeswitch-cdr-csv': 'FreeSWITCH (mod_cdr_csv)',
  'freeswitch-json-cdr': 'FreeSWITCH (mod_json_cdr)',
  'twilio-bulk-export': 'Twilio Bulk Export',
} as const;
/** One of them. */
export type SystemName = keyof typeof systems;

/** What a file holds. */
export type Content = TableName | SystemName;

/** Whether it is an export of another system. */
export const isOfSystem = (content: Content): content is SystemName => Object.hasOwn(systems, content);

/** How a file is written, by its name. */
export type Format = 'csv' | 'ndjson' | 'json' | 'parquet';

const formats: Record<string, Format> = {
  csv: 'csv',
  txt: 'csv',
  ndjson: 'ndjson',
  jsonl: 'ndjson',
  json: 'json',
  parquet: 'parquet',
};

/** A file's name, taken apart. */
export interface NameParts {
  stem: string;
  /** Undefined: of a kind that is not taken, such as a workbook. */
  format: Format | undefined;
  isPacked: boolean;
}

/** Takes a file's name apart: `calls.csv.gz` are calls, as CSV, packed. */
export function partsOf(name: string): NameParts {
  const lower = name.toLowerCase();
  const isPacked = lower.endsWith('.gz');
  const [, stem = lower, ending] = /^(.*?)\.(\w+)$/.exec(isPacked ? lower.slice(0, -3) : lower) ?? [];
  const format = ending === undefined ? 'csv' : Object.hasOwn(formats, ending) ? formats[ending] : undefined;
  return { stem, format, isPacked };
}

// What only one table has, the surest first.
const marks: [column: string, table: TableName][] = [
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

/** What is probably in a file of this name that begins so. */
export function guessContent(stem: string, head: string): Content | undefined {
  const named = tables.find((table) => stem === table || stem.startsWith(`${table}-`) || stem.startsWith(`${table}_`));
  // Twilio names its files so as well, and says in every line whose they are.
  if (/"sid"\s*:\s*"CA/.test(head)) return 'twilio-bulk-export';
  if (/"(core-uuid|callflow)"\s*:/.test(head)) return 'freeswitch-json-cdr';
  if (named) return named;
  const first = head.split('\n')[0] ?? '';
  return guessHeaderless(first) ?? marks.find(([column]) => hasColumn(first, column))?.[1];
}

const hasColumn = (line: string, column: string) => new RegExp(`(^|[,;\\t"{ ])${column}($|[,;\\t": \\r])`).test(line);

const asteriskWords = new Set(['ANSWERED', 'NO ANSWER', 'BUSY', 'FAILED', 'CONGESTION']);

/** Call records that say no names of columns: where their words stand tells them apart. */
function guessHeaderless(line: string): SystemName | undefined {
  const fields = line
    .trim()
    .split(',')
    .map((field) => field.replace(/^"|"$/g, ''));
  // A caller's name may have a comma of its own, and moves what is behind it.
  const hasNear = (index: number) =>
    asteriskWords.has(fields[index] ?? '') || asteriskWords.has(fields[index + 1] ?? '');
  if (fields.length >= 16 && hasNear(14)) return 'asterisk-cdr-csv';
  if (fields.length >= 14 && hasNear(13)) return 'asterisk-cdr-custom';
  const hasCause = fields.slice(8, 11).some((field) => /^[A-Z]+(_[A-Z]+)+$/.test(field));
  return fields.length >= 13 && fields.length <= 16 && hasCause ? 'freeswitch-cdr-csv' : undefined;
}
