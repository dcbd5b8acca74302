/** What is wrong in a JSON file that somebody wrote, as a text. */
import { toPrintable } from './printable.ts';

/** The faults of a file, under its name. */
export function toFaultList(file: string, faults: readonly { path: string; message: string }[]): string {
  const head = `${toPrintable(file)}: ${faults.length === 1 ? 'one fault' : `${faults.length} faults`}\n`;
  return head + faults.map(({ path, message }) => `  ${path}\n    ${toPrintable(message)}\n`).join('');
}
