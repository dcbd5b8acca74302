/** Signing out: the session ends on the server, and nothing of what it saw stays in the page. */
import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { ApiError, askJson } from '../api/client.ts';

/** Signs out. Whoever could not must know that they are still signed in. */
export function useSignOut(): () => Promise<void> {
  const answers = useQueryClient();
  return useCallback(async () => {
    // Nothing listens any more by the time that the session ends: it would be refused.
    const start = answers.getQueryData(['start']);
    answers.setQueryData(['start'], null);
    try {
      await askJson('/api/telesales/session', { method: 'DELETE' });
    } catch (error) {
      // A session that has ended already is signed out.
      if (!(error instanceof ApiError && error.status === 401)) {
        answers.setQueryData(['start'], start);
        return alert((error as Error).message);
      }
    }
    answers.clear();
    location.assign('/sign-in');
  }, [answers]);
}
