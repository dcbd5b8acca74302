/** The wall: what a statement reads, and calls, beside the relations that its scope handed out. */
import { withNamedColumns } from '../src/engine/named-columns.ts';
import type { Sql } from '../src/sql.ts';
import type { Store } from '../src/store/store.ts';
import { allBelow, partOf, readTree, type TreeNode, toNormalText } from './query-tree.ts';

/** Functions that reports may call on the rows of their scope: each is a function of its arguments and of nothing else. */
export const allowedFunctions: ReadonlySet<string> = new Set(
  `and or not xor equals notEquals less greater lessOrEquals greaterOrEquals in notIn isNull isNotNull like ilike notLike match
  plus minus multiply divide modulo negate intDiv intDivOrZero floor ceil abs sqrt least greatest
  if multiIf transform ifNull nullIf coalesce _CAST CAST toString toUInt8 toUInt32 toUInt64 toInt32 toInt64 toInt256 toFloat64 toDecimal64 toBool toDecimalString
  concat replaceOne leftPad lower upper trim length format substring position startsWith positionCaseInsensitiveUTF8 empty notEmpty
  toDate toDateTime64 toMonday toHour toDayOfWeek toYYYYMM toStartOfHour toStartOfDay toStartOfInterval addSeconds dateDiff formatDateTime
  toIntervalSecond toIntervalMinute toIntervalHour toIntervalDay toIntervalWeek
  fromUnixTimestamp64Milli toUnixTimestamp64Milli
  tuple tupleElement getSubcolumn array arrayElement arrayMap arrayFilter arraySort arraySum arrayConcat arrayJoin range indexOf has map sumMap
  count countIf sum sumIf min minIf max maxIf avg any argMin argMax uniqExact uniqExactIf groupArray groupArrayIf groupUniqArray
  quantileExact median stddevPop row_number rank lagInFrame`.split(/\s+/),
);
/** Functions that are tables: they make rows up, and read none. */
const allowedTableFunctions = new Set(['numbers']);
/** How many rows come at a time: the server's own addition to what it streams. */
const harmlessSettings = /^SETTINGS max_block_size=\d+$/;
/** What the engine reads where a SELECT has no FROM: one row, of nothing. */
const nothing = 'system.one';

/** What was found about a statement. */
export interface Verdict {
  /** Everything that is not the scope's; nothing when the wall holds. */
  leaks: string[];
  /** The names of the relations that it reads. */
  reads: string[];
}

/** Judges statements by the engine's own resolved tree. */
export interface Wall {
  /** Holds a statement against the relations that were handed out for it. `beside` are tables with a door of their own. */
  judge(statement: Sql, relations: Record<string, Sql>, beside?: readonly string[]): Promise<Verdict>;
}

/** Opens a wall on a store with all tables. It asks the engine once about each statement, and judges it once beside the same relations. */
export function openWall(store: Store): Wall {
  const trees = new Map<string, Promise<TreeNode>>();
  const treeOf = (statement: Sql) => remembered(trees, keyOf(statement), () => readTree(store, statement));
  const verdicts = new Map<string, Promise<Verdict>>();

  async function judge(statement: Sql, relations: Record<string, Sql>, beside: readonly string[]): Promise<Verdict> {
    let tree: TreeNode;
    try {
      tree = await treeOf(statement);
    } catch (error) {
      return { leaks: [`is no SELECT: ${(error as Error).message.slice(0, 300)}`], reads: [] };
    }
    // By their columns at first: a query's whole text is long.
    const handedOut = new Map<string | undefined, { name: string; text: string }[]>();
    for (const [name, relation] of formsOf(relations)) {
      // One that the text does not have can't be in the tree.
      if (!statement.text.includes(relation.text)) continue;
      const query = await treeOf(relation);
      const others = handedOut.get(columnsOf(query)) ?? [];
      handedOut.set(columnsOf(query), [...others, { name, text: toNormalText(query) }]);
    }
    const reads = new Set<string>();
    const leaks = new Set<string>();
    const tables: { table: TreeNode; query: TreeNode }[] = [];
    const look = (node: TreeNode, around: TreeNode) => {
      const isQuery = node.kind === 'QUERY' || node.kind === 'UNION';
      const alike = isQuery ? handedOut.get(columnsOf(node)) : undefined;
      const text = alike && toNormalText(node);
      const same = alike?.filter((relation) => relation.text === text) ?? [];
      for (const { name } of same) reads.add(name);
      if (same.length > 0) return;
      const leak = leakOf(node);
      if (leak) leaks.add(leak);
      if (node.kind === 'TABLE') tables.push({ table: node, query: around });
      for (const child of node.below) look(child, isQuery ? node : around);
    };
    look(tree, tree);
    for (const { table, query } of tables) {
      const name = nameOf(table);
      if (name === nothing || beside.includes(name)) continue;
      const theirs = await Promise.all(Object.values(relations).map(treeOf));
      leaks.add(`reads ${name} past its scope${missing(table, query, theirs)}`);
    }
    return { leaks: [...leaks], reads: [...reads] };
  }

  return {
    judge(statement, relations, beside = []) {
      const handedOut = Object.entries(relations).map(([name, relation]) => name + keyOf(relation));
      const key = [keyOf(statement), ...handedOut, ...beside].join('\n');
      return remembered(verdicts, key, () => judge(statement, relations, beside));
    },
  };
}

