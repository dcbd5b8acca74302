/** The columns of relations as SQL, leaving out costly ones that a statement does not name. */
import { join, name, optional, type Sql, sql, without } from '../sql.ts';
import { type Given, type Relation, relations } from './relations.ts';

/** The SELECT list of a relation over a table; with what a scope gives, where a column is made with it. */
export function listColumns({ columns }: Relation, table: Sql, given?: Given): Sql {
  const items = Object.entries(columns).map(([column, { sql: made, takesLookUp }], index) => {
    const value = typeof made === 'function' ? given && made(given) : (made ?? sql`${table}.${name(column)}`);
    if (!value) throw new TypeError(`${column} is made with what a scope gives`);
    const item = sql`${index > 0 ? sql`, ` : sql``}${value} AS ${name(column)}`;
    return takesLookUp ? optional(column, item) : item;
  });
  return join(items, sql``);
}

const lookedUp = Object.values<Relation>(relations).flatMap(({ columns }) =>
  Object.keys(columns).filter((column) => columns[column]?.takesLookUp),
);

/** A statement without the columns of its scope's relations that take a look-up and that nothing else of it names. */
export function withNamedColumns(statement: Sql, scope: Record<string, Sql>): Sql {
  // A longer one may have a shorter one in it.
  const read = Object.values(scope).sort((a, b) => b.text.length - a.text.length);
  const beside = read.reduce((text, relation) => text.replaceAll(relation.text, ''), statement.text);
  return lookedUp
    .filter((column) => !new RegExp(`\\b${column}\\b`).test(beside))
    .reduce((rest, column) => without(rest, column), statement);
}
