/** A comparison as columns behind a report's own, for files: what each figure was in the other window, and its change. */
import { changeDigits, comparedColumns } from './change.ts';
import { unitOf } from './column-kinds.ts';
import { type Columns, change } from './columns.ts';
import type { ComparedAnswer } from './compare.ts';

/** For each figure that is compared, two columns: the other window's figure, and the change. */
export function columnsBeside(columns: Columns): Columns {
  const beside = comparedColumns(columns).flatMap(([name, column]): [string, Columns[string]][] => {
    const { label, unit = 'calls', better } = column;
    const mark = unitOf(column)?.change.mark ?? '';
    return [
      [`${name}_previous`, { ...column, label: `${label} before`, meaning: `${column.meaning}, in the other window` }],
      [
        `${name}_change`,
        change(`${label} change`, `${label} now and before: ${changeWords[mark]}`, changeDigits(column), unit, better),
      ],
    ];
  });
  return Object.fromEntries(beside);
}

const changeWords: Record<string, string> = {
  '%': 'the difference in per cent of what it was',
  s: 'the difference in seconds',
  min: 'the difference in minutes',
  pp: 'the difference in percentage points',
};

/** The rows of an answer and those that the other window alone has, with these columns. */
export function rowsBeside({ rows, gone, compared }: ComparedAnswer): Record<string, unknown>[] {
  return [...rows, ...gone].map((row, index) => {
    const { previous = {}, change = {} } = compared[index] ?? {};
    const beside = Object.keys(change).flatMap((name) => [
      [`${name}_previous`, previous[name]],
      [`${name}_change`, change[name]],
    ]);
    return { ...row, ...Object.fromEntries(beside) };
  });
}
