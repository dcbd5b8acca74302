import { createHmac, randomBytes } from 'node:crypto';
import { sql } from '../../sql.ts';
import type { Store } from '../../store/store.ts';
import { inTurn } from '../../store/turns.ts';
import { firstHashId } from '../names.ts';

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
  // The earlier of two keys has the larger version.
  const version = String(2n ** 63n - BigInt(Date.now()));
  await store.insert('hash_keys', [{ tenant_id: tenantId, key: randomBytes(32).toString('hex'), version }]);
  // Another server on the same store may have been quicker.
  const kept = await findKey(store, tenantId);
  if (kept === undefined) throw new Error('a key that was just kept is not there');
  return kept;
}

async function findKey(store: Store, tenantId: number): Promise<string | undefined> {
  const [found] = await store.query<{ key: string }>(
    sql`SELECT toString(key) AS key FROM hash_keys FINAL WHERE tenant_id = {tenant:UInt64}`.bind({ tenant: tenantId }),
    { lane: 'own', tenantId },
  );
  return found?.key;
}

// Fewer are an extension or a service.
const fewestDigits = 6;

// Between two numbers that stand in one text, such as lines.
const betweenNumbers = /[\p{Cc}\p{Zl}\p{Zp}]/u;

/** How phone numbers are written in a file. */
export interface PhoneForm {
  country_code?: string | undefined;
  dial_prefix?: string | undefined;
}

/** How the parts of a phone number's form are written: as JSON Schema has it, and as a sentence. */
export const phoneFormParts = {
  country_code: { pattern: '^[1-9][0-9]{0,3}$', rule: 'A country code is one to four digits, such as 84.' },
  dial_prefix: { pattern: '^[0-9*#]{1,10}$', rule: 'A prefix is up to ten digits, * or #.' },
} as const;

/** The digits of a phone number in one form, however it was written; undefined when it is none. */
export function toDigits(text: string, { country_code: country, dial_prefix: prefix }: PhoneForm): string | undefined {
  const dialed = prefix !== undefined && text.startsWith(prefix) ? text.slice(prefix.length) : text;
  const digits = dialed.replace(/[^0-9]/g, '');
  if (digits.length < fewestDigits || /[A-Za-z]/.test(dialed) || betweenNumbers.test(dialed)) return undefined;
  if (/^\s*[+]/.test(dialed)) return digits;
  if (digits.startsWith('00')) return digits.slice(2);
  if (country !== undefined && digits.startsWith('0')) return country + digits.slice(1);
  return digits;
}
