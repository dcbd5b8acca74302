/** Helps authors of reports: says what a statement could have named where it names a column that is not there. */
import { didYouMean } from '../document/suggestion.ts';
import type { Sql } from '../sql.ts';
import { type Relation, relations } from './relations.ts';
import type { Report } from './report.ts';

// ClickHouse: UNKNOWN_IDENTIFIER, with the whole statement behind it.
const unknown = /Unknown [a-z ]+ identifier `([\w.]+)`|Identifier '([\w.]+)' cannot be resolved from/;

/**
 * An error of the engine about a column that a statement names and that is not there, in words for whoever writes the
 * report. Any other error stays as it is.
 */
export function explainUnknownColumn(
  error: unknown,
  { statement, scope, report }: { statement: Sql; scope: Record<string, Sql>; report: Report },
): unknown {
  const [, plain, qualified] = unknown.exec(String((error as Error)?.message)) ?? [];
  const identifier = plain ?? qualified;
  if (identifier === undefined) return error;
  const column = identifier.slice(identifier.lastIndexOf('.') + 1);
  const alias = identifier.includes('.') ? identifier.slice(0, identifier.lastIndexOf('.')) : undefined;
  const read = readsOf(statement, scope).map(({ name, as }) => ({ name, as, relation: relationOf(report, name) }));
  if (alias !== undefined && read.length > 0 && !read.some(({ as }) => as === alias) && !Object.hasOwn(scope, alias)) {
    const own = `"${alias}", which the statement makes itself, has no column "${column}".`;
    return new TypeError(`${report.name}: ${own}`, { cause: error });
  }
  const named = read.filter(({ as }) => as === alias);
  const among = named.length > 0 ? named : read;
  const nearest = didYouMean(column, [...new Set(among.flatMap(({ relation }) => Object.keys(relation.columns)))]);
  const there = [
    ...new Set(among.map(({ name, relation }) => `${name} has ${Object.keys(relation.columns).join(', ')}.`)),
  ];
  const what = named[0]
    ? `${named[0].name} has no column "${column}".`
    : read.length === 0
      ? `nothing that it reads is called "${alias ?? ''}": write FROM \${calls} AS calls.`
      : `nothing that it reads has a column "${identifier}".`;
  return new TypeError(`${report.name}: ${what}${nearest} ${there.join(' ')} See docs/relations.md.`, { cause: error });
}

function relationOf(report: Report, name: string): Relation {
  const of = report.wider[name]?.of ?? (name as keyof typeof relations);
  return relations[of];
}

/** The relations that a statement reads, and under which names. */
function readsOf(statement: Sql, scope: Record<string, Sql>): { name: string; as: string }[] {
  // A longer one may have a shorter one in it.
  const relations = Object.entries(scope).sort(([, a], [, b]) => b.text.length - a.text.length);
  let { text } = statement;
  return relations.flatMap(([name, relation]) => {
    const [, ...behind] = text.split(relation.text);
    text = text.replaceAll(relation.text, '');
    return behind.flatMap((rest) => {
      const as = /^\s+(?:AS\s+)?(\w+)/i.exec(rest)?.[1];
      return as ? [{ name, as }] : [];
    });
  });
}
