/** The rows of a table that are to come, of their size. */
import { Skeleton } from '@mantine/core';

/** Lines where rows will be. */
export const LoadingRows = () => (
  <div className="loading-rows">
    {['head', 'a', 'b', 'c', 'd', 'e', 'f', 'g'].map((key) => (
      <Skeleton key={key} height={18} />
    ))}
  </div>
);
