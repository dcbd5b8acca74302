/** Phone numbers as people and machines write them, in one form. */
import type { PhoneForm } from '../language/phone-form.ts';

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
