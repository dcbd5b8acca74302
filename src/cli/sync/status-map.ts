/** The JSON file of `dialtally sync vicidial --map-file`. */
import type { ErrorObject } from 'ajv/dist/2020.js';
import { readOverrideKey } from '../../dialers/vicidial/outcome.ts';
import type { Place } from '../../document/fault.ts';
import { parseDocument } from '../../document/parse.ts';
import type { Schema } from '../../document/published.ts';
import { toFaults } from '../../document/schema-errors.ts';
import { DialtallyError } from '../../errors.ts';
import { fieldKinds } from '../../ingest/field-kinds.ts';
import { outcomes, type TableColumn, tables } from '../../tables.ts';
import { readGiven } from '../given-file.ts';

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
  const content = 'content' in parsed ? parsed.content : undefined;
  const faults = await faultsIn(content);
  if (faults.length > 0) {
    const told = [`--map-file ${path} can\u2019t be used:`, ...faults].join('\n  ');
    throw new DialtallyError('BAD_MAP_FILE', 422, told);
  }
  return { statuses: {}, campaigns: {}, ...(content as Partial<MapFile>) };
}

/** Each entry that can't be taken, with its place. */
async function faultsIn(content: unknown): Promise<string[]> {
  // Schemas take long to load: only who has such a file waits for them.
  const { Ajv2020 } = await import('ajv/dist/2020.js');
  const ajv = new Ajv2020({ allErrors: true, verbose: true, messages: false, multipleOfPrecision: 6 });
  ajv.addFormat('status', (name: string) => readOverrideKey(name) !== undefined);
  const isValid = ajv.compile(schema);
  if (isValid(withNumbers(content))) return [];
  // What is wrong with a name is told at its place already.
  const errors = (isValid.errors ?? []).filter(({ propertyName }) => propertyName === undefined);
  return toFaults(errors, content, toMessage).map(({ place, message }) =>
    place.length === 0 ? message : `${place.join('.')}: ${message}`,
  );
}

const closedObject = (properties: Record<string, Schema>) => ({
  type: 'object',
  properties,
  additionalProperties: false,
});

const schema = closedObject({
  statuses: { type: 'object', propertyNames: { format: 'status' }, additionalProperties: { enum: outcomes } },
  campaigns: closedObject(
    Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, toColumnSchema(column)])),
  ),
});

/** What a column of campaigns may hold: of the kinds of columns they have a few. */
function toColumnSchema({ kind, choices, max }: TableColumn): Schema {
  if (choices) return { enum: choices };
  if (kind === 'percent') return { type: 'number', minimum: 0, exclusiveMaximum: 100, multipleOf: 0.000_001 };
  return { type: 'integer', minimum: 1, maximum: max };
}

/** A file's content with numbers where it writes them as texts. */
const withNumbers = (content: unknown): unknown =>
  JSON.parse(JSON.stringify(content ?? null), (_name, value) =>
    typeof value === 'string' && /^\d{1,15}([.]\d{1,6})?$/.test(value) ? Number(value) : value,
  );

function toMessage({ keyword }: ErrorObject, place: Place): string {
  const [part, name] = place;
  if (part === undefined) return `It must hold JSON such as ${example}.`;
  if (part !== 'statuses' && part !== 'campaigns') return 'There may be statuses and campaigns.';
  if (name === undefined) return `It must be an object, such as in ${example}.`;
  if (keyword === 'propertyNames') return 'It must be a STATUS or a CAMPAIGN/STATUS.';
  if (part === 'statuses') return `It must be one of ${outcomes.join(', ')}.`;
  const column = Object.hasOwn(columns, name) ? columns[name] : undefined;
  return column ? `It ${fieldKinds[column.kind].reason(column)}.` : `There may be ${Object.keys(columns).join(', ')}.`;
}
