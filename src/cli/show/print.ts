/** What commands say to a person. Names that came from elsewhere can't move the cursor nor colour the screen. */
import { toPrintableLines } from './printable.ts';

/** Writes lines to standard output. */
export function print(lines: string): void {
  process.stdout.write(toPrintableLines(lines));
}

/** Writes lines to standard error. */
export function printError(lines: string): void {
  process.stderr.write(toPrintableLines(lines));
}
