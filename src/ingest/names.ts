/** The ids of names: given once, and kept for good. */
import { cleanText } from '../clean-text.ts';
import { InvalidParams, TooManyNames } from '../errors.ts';
import { join, name, type Sql, sql } from '../sql.ts';
import { ingested } from '../store/door.ts';
import { nameMarks, names } from '../store/kept/ingest.ts';
import type { Store } from '../store/store.ts';
import { inTurn } from '../store/turns.ts';
import type { TableName } from '../tables.ts';
import type { NamedId } from './named-id.ts';

/** What may be known by a name elsewhere: each kind counts for itself. */
export const nameKinds = ['campaign', 'agent', 'team', 'lead'] as const;
/** One of them. */
export type NameKind = (typeof nameKinds)[number];

/** Where ids of a kind stand. One that is in use already is never given to a name. */
const columns: Record<NameKind, readonly (readonly [table: TableName, column: string])[]> = {
  campaign: [
    ['campaigns', 'campaign_id'],
    ['calls', 'campaign_id'],
    ['leads', 'campaign_id'],
  ],
  agent: [
    ['agents', 'agent_id'],
    ['calls', 'agent_id'],
  ],
  team: [
    ['teams', 'team_id'],
    ['agents', 'team_id'],
    ['calls', 'team_id'],
  ],
  lead: [
    ['leads', 'lead_id'],
    ['calls', 'lead_id'],
  ],
};

/** The first id that no name gets: from here on ids are hashes (`phone-hash.ts`), or the largest that a source made up itself. */
export const firstHashId = 2 ** 52;

const maxNameLength = 1000;

/** Whether a name has more characters than one may have. */
export function isTooLong(name: string): boolean {
  // A character has one or two units: most lengths tell it without counting.
  return name.length > maxNameLength && (name.length > 2 * maxNameLength || [...name].length > maxNameLength);
}

/**
 * How many names of a kind a tenant may have: more than any call centre has of them. They are kept for good, so a column of
 * ever new texts that is read as names by mistake would fill the disk.
 */
export const mostNames: Record<NameKind, number> = {
  campaign: 100_000,
  agent: 100_000,
  team: 100_000,
  lead: 5_000_000,
};

// A list of names travels as one bound value, which goes into a URL on its way to a server.
const [namesAtOnce, bytesAtOnce] = [1000, 32 * 1024];

/**
 * The ids of names, by the name as it was given. A name that is new gets the tenant's next free id, which is kept before
 * it is given out. Blank names have none. In any case, as MySQL compares: names that differ in case alone have one id, that
 * of the first that came. Throws InvalidParams for a name that is too long, TooManyNames when the tenant may have no more.
 */
export async function idsOf(
  store: Store,
  tenantId: number,
  kind: NameKind,
  names: readonly string[],
  { inAnyCase = false }: { inAnyCase?: boolean | undefined } = {},
): Promise<Map<string, number>> {
  const toKey = inAnyCase ? (text: string) => text.toLowerCase() : (text: string) => text;
  const trimmed = new Map(names.map((given) => [given, cleanText(given)]));
  const firsts = new Map<string, string>();
  for (const text of trimmed.values()) if (text !== '' && !firsts.has(toKey(text))) firsts.set(toKey(text), text);
  const wanted = [...firsts.values()];
  if (wanted.some(isTooLong)) {
    throw new InvalidParams([{ id: 'name_too_long', field: 'names', most: maxNameLength }]);
  }
  if (!wanted.every((text) => text.isWellFormed())) {
    throw new InvalidParams([{ id: 'name_with_half', field: 'names' }]);
  }
  const look = (some: readonly string[]) => find(store, tenantId, kind, some, inAnyCase ? toKey : undefined);
  const known = await look(wanted);
  if (known.size < wanted.length) {
    // Between looking and giving nobody else may give: one at a time, and each looks again.
    await inTurn(store, { what: 'names', tenantId }, async () => {
      const missing = wanted.filter((text) => !known.has(toKey(text)));
      for (const [key, id] of await look(missing)) known.set(key, id);
      const unknown = missing.filter((text) => !known.has(toKey(text)));
      for (const { name: text, id } of await give(store, tenantId, kind, unknown)) known.set(toKey(text), id);
    });
  }
  return new Map(
    [...trimmed].flatMap(([given, text]) => {
      const id = known.get(toKey(text));
      return id === undefined ? [] : [[given, id] as const];
    }),
  );
}

