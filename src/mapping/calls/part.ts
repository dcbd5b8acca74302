/** What became of each line of a file: the parts that calls are made of. */
import type { Ties } from './ties.ts';

/** A row of ours that was made of a line of the file, with the line's counted values. */
export interface MadeRow {
  line: number;
  values: readonly string[];
  row: Record<string, string | number>;
  /** When its talk began, in milliseconds, where the mapping says how that is known. */
  talkFrom?: number;
}

/** A line that could not be taken: what was made of it all the same, and whether nothing is wrong but how the call went. */
export interface BadPart {
  line: number;
  row: Record<string, string | number>;
  isResultAlone: boolean;
}

/** A line that is left out unless it goes on with a call: `made` has nothing but seconds. */
export interface SkippedPart {
  because: string;
  made: MadeRow;
}

/** A line of the file. */
export type Line = { made: MadeRow } | { bad: BadPart } | { skipped: SkippedPart };

/** A line of the file with what ties it to others, when something more does than its key. */
export type TiedLine = Line & { ties?: Ties };

/** The id of a row, and when it began. */
export function idAndStart({ row, line }: Pick<MadeRow, 'row' | 'line'>): { id: string; at: number } {
  // One without an id is refused in the end.
  const id = row.call_id === undefined ? ` line ${line}` : String(row.call_id);
  return { id, at: Date.parse(String(row.started_at)) || 0 };
}
