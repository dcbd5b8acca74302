/** What stands in the place of an answer until it is there, when it is not, and beside it when it is no longer of now. */
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { RowsAnswer } from '../api/types.ts';
import { Broken } from '../shell/Broken.tsx';
import { Stale } from './Stale.tsx';

interface AnsweredProps<Found extends RowsAnswer> {
  asked: UseQueryResult<Found>;
  /** Of the size of what comes. */
  waiting: ReactNode;
  children(answer: Found): ReactNode;
}

/** Shows an answer, or why there is none. */
export function Answered<Found extends RowsAnswer>({
  asked: { data, error, isPlaceholderData, dataUpdatedAt, refetch },
  waiting,
  children,
}: AnsweredProps<Found>) {
  const again = () => void refetch();
  if (!data) return error ? <Broken error={error} onAgain={again} /> : waiting;
  return (
    <>
      {error && <Stale at={dataUpdatedAt} error={error} onAgain={again} />}
      <div className="answered" data-old={isPlaceholderData || undefined} aria-busy={isPlaceholderData}>
        {children(data)}
      </div>
    </>
  );
}
