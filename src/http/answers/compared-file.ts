/** A report beside another window as a file: its rows, and what its figures were there. */
import { answerCompared } from '../../engine/compare.ts';
import { columnsBeside, rowsBeside } from '../../engine/comparison-columns.ts';
import { type Comparison, toComparedWindow } from '../../engine/comparison-schema.ts';
import type { Question } from '../../engine/run.ts';
import type { AskedFile } from './export-file.ts';

/** What is different for a file whose rows are compared: its columns, its rows, and the window that they are compared with. */
export function comparedFile(question: Question): Pick<AskedFile, 'shown' | 'read' | 'compared'> {
  const { report } = question;
  let window: Comparison['window'] | undefined;
  return {
    shown: { ...report, columns: { ...report.columns, ...columnsBeside(report.columns) } },
    async *read(desk) {
      const answer = await answerCompared(question, desk);
      window = toComparedWindow(answer.windows);
      const rows = rowsBeside(answer);
      if (rows.length > 0) yield rows;
    },
    compared: () => window,
  };
}
