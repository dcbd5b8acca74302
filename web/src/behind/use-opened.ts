/** The number that is opened: it is in the address, so that it can be sent to somebody, and back closes it. */
import { useCallback, useMemo } from 'react';
import type { Column, Report, Row } from '../api/types.ts';
import { useSearch, useSetSearch } from '../shell/address.ts';
import { keyOf, type Opened, readOpened, writeOpened } from './opened.ts';

/** The opened number, and how to open and close one. */
export function useOpened() {
  const search = useSearch();
  const setSearch = useSetSearch();
  const opened = useMemo(() => readOpened(search.open), [search.open]);
  const open = useCallback(
    (report: Report, row: Row, column: Column) =>
      setSearch({
        open: writeOpened({ report: report.name, column: column.name, key: keyOf(report, row), isBefore: false }),
      }),
    [setSearch],
  );
  const reopen = useCallback((next: Opened) => setSearch({ open: writeOpened(next) }, { replace: true }), [setSearch]);
  const close = useCallback(() => setSearch({ open: undefined }), [setSearch]);
  return { opened, open, reopen, close };
}
