/** What errors of ClickHouse mean to us: a full disk, too much memory or time, a store that is away. */
import { DialtallyError, QueryCanceled, QueryOverLimit, StoreFull, StoreUnavailable } from '../errors.ts';

/** The number of a ClickHouse error, from whichever client raised it, or undefined. */
export function clickhouseCode(error: unknown): number | undefined {
  const found = error as { code?: unknown; clickhouseCode?: unknown; message?: unknown };
  const code = found?.clickhouseCode ?? found?.code;
  if (typeof code === 'number') return code;
  if (typeof code === 'string' && /^\d+$/.test(code)) return Number(code);
  const match = /Code: (\d+)/.exec(String(found?.message ?? error));
  return match ? Number(match[1]) : undefined;
}

const canceled = new Set([394]); // QUERY_WAS_CANCELLED
const tooSlow = new Set([159, 160]); // TIMEOUT_EXCEEDED, TOO_SLOW
const tooBig = new Set([241, 173]); // MEMORY_LIMIT_EXCEEDED, CANNOT_ALLOCATE_MEMORY
// What the engine calls a write that fails, to whatever file it was: CANNOT_WRITE_TO_FILE and its kin. A row's own words are in none of them.
const writing = new Set([75, 76, 77, 88, 172, 204, 275, 294, 424, 425, 586, 641, 1000, 1001]);
const noSpace = /No space left on device|Disk quota exceeded|errno: (28|122)\b/;
const away =
  /ECONNREFUSED|ECONNRESET|EPIPE|ENOTFOUND|ETIMEDOUT|socket hang up|Timeout error|the store is closed|closed session/i;

/** Whether a write failed because the disk is full (or a quota on it), the engine's or a file's of our own. */
export function isFull(error: unknown): boolean {
  const { code: systemCode, message } = error as { code?: unknown; message?: unknown };
  if (error instanceof StoreFull || systemCode === 'ENOSPC' || systemCode === 'EDQUOT') return true;
  const code = clickhouseCode(error) ?? 0;
  // NOT_ENOUGH_SPACE
  return code === 243 || (writing.has(code) && noSpace.test(String(message)));
}

/** Whether a query was ended because it held more memory than it may: a smaller one holds less. */
export function isOverMemory(error: unknown): boolean {
  return error instanceof QueryOverLimit && tooBig.has(clickhouseCode(error.cause) ?? 0);
}

/** An engine's error as one of ours where a caller can act on it; any other stays as it is. */
export function toStoreError(error: unknown): unknown {
  if (error instanceof DialtallyError) return error;
  if (isFull(error)) return new StoreFull(undefined, { cause: error });
  const code = clickhouseCode(error);
  if (code !== undefined && canceled.has(code)) return new QueryCanceled({ cause: error });
  if (code !== undefined && tooSlow.has(code)) {
    return new QueryOverLimit('The query took longer than it may. Ask for a shorter window or fewer rows.', {
      cause: error,
    });
  }
  if (code !== undefined && tooBig.has(code)) {
    return new QueryOverLimit('The query needed more memory than it may. Ask for a shorter window.', { cause: error });
  }
  const { code: systemCode, message } = error as { code?: unknown; message?: unknown };
  if (away.test(`${String(systemCode)} ${String(message)}`)) return new StoreUnavailable(undefined, { cause: error });
  return error;
}
