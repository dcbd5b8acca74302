/** Phone numbers as ids of leads: a keyed hash, whose key each tenant has for itself. */
import { createHmac, randomBytes } from 'node:crypto';
import { firstHashId } from '../../ingest/names.ts';
import { sql } from '../../sql.ts';
import { hashKeys } from '../../store/kept/ingest.ts';
import type { Store } from '../../store/store.ts';
import { inTurn } from '../../store/turns.ts';

/** A phone number as the id of a lead: the same number always gives the same id, and no id gives its number. */
export type HashPhone = (digits: string) => number;

/** The key of a tenant's hash: made once, at random, and kept in the store alone. */
export async function readHashKey(store: Store, tenantId: number): Promise<string> {
  return (
    (await findKey(store, tenantId)) ??
    (await inTurn(store, { what: 'hash keys', tenantId }, () => makeKey(store, tenantId)))
  );
}

/** The hash of a tenant. */
export async function openHash(store: Store, tenantId: number): Promise<HashPhone> {
  return toHash(await readHashKey(store, tenantId));
}

/** The hash by a key. */
export function toHash(key: string): HashPhone {
  const bytes = Buffer.from(key, 'hex');
  return (digits) => {
    const hash = createHmac('sha256', bytes).update(digits).digest();
    // 52 bits: the upper half of the ids that there are. The lower half is for names, and for sources that count.
    return firstHashId + Number(hash.readBigUInt64BE(0) >> 12n);
  };
}

async function makeKey(store: Store, tenantId: number): Promise<string> {
  const found = await findKey(store, tenantId);
  if (found !== undefined) return found;
  const key = randomBytes(32).toString('hex');
  await hashKeys.add(store, [{ tenant_id: tenantId, key, version: Date.now() }]);
  // Another server on the same store may have been quicker.
  const kept = await findKey(store, tenantId);
  if (kept === undefined) throw new Error('a key that was just kept is not there');
  return kept;
}

async function findKey(store: Store, tenantId: number): Promise<string | undefined> {
  const [found] = await store.query<{ key: string }>(
    sql`SELECT ${hashKeys.read('hashes', 'key')} FROM ${hashKeys.of(tenantId)} AS hashes`,
    { lane: 'own', tenantId },
  );
  return found?.key;
}