/** The names of a kind in the order of their ids, from the one after an id on. */
export function listNames(
  store: Store,
  tenantId: number,
  { kind, after = 0, limit }: { kind: NameKind; after?: number | undefined; limit: number },
): Promise<NamedId[]> {
  return store.query<NamedId>(
    sql`SELECT name, id FROM ${names.of(tenantId)} AS names WHERE kind = {kind:String} AND id > {after:UInt64}
      ORDER BY id LIMIT {limit:UInt32}`.bind({ kind, after, limit }),
  );
}

/** Whether a name has a control character in it, or half a character, which nobody could read in a report. */
export function isUnprintable(given: string): boolean {
  return !given.isWellFormed() || /\p{Cc}/u.test(cleanText(given));
}

/** The ids of names that have one; by a key of the name, when others with the same key are it as well. */
async function find(
  store: Store,
  tenantId: number,
  kind: NameKind,
  wanted: readonly string[],
  toKey?: (name: string) => string,
): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  const isIt = toKey
    ? sql`(name IN {names:Array(String)} OR lowerUTF8(name) IN {keys:Array(String)})`
    : sql`name IN {names:Array(String)}`;
  for (const some of inParts(wanted)) {
    const rows = await store.query<NamedId>(
      sql`SELECT name, id FROM ${names.of(tenantId)} AS names WHERE kind = {kind:String} AND ${isIt} ORDER BY id DESC`.bind(
        {
          kind,
          names: some,
          ...(toKey && { keys: some.map(toKey) }),
        },
      ),
      { lane: 'own', tenantId },
    );
    for (const row of rows) found.set(toKey?.(row.name) ?? row.name, row.id);
  }
  return found;
}

function* inParts(texts: readonly string[]): Generator<string[]> {
  let part: string[] = [];
  let bytes = 0;
  for (const text of texts) {
    const size = Buffer.byteLength(text) + 3;
    if (part.length === namesAtOnce || (part.length > 0 && bytes + size > bytesAtOnce)) {
      yield part;
      [part, bytes] = [[], 0];
    }
    part.push(text);
    bytes += size;
  }
  if (part.length > 0) yield part;
}

/** Gives each name the next id. The mark goes first: after a crash in between, some ids are skipped, none is given twice. */
async function give(store: Store, tenantId: number, kind: NameKind, unknown: readonly string[]): Promise<NamedId[]> {
  if (unknown.length === 0) return [];
  const count = await countNames(store, tenantId, kind);
  if (count + unknown.length > mostNames[kind]) throw new TooManyNames(kind, mostNames[kind]);
  const last = await findLastId(store, tenantId, kind);
  const ofOwn = { lane: 'own', tenantId } as const;
  const given = unknown.map((text, index) => ({ name: text, id: last + 1 + index }));
  if (last + given.length >= firstHashId) {
    throw new InvalidParams([{ id: 'no_ids_left', field: 'names', below: firstHashId, kind }]);
  }
  await nameMarks.add(store, [{ tenant_id: tenantId, kind, last_id: last + given.length }], ofOwn);
  await names.add(
    store,
    given.map((row) => ({ tenant_id: tenantId, kind, ...row })),
    ofOwn,
  );
  return given;
}

async function countNames(store: Store, tenantId: number, kind: NameKind): Promise<number> {
  const [found] = await store.query<{ count: number }>(
    sql`SELECT count() AS count FROM ${names.versions.of(tenantId)} AS names WHERE kind = {kind:String}`.bind({ kind }),
    { lane: 'own', tenantId },
  );
  return found?.count ?? 0;
}

async function findLastId(store: Store, tenantId: number, kind: NameKind): Promise<number> {
  const inTables: Sql[] = columns[kind].map(
    ([table, column]) => sql`SELECT max(${name(column)}) AS id FROM ${ingested[table].versions.of(tenantId)} AS rows
      WHERE ${name(column)} < {end:UInt64}`,
  );
  const inNames = sql`SELECT max(last_id) AS id FROM ${nameMarks.versions.of(tenantId)} AS marks WHERE kind = {kind:String}`;
  const [found] = await store.query<{ id: number }>(
    sql`SELECT max(id) AS id FROM (${join([...inTables, inNames], sql` UNION ALL `)})`.bind({
      kind,
      end: firstHashId,
    }),
    { lane: 'own', tenantId },
  );
  return found?.id ?? 0;
}
