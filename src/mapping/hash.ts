import { createHmac, randomBytes } from 'node:crypto';
import { firstHashId } from '../ingest/names.ts';
import { sql } from '../sql.ts';
import { hashKeys } from '../store/kept/ingest.ts';
import type { Store } from '../store/store.ts';
import { inTurn } from '../store/turns.ts';

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

// Fewer are an extension or a service; more than E.164's, with its country, are two numbers, or none.
const [fewestDigits, mostDigits] = [6, 15];
// What stands between digits: one mark at most, with or without spaces. Two are a gap in something else.
const space = '[ \\u00a0\\u202f]*';
const between = `${space}(?:[-./\\u2010-\\u2015]${space})?`;
const digitsTo = (most: number) => `[0-9](?:${between}[0-9]){0,${most - 1}}`;
const inParentheses = (what: string) => `[(]${space}${what}${space}[)]`;
// One number as people and machines write it. Only what it begins with, and what comes after its country, stand in parentheses.
const begun = inParentheses(`[+]?${digitsTo(mostDigits)}`);
const area = inParentheses(digitsTo(7));
const oneNumber = new RegExp(
  `^(?:[+]?${digitsTo(6)}${between}${area}|${begun}(?:${between}${area})?|[+]?[0-9])(?:${between}[0-9])*${between}$`,
);
// Two groups of so many digits are two numbers.
const wholeNumber = /[0-9]{7,}/g;
// A whole number with something behind it: an extension, the end of a second one.
const withTail = /[0-9]{10}[^0-9]+[0-9]|(?:[.]0+){2}$/;

/**
 * The digits of one phone number in one form, however it was written; undefined when it is none, or more than one. Read are
 * `tel:`, what spreadsheets make of numbers (`="0901234567"`, `'0901234567`, `84901234567.0`), and a `(0)` that is not dialed
 * from abroad.
 */
export function toDigits(text: string, { country_code: country, dial_prefix: prefix }: PhoneForm): string | undefined {
  // No number is so long: whatever is, is not gone through.
  if (text.length > 100) return undefined;
  const [, inFormula, quoted, inAddress] = /^(?:="(.*)"|'(.*)|tel:(.*))$/i.exec(text) ?? [];
  const bare = inFormula ?? quoted ?? inAddress ?? text;
  const dialed = prefix !== undefined && bare.startsWith(prefix) ? bare.slice(prefix.length) : bare;
  const plain = dialed.trim().replace(/^([+]?[0-9](?:[ \u00a0]?[0-9]){5,})[.,]0+$/, '$1');
  if (!oneNumber.test(plain)) return undefined;
  const written = plain.replace(/^[(]\s*/, '').replace(/^([+].*|00.*)[(]0[)]/, '$1');
  const digits = written.replace(/[^0-9]/g, '');
  if (digits.length < fewestDigits || withTail.test(written)) return undefined;
  // Decimals, and a second number behind the first.
  if (/[0-9]{7}[.][0-9]{1,2}$/.test(written) || (written.match(wholeNumber)?.length ?? 0) > 1) return undefined;
  return toInternational(written, digits, country);
}

/** The digits with their country where it is known; undefined when they are more than any number has, or no country begins so. */
function toInternational(written: string, digits: string, country: string | undefined): string | undefined {
  const abroad = written.startsWith('+') ? digits : digits.startsWith('00') ? digits.slice(2) : undefined;
  const whole = abroad ?? (country !== undefined && digits.startsWith('0') ? country + digits.slice(1) : digits);
  return whole.length > mostDigits || abroad?.startsWith('0') ? undefined : whole;
}
