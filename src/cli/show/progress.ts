/** The line that says how far something is. */
import { toPrintable } from './printable.ts';

/** One line on standard error that says how far something is; silent unless a person is watching. */
export interface Progress {
  show(text: string): void;
  /** Takes the line away. */
  clear(): void;
}

/** A progress line on a terminal, nothing anywhere else. */
export function openProgress(out: NodeJS.WriteStream = process.stderr): Progress {
  if (!out.isTTY) return { show: () => {}, clear: () => {} };
  let shownAt = 0;
  return {
    show(text) {
      if (Date.now() - shownAt < 100) return;
      shownAt = Date.now();
      out.write(`\r\x1b[2K${toPrintable(text).slice(0, (out.columns || 80) - 1)}`);
    },
    clear: () => void out.write('\r\x1b[2K'),
  };
}

/** How far the taking in of a file is: `calls.csv  1,200,000 rows  400,000 rows/s  3 s`. */
export function toPace(what: string, count: number, unit: string, sinceMs: number): string {
  const seconds = (Date.now() - sinceMs) / 1000;
  const pace = Math.round(count / Math.max(seconds, 0.1));
  return `${what}  ${grouped(count)} ${unit}  ${grouped(pace)} ${unit}/s  ${Math.round(seconds)} s`;
}

/** A whole number with commas between its thousands. */
export const grouped = (value: number) => value.toLocaleString('en-US');
