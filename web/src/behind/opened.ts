/** Which number is opened: its report, row and column, in the address, so that back closes it. */
import { useCallback, useMemo } from 'react';
import type { Column, Report, Row } from '../api/types.ts';
import { useSearch, useSetSearch } from '../shell/address.ts';

/** A number whose calls are shown. */
export interface Opened {
  report: string;
  column: string;
  /** The row's key, by name. */
  key: Record<string, string>;
}

/** The opened number, and how to open and close one. */
export function useOpened() {
  const search = useSearch();
  const setSearch = useSetSearch();
  const opened = useMemo(() => readOpened(search.open), [search.open]);
  const open = useCallback(
    (report: Report, row: Row, column: Column) => setSearch({ open: writeOpened(report, row, column) }),
    [setSearch],
  );
  const close = useCallback(() => setSearch({ open: undefined }), [setSearch]);
  return { opened, open, close };
}

/** An opened number as the address has it: `agent-performance:dials:agent_id=25`. */
function writeOpened(report: Report, row: Row, column: Column): string {
  const key = report.parts[0]?.key ?? [];
  const written = key.map((name) => `${name}=${encodeURIComponent(String(row[name]))}`);
  return [report.name, column.name, ...written].join(':');
}

function readOpened(text: string | undefined): Opened | undefined {
  const [report, column, ...rest] = text?.split(':') ?? [];
  if (!report || !column) return undefined;
  try {
    const key = rest.map((one) => [
      one.slice(0, one.indexOf('=')),
      decodeURIComponent(one.slice(one.indexOf('=') + 1)),
    ]);
    return { report, column, key: Object.fromEntries(key) };
  } catch {
    return undefined;
  }
}
