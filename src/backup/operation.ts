/** How the engine's BACKUP and RESTORE are run, watched, and told of when they fail. */
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { QueryCanceled } from '../errors.ts';
import { type Sql, sql, sqlText } from '../sql.ts';
import type { Store } from '../store/store.ts';
import { limits } from './contents.ts';

/** How far a backup or a restore is: what is being done, and bytes done of all. */
export type OnStep = (step: string, bytes?: { done: number; total: number }) => void;

interface State {
  status: string;
  error: string;
  done: number;
  total: number;
}

/** Runs BACKUP or RESTORE beside everything else, and gives the bytes of its files. Throws what the engine says. */
export async function runBeside(
  store: Store,
  statement: Sql,
  { step, onStep, signal }: { step: string; onStep: OnStep; signal?: AbortSignal | undefined },
): Promise<number> {
  const id = randomUUID();
  onStep(step);
  // Without ASYNC the one writer would be taken until the end, and no call could come in.
  await store.command(sql`${statement} SETTINGS id = ${sqlText(id)} ASYNC`, limits);
  let isKilled = false;
  for (;;) {
    const [state] = await store.query<State>(
      sql`SELECT status, error, uncompressed_size + bytes_read AS done, total_size AS total
        FROM system.backups WHERE id = {id:String}`.bind({ id }),
    );
    if (state?.status === 'BACKUP_CREATED' || state?.status === 'RESTORED') return state.total;
    if (!state || /FAILED|CANCELLED/.test(state.status)) {
      throw signal?.aborted ? new QueryCanceled() : new Error(state?.error);
    }
    if (signal?.aborted && !isKilled) {
      isKilled = true;
      await store.command(
        sql`KILL QUERY WHERE query_id = (SELECT query_id FROM system.backups WHERE id = {id:String}) ASYNC`.bind({
          id,
        }),
      );
    }
    onStep(step, { done: state.done, total: state.total });
    await wait(100);
  }
}

/** Why the engine or the system could not do it, in a few words. */
export function toReason(error: unknown): string {
  const { message, code } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || /No space left|NOT_ENOUGH_SPACE/.test(message)) return 'the disk is full';
  if (/^E(ACCES|PERM|ROFS)$/.test(code ?? '') || /Permission denied|Read-only file system/.test(message)) {
    return 'the user that the server runs as may not write there';
  }
  return (/DB::Exception: ([^\n]*)/.exec(message)?.[1] ?? message.split('\n', 1)[0] ?? '').slice(0, 200);
}
