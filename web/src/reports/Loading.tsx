/** What stands where numbers will be, of their size: nothing moves when they come. */
import { Skeleton } from '@mantine/core';
import { LoadingRows } from '../table/LoadingRows.tsx';
import { useWords } from '../words/spoken.tsx';

/** How high the pictures are on a page of their own; a table has none. */
const heights: Record<string, number> = { tiles: 200, line: 339, bars: 420, grid: 406, gauge: 126, table: 0 };

/** A picture and a table that are to come. */
export function Loading({ kind = 'table' }: { kind?: string }) {
  const words = useWords();
  const height = heights[kind] ?? 0;
  return (
    <output className="loading" aria-busy="true" aria-label={words.loading}>
      {height > 0 && <Skeleton height={height} mb={20} />}
      <LoadingRows />
    </output>
  );
}
