/** An answer beside another window: the report is asked of both, and its rows are compared. */
import { type ComparedWindows, compareWindows } from './compared-window.ts';
import { type ComparedRows, compareRows } from './comparison.ts';
import { lastCallAt } from './last-call.ts';
import { type Answer, answerInFull, type Desk, type FullAnswer, type Question, settle, withoutParts } from './run.ts';
import type { Window } from './scope.ts';

/** The most rows of either window: both are held in memory. */
export const maxComparedRows = 100_000;

/** An answer, and its rows beside another window. */
export interface ComparedAnswer extends Answer, ComparedRows {
  windows: ComparedWindows;
}

/**
 * Answers a question and asks the same of the window that it is compared with. Throws InvalidParams when either has too many
 * rows, and what `answer` throws.
 */
export async function answerCompared(
  question: Question,
  desk: Desk,
  mostRows = maxComparedRows,
): Promise<ComparedAnswer> {
  const { report, timezone, params, filters, compare } = question;
  if (!compare) throw new TypeError('the question names no window to compare with');
  const own = await answerInFull(question, desk, mostRows);
  const window = question.window ?? (await settle(question, desk)).asked.window;
  const { now, query, tenantId } = desk;
  // Of those that words name, none ends later.
  const isRunning = Math.max(window.to, compare.kind === 'given' ? compare.window.to : 0) > now;
  const last = isRunning ? await lastCallAt(query, tenantId, filters.campaignId, now + 1) : undefined;
  const windows = compareWindows(window, compare, timezone, { now, lastCallAt: last });
  const allOf = async (window: Window): Promise<FullAnswer['all']> =>
    window.from < window.to ? (await answerInFull({ ...withoutParts(question), window }, desk, mostRows)).all : [];
  // Of a window that still runs there may be later calls and leads, which the other one must not be held against.
  const current = windows.until === null ? own.all : await allOf(windows.current);
  const other = await allOf(windows.other);
  const { data, rows } = own;
  const all = { data: own.all, current, other };
  return { data, rows, windows, ...compareRows({ report, window, windows, timezone, params }, all) };
}
