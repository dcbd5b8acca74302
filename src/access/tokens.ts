/** Tokens from their making to their end: held in memory so that a request costs no query, and shared between servers. */
import { createHash, randomBytes } from 'node:crypto';
import { type Static, Type } from 'typebox';
import { NotFound, StoreFull, TooManyTokens } from '../errors.ts';
import { closed, isoInstant, orNull, word } from '../shapes.ts';
import { type Sql, sql } from '../sql.ts';
import { isFull } from '../store/failures.ts';
import { tokens } from '../store/kept/access.ts';
import type { Store } from '../store/store.ts';
import { inTurn } from '../store/turns.ts';
import type { Revocations } from './revocations.ts';
import { type Principal, type Role, roles, type TokenKind, tokenKinds } from './roles.ts';

/** A token as an admin sees it, as JSON: everything but the token itself, which is kept nowhere. */
export const tokenSchema = closed({
  token_id: Type.Integer(),
  tenant_id: Type.Integer(),
  role: word(roles),
  team_id: orNull(Type.Integer()),
  agent_id: orNull(Type.Integer()),
  kind: word(tokenKinds, 'What carries it: a program, a browser that signed in, or a link that signs in once'),
  of_token_id: orNull(Type.Integer({ description: 'Of a session: the token that signed in, with which it ends' })),
  created_at: isoInstant(),
  expires_at: orNull(isoInstant()),
  revoked_at: orNull(isoInstant()),
});
/** A token as an admin sees it. */
export type TokenRecord = Static<typeof tokenSchema>;

/** A token that was just made, as JSON. */
export const madeTokenSchema = closed({ ...tokenSchema.properties, token: Type.String() });

/** What a new token is for. */
export interface NewToken {
  tenantId: number;
  role: Role;
  teamId?: number | undefined;
  agentId?: number | undefined;
  /** What carries it; a program unless said. */
  kind?: TokenKind;
  /** Of a session: the token that signed in. */
  ofTokenId?: number | undefined;
  /** Epoch milliseconds. */
  expiresAt?: number | undefined;
}

/** The tokens of all tenants. */
export interface Tokens {
  /** Whose token this is, or undefined when it is unknown, expired or revoked, or the token that it is a session of is. */
  find(token: string, now: number): Principal | undefined;
  /** Whether this was a good token until lately. */
  isKnown(token: string): boolean;
  /** The tokens of a tenant, or of all with 0, in the order of their ids: those that are good, then the newest that ended. */
  list(tenantId: number, limit: number, signal?: AbortSignal): Promise<TokenRecord[]>;
  /** Makes a token. It is given here, once. Throws TooManyTokens; of sessions and links, the oldest make room. */
  create(token: NewToken): Promise<{ token: string; record: TokenRecord }>;
  /**
   * Ends a token of a tenant (of any with 0) at once, also when that can't be written down just now: it is as soon as it can. Throws
   * NotFound; and StoreFull when a restart before then would forget it.
   */
  revoke(tenantId: number, tokenId: number): Promise<TokenRecord>;
  /** Ends a link, whose only use it is. Gives false when somebody was faster. */
  spend(tokenId: number): Promise<boolean>;
  /** The same as `find`, of a session or link that another server may have made a moment ago. */
  findLate(token: string, now: number): Promise<Principal | undefined>;
  /** Reads what was made and ended since the last time, by other servers on the same store too. */
  refresh(): Promise<void>;
  /** Tells of each token that is revoked, here or by another server; when one expires is known beforehand. Gives what stops it. */
  listen(onEnded: (tokenId: number) => void): () => void;
}

/** What the tokens work with. */
export interface TokensOptions {
  /** The instants of changes: never the same twice. */
  stamp(): number;
  now(): number;
  /** The tokens that a tenant may have at once, and each of them its sessions; those that ended don't count. */
  limit: number;
  /** What is kept of revocations that the store can't take. */
  revocations: Revocations;
}

type Stored = TokenRecord & { token_hash: string };

/** Whose work a query is: a tenant's, or with 0 the server's own. */
const ofTenant = (tenantId: number, signal?: AbortSignal) => ({
  ...(tenantId > 0 && { tenantId }),
  ...(signal && { signal }),
});

