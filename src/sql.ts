/** A value that may be bound to a `{name:Type}` placeholder. Instants go in as epoch milliseconds (Int64) or ISO text. */
export type SqlValue = string | number | bigint | boolean | readonly (string | number | bigint)[];

declare const made: unique symbol;

/** A piece of SQL with the values of its `{name:Type}` placeholders. Made by `sql` and the functions beside it, and only by them. */
export interface Sql {
  readonly text: string;
  readonly params: Readonly<Record<string, SqlValue>>;
  /** The same SQL with these values bound. Throws when a name is bound to two different values. */
  bind(values: Record<string, SqlValue>): Sql;
  // What merely looks like one is none.
  readonly [made]: true;
}

class Piece implements Sql {
  declare readonly [made]: true;

  constructor(
    readonly text: string,
    readonly params: Readonly<Record<string, SqlValue>>,
  ) {}

  bind(values: Record<string, SqlValue>): Sql {
    return new Piece(this.text, merge(this.params, values));
  }
}

/**
 * Glues SQL to SQL. Plain JavaScript values are refused, so nothing can be injected: a value is written as a
 * ClickHouse placeholder (`{agent:UInt64}`) and given with `.bind({ agent })`.
 */
export function sql(strings: TemplateStringsArray, ...parts: Sql[]): Sql {
  let text = strings[0] ?? '';
  let params: Readonly<Record<string, SqlValue>> = {};
  for (const [index, part] of parts.entries()) {
    if (!(part instanceof Piece)) {
      throw new TypeError('sql: only SQL may be glued into SQL; bind a value with {name:Type} and .bind({ name })');
    }
    text += part.text + (strings[index + 1] ?? '');
    params = merge(params, part.params);
  }
  return new Piece(text, params);
}

/** Several pieces of SQL with a separator between them. */
export function join(parts: readonly Sql[], separator: Sql): Sql {
  const params = [...parts, separator].reduce((all, part) => merge(all, part.params), {});
  return new Piece(parts.map((part) => part.text).join(separator.text), params);
}

/** SQL that a statement has as long as nobody takes it out `without` its name: an item of a SELECT list, with its comma. */
export function optional(name: string, piece: Sql): Sql {
  return new Piece(`/*${name}?*/${piece.text}/*${name}*/`, piece.params);
}

/** The same SQL without what is optional under a name. */
export function without(statement: Sql, name: string): Sql {
  const piece = new RegExp(`/\\*${name}\\?\\*/.*?/\\*${name}\\*/`, 'gs');
  return new Piece(statement.text.replaceAll(piece, ''), statement.params);
}

/** A table or column name that our own code chose, as SQL. Throws on anything but letters, digits and `_`. */
export function name(identifier: string): Sql {
  if (!/^[a-z_][a-z0-9_]*$/i.test(identifier)) throw new TypeError(`sql: ${JSON.stringify(identifier)} is not a name`);
  return new Piece(identifier, {});
}

/** A column's type that our own code chose, as SQL. Throws on what no type looks like. */
export function type(declared: string): Sql {
  if (!/^[A-Z]\w*(\([\w\s,.'=()/-]*\))?$/i.test(declared))
    throw new TypeError(`sql: ${JSON.stringify(declared)} is not a type`);
  return new Piece(declared, {});
}

/** SQL from a file that ships with us, such as a migration. Nothing else comes as text. */
export function shipped(migration: string): Sql {
  return new Piece(migration, {});
}

/** Text that our own code chose (a reason, a unit), as a quoted SQL literal. Input is bound instead. */
export function sqlText(constant: string): Sql {
  return new Piece(quote(constant), {});
}

/** A whole number that our own code chose, as SQL. */
export function sqlInteger(constant: number | bigint): Sql {
  if (typeof constant === 'number' && !Number.isSafeInteger(constant)) throw new TypeError('sql: not a whole number');
  return new Piece(String(constant), {});
}

/** A whole number as a bound value, such as a placeholder `{at_1750000000000:Int64}`; equal ones share a placeholder. */
export function bound(kind: string, type: 'Int32' | 'Int64' | 'UInt64', value: number): Sql {
  const key = `${kind}_${String(value).replace('-', 'minus_')}`;
  return new Piece(`{${key}:${type}}`, { [key]: value });
}

/** An instant, in epoch milliseconds, as a bound DateTime64(3, 'UTC'). */
export const toInstant = (ms: number): Sql => sql`fromUnixTimestamp64Milli(${bound('at', 'Int64', ms)}, 'UTC')`;

/** A DateTime64(3, 'UTC') as ISO 8601 text with milliseconds and Z; NULL stays NULL. */
export function toIso(instant: Sql): Sql {
  return sql`concat(replaceOne(toString(${instant}), ' ', 'T'), 'Z')`;
}

/** A string as ClickHouse writes it between single quotes. */
export function quote(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

/** The names of the placeholders in a statement. */
export function placeholders(statement: string): string[] {
  return [...statement.matchAll(/\{([a-z_][a-z0-9_]*):/gi)].map((match) => match[1] ?? '');
}

function merge(
  left: Readonly<Record<string, SqlValue>>,
  right: Readonly<Record<string, SqlValue>>,
): Readonly<Record<string, SqlValue>> {
  for (const [key, value] of Object.entries(right)) {
    const other = left[key];
    if (other !== undefined && String(other) !== String(value)) {
      throw new TypeError(`sql: {${key}} is bound to two values`);
    }
  }
  return { ...left, ...right };
}
