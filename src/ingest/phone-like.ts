/** Which texts may be somebody's phone number, by their digits alone: in JavaScript and in SQL, alike. */
import { type Sql, sql, sqlInteger } from '../sql.ts';

const fewestDigits = 5;

/** Whether a text has as many digits as a phone number may have. */
export function mayBePhone(text: string): boolean {
  return text.replace(/[^0-9]/g, '').length >= fewestDigits;
}

/** The same of a text in SQL. */
export const mayBePhoneInSql = (text: Sql): Sql =>
  sql`(length(replaceRegexpAll(${text}, '[^0-9]', '')) >= ${sqlInteger(fewestDigits)})`;