/** Relations in both of their forms: with the columns that take a look-up, and without. */
const formsOf = (relations: Record<string, Sql>): [name: string, form: Sql][] =>
  Object.entries(relations).flatMap(([name, relation]) => [
    [name, relation],
    [name, withNamedColumns(relation, { relation })],
  ]);

/** A statement with its values. */
export const keyOf = ({ text, params }: Sql): string => JSON.stringify([text, params]);

/** What was found out under a key, once. */
export function remembered<Value>(known: Map<string, Value>, key: string, find: () => Value): Value {
  const found = known.get(key) ?? find();
  known.set(key, found);
  return found;
}

const columnsOf = (query: TreeNode) =>
  partOf(query, 'PROJECTION COLUMNS')
    ?.below.map(({ line }) => line)
    .join();
const nameOf = ({ facts }: TreeNode) => facts.table_name?.replace(/^default\./, '') ?? '';

/** Nodes that read nothing by themselves; tables are looked at apart. */
const plainNodes = new Set(
  'QUERY UNION TABLE LIST COLUMN CONSTANT LAMBDA JOIN CROSS_JOIN ARRAY_JOIN SORT WINDOW INTERPOLATE'.split(' '),
);

function leakOf({ kind, facts, line }: TreeNode): string | undefined {
  if (/^SETTINGS\b/.test(line) && !harmlessSettings.test(line)) return `changes the engine's ${line}`;
  // Parts of a query, and the names and types of what it selects.
  if (facts.id === undefined || plainNodes.has(kind)) return undefined;
  if (kind === 'TABLE_FUNCTION') {
    const name = facts.table_function_name ?? '';
    return allowedTableFunctions.has(name) ? undefined : `reads the table function ${name}()`;
  }
  if (kind === 'FUNCTION') {
    const name = facts.function_name ?? '';
    return allowedFunctions.has(name)
      ? undefined
      : `calls ${name}(), which is not on the list of test/wall.ts; put it there if it depends on its arguments alone`;
  }
  return `holds what the wall does not know: ${line}`;
}

/** The conditions that the scope puts on a table and this read of it lacks, as words. */
function missing(table: TreeNode, query: TreeNode, relations: readonly TreeNode[]): string {
  const wanted = relations.flatMap((relation) => {
    const own = partOf(relation, 'JOIN TREE')?.below[0];
    return own && nameOf(own) === nameOf(table) ? conditionsOf(own, relation) : [];
  });
  const present = conditionsOf(table, query);
  const lacking = [...new Set(wanted)].filter((column) => !present.includes(column));
  return lacking.length > 0 ? `, without a condition on ${lacking.join(', ')}` : '';
}

/** The columns of a table that the WHERE of its query names. */
function conditionsOf({ facts: { id } }: TreeNode, query: TreeNode): string[] {
  const where = partOf(query, 'WHERE');
  const columns = where ? [...allBelow(where)].filter(({ facts }) => facts.source_id === id) : [];
  return columns.flatMap(({ facts }) => facts.column_name ?? []);
}