/** How a token begins, by what carries it: none can be used as another. */
const prefixes: Record<TokenKind, string> = { token: 'dt_', session: 'ds_', link: 'dl_' };

/** What carries a token, good or not; undefined of what is none. */
export const kindOfToken = (token: string): TokenKind | undefined =>
  tokenKinds.find((kind) => token.startsWith(prefixes[kind]));

/** Whether a token is a session or a link, good or not. */
const isOfBrowser = (token: string) => ['session', 'link'].includes(kindOfToken(token) ?? '');

const hash = (token: string) => createHash('sha256').update(token).digest('hex');

const columns = tokens.read(
  'tokens',
  'token_hash',
  'token_id',
  'tenant_id',
  'role',
  'team_id',
  'agent_id',
  'kind',
  'of_token_id',
  'created_at',
  'expires_at',
  'revoked_at',
);

/** The tokens of a tenant, or of all with 0. */
const tokensOf = (tenantId: number) => (tenantId === 0 ? tokens.ofEveryTenant : tokens.of(tenantId));

const isGood = (now: number): Sql =>
  sql`isNull(tokens.revoked_at) AND ifNull(tokens.expires_at > fromUnixTimestamp64Milli({now:Int64}, 'UTC'), true)`.bind(
    { now },
  );

// Whoever writes has read what was there just before: nothing older than a row comes in so long after it.
const settlingMs = 10_000;
const hourMs = 3_600_000;

