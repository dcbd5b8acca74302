import { createHash, randomBytes } from 'node:crypto';
import { NotFound } from '../errors.ts';
import { fromIso, sql, toIso } from '../sql.ts';
import type { Store } from '../store/store.ts';
import { inTurn } from '../store/turns.ts';
import type { Principal, Role } from './roles.ts';

/** A token as an admin sees it: everything but the token itself, which is kept nowhere. */
export interface TokenRecord {
  token_id: number;
  tenant_id: number;
  role: Role;
  team_id: number | null;
  agent_id: number | null;
  created_at: string;
  expires_at: string | null;
  revoked_at: string | null;
}

/** What a new token is for. */
export interface NewToken {
  tenantId: number;
  role: Role;
  teamId?: number | undefined;
  agentId?: number | undefined;
  /** Epoch milliseconds. */
  expiresAt?: number | undefined;
}

/** The tokens of all tenants. */
export interface Tokens {
  /** Whose token this is, or undefined when it is unknown, expired or revoked. */
  find(token: string, now: number): Principal | undefined;
  /** The tokens of a tenant, or of all with 0. */
  list(tenantId: number): TokenRecord[];
  /** Makes a token. It is given here, once. */
  create(token: NewToken): Promise<{ token: string; record: TokenRecord }>;
  /** Ends a token of a tenant (of any with 0) at once. Throws NotFound. */
  revoke(tenantId: number, tokenId: number): Promise<TokenRecord>;
  /** Looks whether other servers on the same store have changed any, and reads them again then. */
  look(): Promise<void>;
}

type Stored = Omit<TokenRecord, 'team_id' | 'agent_id'> & { token_hash: string; team_id: number; agent_id: number };

const hash = (token: string) => createHash('sha256').update(token).digest('hex');

/** Opens the tokens: all of them are held in memory, so that a request costs no query. */
export async function openTokens(store: Store, stamp: () => number): Promise<Tokens> {
  let byHash = new Map<string, Stored>();

  const refresh = async () => {
    const rows = await store.query<Stored>(
      sql`SELECT token_hash, token_id, tenant_id, role, team_id, agent_id,
          ${toIso(sql`tokens.created_at`)} AS created_at,
          ${toIso(sql`tokens.expires_at`)} AS expires_at,
          ${toIso(sql`tokens.revoked_at`)} AS revoked_at
        FROM tokens FINAL`,
      { lane: 'own' },
    );
    byHash = new Map(rows.map((row) => [row.token_hash, row]));
  };

  // All that was ever written of tokens, merged or not, as one text: when it is as it was, so are they.
  let seen = '';
  const look = async () => {
    const [found] = await store.query<{ state: string }>(
      sql`SELECT concat(toString(count()), ' ', toString(groupBitXor(cityHash64(token_hash, version)))) AS state FROM tokens`,
      { lane: 'own' },
    );
    if (!found || found.state === seen) return;
    await refresh();
    seen = found.state;
  };

  const write = async (row: Stored) => {
    await store.insert('tokens', [
      {
        ...row,
        created_at: fromIso(row.created_at),
        expires_at: fromIso(row.expires_at),
        revoked_at: fromIso(row.revoked_at),
        version: String(stamp()),
      },
    ]);
    byHash.set(row.token_hash, row);
  };

  await refresh();
  return {
    // In turn with this server's own changes, which an older answer would undo.
    look: () => inTurn(store, look),
    find(token, now) {
      const row = byHash.get(hash(token));
      if (!row || row.revoked_at !== null || (row.expires_at !== null && Date.parse(row.expires_at) <= now))
        return undefined;
      return {
        role: row.role,
        tenantId: row.tenant_id,
        tokenId: row.token_id,
        ...(row.team_id && { teamId: row.team_id }),
        ...(row.agent_id && { agentId: row.agent_id }),
      };
    },
    list: (tenantId) =>
      [...byHash.values()]
        .filter((row) => tenantId === 0 || row.tenant_id === tenantId)
        .sort((one, other) => one.token_id - other.token_id)
        .map(toRecord),
    // One change at a time: ids are given in order.
    create: ({ tenantId, role, teamId, agentId, expiresAt }) =>
      inTurn(store, async () => {
        await refresh();
        const token = `dt_${randomBytes(32).toString('base64url')}`;
        const row: Stored = {
          token_hash: hash(token),
          token_id: Math.max(0, ...[...byHash.values()].map((known) => known.token_id)) + 1,
          tenant_id: tenantId,
          role,
          team_id: teamId ?? 0,
          agent_id: agentId ?? 0,
          created_at: new Date(stamp()).toISOString(),
          expires_at: expiresAt === undefined ? null : new Date(expiresAt).toISOString(),
          revoked_at: null,
        };
        await write(row);
        return { token, record: toRecord(row) };
      }),
    revoke: (tenantId, tokenId) =>
      inTurn(store, async () => {
        await refresh();
        const isMeant = ({ token_id, tenant_id }: Stored) =>
          token_id === tokenId && (tenantId === 0 || tenant_id === tenantId);
        const row = [...byHash.values()].find(isMeant);
        if (!row) throw new NotFound(`There is no token ${tokenId}.`);
        const revoked = { ...row, revoked_at: row.revoked_at ?? new Date(stamp()).toISOString() };
        await write(revoked);
        return toRecord(revoked);
      }),
  };
}

function toRecord({ token_hash: _, ...row }: Stored): TokenRecord {
  return { ...row, team_id: row.team_id || null, agent_id: row.agent_id || null };
}
