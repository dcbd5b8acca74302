/** Which number is opened, as the address says it: its report, row and column. */
import type { Report, Row } from '../api/types.ts';

/** A number whose calls are shown. */
export interface Opened {
  report: string;
  column: string;
  /** The row's key, by name. */
  key: Record<string, string>;
  /** That of the window it is compared with. */
  isBefore: boolean;
}

/** What tells a row from all others, as the address has it. */
export const keyOf = (report: Report, row: Row): Record<string, string> =>
  Object.fromEntries((report.parts[0]?.key ?? []).map((name) => [name, String(row[name])]));

const before = 'before';

/** An opened number as the address has it: `agent-performance:dials:agent_id=25`, with `:before` that of the other window. */
export function writeOpened({ report, column, key, isBefore }: Opened): string {
  const written = Object.entries(key).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return [report, column, ...written, ...(isBefore ? [before] : [])].join(':');
}

/** Reads what the address says; undefined of what says nothing. */
export function readOpened(text: string | undefined): Opened | undefined {
  const [report, column, ...rest] = text?.split(':') ?? [];
  if (!report || !column) return undefined;
  const isBefore = rest.at(-1) === before;
  try {
    const key = (isBefore ? rest.slice(0, -1) : rest).map((one) => [
      one.slice(0, one.indexOf('=')),
      decodeURIComponent(one.slice(one.indexOf('=') + 1)),
    ]);
    return { report, column, key: Object.fromEntries(key), isBefore };
  } catch {
    return undefined;
  }
}