/** Opens the tokens: those that are good are held in memory, so that a request costs no query. */
export async function openTokens(store: Store, { stamp, now, limit, revocations }: TokensOptions): Promise<Tokens> {
  const good = new Map<string, Stored>();
  const goodIds = new Map<number, Stored>();
  /** Tokens that ended here, by the version of that: what is read may be from before it. */
  const ended = new Map<string, number>();
  /** Revocations that are still to be written. */
  const unwritten = new Map<string, Stored>();
  const listeners = new Set<(tokenId: number) => void>();
  let lastId = 0;
  // Versions grow from change to change, whatever the clocks of several servers say.
  let [version, settled, next] = [0, 0, { version: 0, at: 0 }];

  function add(row: Stored): void {
    good.set(row.token_hash, row);
    goodIds.set(row.token_id, row);
  }

  function drop({ token_hash, token_id }: Stored): boolean {
    goodIds.delete(token_id);
    return good.delete(token_hash);
  }

  function end(row: Stored, at: number): void {
    ended.set(row.token_hash, at);
    if (!drop(row)) return;
    tellOfEnd(row.token_id);
    for (const other of [...good.values()]) if (other.of_token_id === row.token_id) tellOfEnd(other.token_id);
  }

  function tellOfEnd(tokenId: number): void {
    for (const tell of [...listeners]) {
      try {
        tell(tokenId);
      } catch {
        // A token that has ended has ended, whatever somebody who hears of it runs into.
      }
    }
  }

  /** Whether a token may be used: it, and the one that it is a session of. */
  function isGoodAt(at: number, { expires_at, of_token_id }: Stored): boolean {
    if (!isBefore(at, expires_at)) return false;
    if (of_token_id === null) return true;
    const parent = goodIds.get(of_token_id);
    return parent !== undefined && isBefore(at, parent.expires_at);
  }

  /** What has ended is kept in the store alone. */
  function sweep(): void {
    for (const row of good.values()) if (!isGoodAt(now(), row)) drop(row);
  }

  /** The oldest that make room for one more of their kind: a browser that signs in is never refused for others that did. */
  function toMakeRoom({ kind, tenant_id, of_token_id }: Stored): Stored[] {
    const its = [...good.values()]
      .filter((row) => row.kind === kind && row.tenant_id === tenant_id && row.of_token_id === of_token_id)
      .sort((one, other) => one.token_id - other.token_id);
    return its.slice(0, Math.max(0, its.length - limit + 1));
  }

  function find(token: string, at: number): Principal | undefined {
    const row = good.get(hash(token));
    if (!row || !isGoodAt(at, row)) return undefined;
    return {
      role: row.role,
      tenantId: row.tenant_id,
      tokenId: row.token_id,
      kind: row.kind,
      ...(row.team_id && { teamId: row.team_id }),
      ...(row.agent_id && { agentId: row.agent_id }),
    };
  }

  async function readAll(): Promise<void> {
    const [last = { id: 0, version: 0, madeAt: 0 }] = await store.query<{
      id: number;
      version: number;
      madeAt: number;
    }>(
      sql`SELECT max(token_id) AS id, toUInt64(max(tokens.version)) AS version,
        toUnixTimestamp64Milli(max(tokens.created_at)) AS madeAt FROM ${tokens.versions.ofEveryTenant} AS tokens`,
    );
    lastId = last.id;
    version = settled = last.version;
    next = { version, at: performance.now() };
    // What had expired an hour before the last one was made, for servers whose clocks differ: of those since then there are few.
    const kept = isGood(last.madeAt - hourMs);
    const statement = sql`SELECT ${columns} FROM ${tokens.ofEveryTenant} AS tokens WHERE ${kept}`;
    for await (const rows of store.stream<Stored>(statement)) for (const row of rows) add(row);
    for (const { token_hash, revoked_at } of revocations.left) {
      const row = good.get(token_hash);
      if (!row) continue;
      end(row, notYet);
      unwritten.set(token_hash, { ...row, revoked_at });
    }
    if (unwritten.size === 0) await revocations.clear().catch(() => {});
  }

  async function readChanges(): Promise<void> {
    const rows = await store.query<Stored & { at: number }>(
      sql`SELECT ${columns}, toUInt64(tokens.version) AS at FROM ${tokens.versions.ofEveryTenant} AS tokens WHERE tokens.version > {settled:UInt64}
        ORDER BY tokens.version DESC LIMIT 1 BY token_hash`.bind({ settled }),
    );
    for (const { at, ...row } of rows) {
      lastId = Math.max(lastId, row.token_id);
      version = Math.max(version, at);
      if (row.revoked_at !== null) end(row, at);
      else if (!ended.has(row.token_hash)) add(row);
    }
    if (performance.now() - next.at < settlingMs) return;
    sweep();
    settled = next.version;
    next = { version, at: performance.now() };
    for (const [key, at] of ended) if (at <= settled) ended.delete(key);
  }

  let reading: Promise<void> | undefined;
  let waiting: Promise<void> | undefined;
  /** One reading at a time; whoever asks while one runs gets the next, which begins after they asked. */
  function refresh(): Promise<void> {
    if (reading) {
      waiting ??= reading
        .catch(() => {})
        .then(() => {
          waiting = undefined;
          return refresh();
        });
      return waiting;
    }
    reading = readChanges().finally(() => {
      reading = undefined;
    });
    return reading;
  }

  async function write(rows: readonly Stored[]): Promise<number> {
    version = Math.max(stamp(), version + 1);
    const own = version;
    await tokens.add(
      store,
      rows.map((row) => ({ ...row, version: own })),
    );
    return own;
  }

  let writing: Promise<void> | undefined;
  /** Writes the revocations that are to be written, all that there are by then. */
  function writeRevocations(): Promise<void> {
    writing ??= inTurn(store, { what: 'tokens' }, async () => {
      writing = undefined;
      const rows = [...unwritten.values()];
      if (rows.length === 0) return;
      const at = await write(rows);
      for (const { token_hash } of rows) {
        unwritten.delete(token_hash);
        ended.set(token_hash, at);
      }
      if (unwritten.size === 0) await revocations.clear();
    });
    return writing;
  }

  async function revokeGood(row: Stored): Promise<TokenRecord> {
    const revoked = { ...row, revoked_at: new Date(stamp()).toISOString() };
    end(revoked, notYet);
    unwritten.set(row.token_hash, revoked);
    try {
      await writeRevocations();
    } catch (error) {
      const isKept = await revocations.keep({ token_hash: row.token_hash, revoked_at: revoked.revoked_at });
      // Other servers hear of it from the store alone.
      if (!isKept || store.engine !== 'embedded') throw isFull(error) ? new StoreFull(endedHere(row.token_id)) : error;
    }
    return toRecord(revoked);
  }

  async function findRow(tenantId: number, tokenId: number): Promise<Stored> {
    const [row] = await store.query<Stored>(
      sql`SELECT ${columns} FROM ${tokensOf(tenantId)} AS tokens WHERE tokens.token_id = {id:UInt64}`.bind({
        id: tokenId,
      }),
      ofTenant(tenantId),
    );
    if (!row) throw new NotFound(`There is no token ${tokenId}.`);
    return row;
  }

  await readAll();
  return {
    async refresh() {
      await refresh();
      // What can't be written yet is tried again the next time.
      if (unwritten.size > 0) await writeRevocations().catch(() => {});
    },
    find,
    async findLate(token, at) {
      const found = find(token, at);
      if (found || store.engine === 'embedded' || !isOfBrowser(token) || ended.has(hash(token))) return found;
      await refresh();
      return find(token, at);
    },
    isKnown(token) {
      const key = hash(token);
      return good.has(key) || ended.has(key);
    },
    async list(tenantId, most, signal) {
      const rows = await store.query<Stored>(
        sql`SELECT ${columns} FROM ${tokensOf(tenantId)} AS tokens
          ORDER BY ${isGood(now())} DESC, tokens.token_id DESC LIMIT {most:UInt32}`.bind({ most }),
        ofTenant(tenantId, signal),
      );
      return rows.sort((one, other) => one.token_id - other.token_id).map(toRecord);
    },
    // One change at a time: ids are given in order.
    create: ({ tenantId, role, teamId, agentId, kind = 'token', ofTokenId, expiresAt }) =>
      inTurn(store, { what: 'tokens', tenantId }, async () => {
        await refresh();
        sweep();
        const token = `${prefixes[kind]}${randomBytes(32).toString('base64url')}`;
        const row: Stored = {
          token_hash: hash(token),
          token_id: lastId + 1,
          tenant_id: tenantId,
          role,
          team_id: teamId ?? null,
          agent_id: agentId ?? null,
          kind,
          of_token_id: ofTokenId ?? null,
          created_at: new Date(stamp()).toISOString(),
          expires_at: expiresAt === undefined ? null : new Date(expiresAt).toISOString(),
          revoked_at: null,
        };
        const crowded = toMakeRoom(row);
        if (kind === 'token' && crowded.length > 0) throw new TooManyTokens(limit);
        const at = await write([row, ...crowded.map((other) => ({ ...other, revoked_at: row.created_at }))]);
        lastId = row.token_id;
        add(row);
        for (const other of crowded) end(other, at);
        return { token, record: toRecord(row) };
      }),
    async revoke(tenantId, tokenId) {
      const findGood = () => {
        const row = goodIds.get(tokenId);
        return row && (tenantId === 0 || row.tenant_id === tenantId) ? row : undefined;
      };
      const row = findGood();
      if (row) return revokeGood(row);
      // Another server may have made it a moment ago.
      await refresh();
      const late = findGood();
      if (late) return revokeGood(late);
      const found = await findRow(tenantId, tokenId);
      const revokedAt = unwritten.get(found.token_hash)?.revoked_at ?? found.revoked_at;
      return revokedAt === null ? revokeGood(found) : toRecord({ ...found, revoked_at: revokedAt });
    },
    async spend(tokenId) {
      // Another server may have ended it a moment ago.
      await refresh();
      const row = goodIds.get(tokenId);
      if (!row) return false;
      // It has ended before anything is waited for.
      await revokeGood(row);
      return true;
    },
    listen(onEnded) {
      // A listener of its own for each call, so that listening twice and stopping once leaves one.
      const own = (tokenId: number) => onEnded(tokenId);
      listeners.add(own);
      return () => void listeners.delete(own);
    },
  };
}

// A version that no row has: its revocation is still to be written.
const notYet = Number.POSITIVE_INFINITY;

const endedHere = (tokenId: number) =>
  `Token ${tokenId} is ended, at once. But the disk is full, and that could not be kept: it is written as soon as there is room. Make room, then end it again to be sure.`;

const isBefore = (now: number, end: string | null) => end === null || now < Date.parse(end);

/** What is written down of a token that was made: the change itself says the rest. */
export const toDetails = ({ token_id, role, team_id, agent_id, expires_at }: TokenRecord) => ({
  token_id,
  role,
  team_id,
  agent_id,
  expires_at,
});

function toRecord({ token_hash: _, ...row }: Stored): TokenRecord {
  return row;
}
