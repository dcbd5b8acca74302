/** What stands where numbers will be, of their size: nothing moves when they come. */
import { Skeleton } from '@mantine/core';
import { useWords } from '../words/spoken.tsx';

/** A picture and a table that are to come. */
export function Loading() {
  const words = useWords();
  return (
    <output className="loading" aria-busy="true" aria-label={words.loading}>
      <Skeleton height={280} mb="md" />
      <LoadingRows />
    </output>
  );
}

/** The rows of a table that are to come. */
export const LoadingRows = () => ['a', 'b', 'c', 'd', 'e', 'f'].map((key) => <Skeleton key={key} height={28} mb={6} />);
