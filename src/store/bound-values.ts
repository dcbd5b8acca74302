/** Values on their way into statements: all placeholders have one, and each is written as ClickHouse reads it. */
import { placeholders, type Sql, type SqlValue } from '../sql.ts';

/** Throws when a placeholder of the statement has no value, so that none of an earlier statement can be used instead. */
export function assertBound(statement: Sql): void {
  for (const name of placeholders(statement.text)) {
    if (statement.params[name] === undefined) throw new TypeError(`{${name}} has no value`);
  }
}

/** A value as ClickHouse reads it for a placeholder: text with its escapes, arrays in brackets. */
export function toParamText(value: SqlValue): string {
  if (typeof value === 'string') return escapeText(value);
  if (typeof value === 'object') {
    return `[${value.map((item) => (typeof item === 'string' ? `'${escapeText(item).replaceAll("'", "\\'")}'` : String(item))).join(',')}]`;
  }
  return String(value);
}

const escapes: Record<string, string> = {
  '\\': '\\\\',
  '\0': '\\0',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

function escapeText(value: string): string {
  return value.replace(/[\\\0\f\n\r\t\x08]/g, (character) => escapes[character] ?? character);
}
