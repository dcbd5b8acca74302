import { readOverrideKey } from '../../dialers/vicidial/outcome.ts';
import { parseDocument } from '../../document/parse.ts';
import { DialtallyError } from '../../errors.ts';
import { fieldKinds } from '../../ingest/kinds.ts';
import { outcomes, type TableColumn, tables } from '../../tables.ts';
import { readGiven } from './find-files.ts';

/** What a tenant decided about statuses and campaigns, as its file has it. */
export interface MapFile {
  /** Outcomes by status, or by CAMPAIGN/STATUS. */
  statuses: Record<string, string>;
  /** Columns of campaigns that VICIdial lacks. */
  campaigns: Record<string, string | number>;
}

const example = '{"statuses": {"PDROP": "abandoned"}, "campaigns": {"abandon_basis": "live_answers"}}';

// What VICIdial says itself can't be set for all of its campaigns at once.
const { campaign_id: _id, name: _name, status: _status, ...settable } = tables.campaigns.columns;
const columns: Record<string, TableColumn> = settable;

/** Reads a file for `--map-file`. Throws BAD_MAP_FILE with every entry that can't be taken. */
export async function readMapFile(path: string): Promise<MapFile> {
  const parsed = parseDocument((await readGiven(path)).toString('utf8').replace(/^\ufeff/, ''));
  const found = 'content' in parsed ? parsed.content : undefined;
  if (!isObject(found)) throw bad(path, [`It must hold JSON such as ${example}.`]);
  const { statuses = {}, campaigns = {}, ...others } = found;
  const faults = [
    ...Object.keys(others).map((key) => `${key}: There may be statuses and campaigns.`),
    ...faultsIn('statuses', statuses, faultInStatus),
    ...faultsIn('campaigns', campaigns, faultInColumn),
  ];
  if (faults.length > 0) throw bad(path, faults);
  return { statuses, campaigns } as MapFile;
}

function faultsIn(
  place: string,
  entries: unknown,
  faultIn: (key: string, value: unknown) => string | undefined,
): string[] {
  if (!isObject(entries)) return [`${place}: It must be an object, such as in ${example}.`];
  return Object.entries(entries).flatMap(([key, value]) => {
    const fault = faultIn(key, value);
    return fault ? [`${place}.${key}: ${fault}`] : [];
  });
}

function faultInStatus(status: string, outcome: unknown): string | undefined {
  if (readOverrideKey(status) === undefined) return 'It must be a STATUS or a CAMPAIGN/STATUS.';
  return outcomes.some((one) => one === outcome) ? undefined : `It must be one of ${outcomes.join(', ')}.`;
}

function faultInColumn(name: string, value: unknown): string | undefined {
  const column = Object.hasOwn(columns, name) ? columns[name] : undefined;
  if (!column) return `There may be ${Object.keys(columns).join(', ')}.`;
  return isGood(column, String(value)) ? undefined : `It ${fieldKinds[column.kind].reason(column)}.`;
}

/** The same as the checks of rows that go in, for the few kinds that campaigns have: a file is judged before it is used. */
function isGood({ kind, choices, max = 1 }: TableColumn, text: string): boolean {
  if (kind === 'choice') return choices?.includes(text) ?? false;
  if (kind === 'percent') return /^\d{1,2}([.]\d{1,6})?$/.test(text);
  return /^\d{1,15}$/.test(text) && Number(text) >= 1 && Number(text) <= max;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const bad = (path: string, faults: readonly string[]) =>
  new DialtallyError('BAD_MAP_FILE', 422, [`--map-file ${path} can\u2019t be used:`, ...faults].join('\n  '));
