/** What the engine makes of a statement: every name resolved, nothing optimised away. */
import { type Sql, sql } from '../src/sql.ts';
import type { Store } from '../src/store/store.ts';

/** A line of the engine's query tree, with what stands below it. */
export interface TreeNode {
  /** QUERY, TABLE, FUNCTION ..., or the name of a part such as WHERE. */
  kind: string;
  /** What the line says of a node: its names and flags. */
  facts: Record<string, string>;
  line: string;
  below: TreeNode[];
}

/** The tree of a SELECT. What no SELECT may hold (FORMAT, INTO OUTFILE, a second statement) is an error of the engine. */
export async function readTree(store: Store, select: Sql): Promise<TreeNode> {
  // The first pass resolves names; later ones optimise. A scalar sub-select stays below the constant that it becomes.
  const statement = sql`EXPLAIN QUERY TREE passes = 1 SELECT * FROM (${select}) AS told`;
  const rows = await store.query<{ explain: string }>(statement);
  const root = toTree(rows.map(({ explain }) => explain));
  const told = partOf(root, 'JOIN TREE')?.below[0];
  if (!told) throw new Error(`the engine told no tree of ${select.text}`);
  return told;
}

/** A part of a node, such as its WHERE. */
export const partOf = (node: TreeNode, part: string): TreeNode | undefined =>
  node.below.find(({ kind }) => kind === part);

/** A node and all below it, whatever their depth. */
export function* allBelow(node: TreeNode): Generator<TreeNode> {
  yield node;
  for (const child of node.below) yield* allBelow(child);
}

function toTree(lines: readonly string[]): TreeNode {
  const path: TreeNode[] = [];
  for (const text of lines.flatMap((line) => line.split('\n'))) {
    const line = text.trimStart();
    const depth = (text.length - line.length) / 2;
    const node = toNode(line);
    path[depth - 1]?.below.push(node);
    path.length = depth;
    path[depth] = node;
  }
  if (!path[0]) throw new Error('the engine told nothing');
  return path[0];
}

function toNode(line: string): TreeNode {
  const [, kind, rest = ''] = /^([A-Z_]+) (id: \d+.*)$/.exec(line) ?? [];
  const facts = Object.fromEntries(
    [...rest.matchAll(/(\w+): ([^,]*)/g)].map(([, name = '', value = '']) => [name, value]),
  );
  return { kind: kind ?? line, facts, line, below: [] };
}

/**
 * A query as text that is the same wherever it stands in a statement: without the numbers and aliases that the engine
 * gives its nodes, but with whose column each column is.
 */
export function toNormalText(query: TreeNode): string {
  const sources = new Map<string, number>();
  const numberOf = (id: string) => sources.get(id) ?? sources.set(id, sources.size).size - 1;
  const lines: string[] = [];
  const add = (node: TreeNode, depth: number) => {
    const { kind, facts, line } = node;
    const source = facts.source_id ?? (isSource.has(kind) ? facts.id : undefined);
    const plain = line
      .replace(/^([A-Z_]+) id: \d+/, '$1')
      .replace(/, (alias|is_subquery|is_cte|cte_name): [^,]*/g, '')
      .replace(/, source_id: \d+/, '');
    lines.push(`${' '.repeat(depth)}${plain}${source === undefined ? '' : ` #${numberOf(source)}`}`);
    for (const child of node.below) add(child, depth + 1);
  };
  add(query, 0);
  return lines.join('\n');
}

const isSource = new Set(['QUERY', 'UNION', 'TABLE', 'TABLE_FUNCTION', 'JOIN', 'CROSS_JOIN', 'ARRAY_JOIN']);
